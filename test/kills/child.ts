/** The process that is to die: plays the engine over the handlers as the compiled package has them. Started by harness.ts. */
import { createRequire } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import { messageOf } from "../../provider/values/errors";
import * as environment from "../../provider/host/environment";
import * as opening from "../../provider/engine/open-host";
import { removeAll } from "../../provider/orphans/remove";
import { sorted } from "../../provider/orphans/sort";
import { knownBy } from "../../provider/orphans/stacks";
import { thingsOn } from "../../provider/orphans/survey";
import { nameOf } from "../../provider/orphans/thing";
import { Engine, exported, type Providers, type Saved } from "./engine";
import { scenarios, type Site, type Variant } from "./programs";

/** One run of the engine. */
export interface Step {
  readonly verb: "up" | "refresh" | "destroy" | "preview" | "orphans";
  readonly scenario: string;
  readonly variant: Variant;
}

export interface Order extends Step {
  /** The number of the write, from 1 on, right after which something dies. */
  readonly fatal?: number;
  /** What dies: this process, or the daemon (its process id), whose end this process may survive. */
  readonly dies?: "self" | number;
}

export interface Answer {
  readonly ok: boolean;
  /** What was done, or would be. */
  readonly done: readonly string[];
  readonly failure?: string;
  /** Each write, in order. */
  readonly writes: readonly string[];
}

export interface ChildSite extends Site {
  readonly stateFile: string;
}

const site = JSON.parse(process.env["KVM_DEPLOY_KILLS_SITE"] ?? "{}") as ChildSite;
let order: Order | undefined;
let writes: string[] = [];

function afterWrite(what: string): void {
  writes.push(what);
  if (order?.fatal !== writes.length) return;
  // At once, before anything else of this process can go on.
  process.kill(order.dies === undefined || order.dies === "self" ? process.pid : order.dies, "SIGKILL");
}

const { hostsWith } = opening;
/** Behind what the provider itself observes. */
const observedHosts: typeof hostsWith = (observer) =>
  hostsWith({
    ...observer,
    after: (write) => {
      observer.after?.(write);
      afterWrite(write.what);
    },
  });
const openHost = observedHosts({});
Object.assign(opening, { hostsWith: observedHosts, openHost });

const state = {
  read: () => JSON.parse(readFileSync(site.stateFile, "utf8")) as Saved[],
  write: (resources: readonly Saved[]) => writeFileSync(site.stateFile, JSON.stringify(resources)),
};

/** A provider's process lives as long as one run of the engine: each starts anew. */
function freshProviders(): Providers {
  for (const file of Object.keys(require.cache))
    if (/\/provider\/index\.js$/.test(file)) Reflect.deleteProperty(require.cache, file);
  return createRequire(__filename)("../../provider/index") as Providers;
}

/** The engine has ended in peace: it tells its provider so, which ends by itself. */
function endInPeace(): Promise<void> {
  return new Promise((resolve) => {
    const exit = process.exit.bind(process);
    process.exit = (() => {
      process.exit = exit;
      process.removeAllListeners("SIGINT");
      resolve();
    }) as typeof process.exit;
    process.emit("SIGINT");
  });
}

async function play({ verb, scenario, variant }: Step): Promise<readonly string[]> {
  if (verb === "orphans") return removeOrphans();
  const engine = new Engine(freshProviders(), state);
  const program = scenarios.find(({ name }) => name === scenario)?.program(variant, site) ?? [];
  try {
    if (verb === "refresh") return await engine.refresh();
    if (verb === "destroy") return await engine.destroy();
    return await engine[verb](program);
  } finally {
    await endInPeace();
  }
}

async function removeOrphans(): Promise<readonly string[]> {
  const host = openHost(site.connection);
  const { orphans } = sorted(await thingsOn(host), knownBy(exported(state.read()), "the state"), false);
  const base = { host: openHost, defaultConnection: environment.defaultConnection(), progress: () => undefined };
  const contextFor = (owner: { urn: string; identity: string }) => ({
    ...{ ...owner, ...base, warn: () => undefined, debug: () => undefined, signal: new AbortController().signal },
  });
  const removals = await removeAll(orphans, host, contextFor, () => undefined);
  const failures = removals.flatMap(({ thing, failure }) =>
    failure === undefined ? [] : [`${nameOf(thing)}: ${failure}`],
  );
  if (failures.length > 0) throw new Error(failures.join("; "));
  return removals.map(({ thing }) => `remove ${nameOf(thing)}`);
}

process.on("message", (received: Order) => {
  order = received;
  writes = [];
  void play(received).then(
    (done) => process.send?.({ ok: true, done, writes } satisfies Answer),
    (error: unknown) => process.send?.({ ok: false, done: [], failure: messageOf(error), writes } satisfies Answer),
  );
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
