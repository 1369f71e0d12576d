import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import ts from "typescript";
import { temporaryDirectory } from "../../provider/host/environment";
import { root } from "../site";
import type { Answer, Order, Step } from "./child";
import { type Lane, startLane } from "./lane";
import { differences, type Listing, listingOf } from "./listing";
import type { Change, Scenario, Variant } from "./programs";
import { makeTwins } from "./twins";

/** What dies: the program, the libvirt daemon, or the whole host. */
export type Death = "program" | "daemon" | "host";
export const deaths: readonly Death[] = ["program", "daemon", "host"];

/** What is done afterwards. */
export const followUps = ["up", "refresh and up", "put back", "dropped", "destroy"] as const;
export type FollowUp = (typeof followUps)[number];

/** One death, and what comes after it. */
export interface Point {
  readonly scenario: Scenario;
  readonly change: Change;
  readonly write: number;
  readonly of: number;
  readonly what: string;
  readonly followUp: FollowUp;
  readonly death: Death;
}

export function titleOf({ scenario, change, write, of, what, followUp, death }: Point): string {
  return `${scenario.name}, ${change}: the ${death} dies behind write ${write} of ${of} (${what}), then ${followUp}`;
}

/** The variants before and after a change. */
const variantsOf: Readonly<Record<Change, readonly [Variant, Variant]>> = {
  create: ["around", "old"],
  update: ["old", "new"],
  delete: ["old", "around"],
};

/** Those that mean something else than another one. */
const followUpsOf: Readonly<Record<Change, readonly FollowUp[]>> = {
  create: ["up", "refresh and up", "dropped", "destroy"],
  update: followUps,
  delete: ["up", "refresh and up", "put back", "destroy"],
};

function followUpsFor({ isOneWay, isErasing }: Scenario, change: Change): readonly FollowUp[] {
  if (change !== "update") return followUpsOf[change];
  const impossible: readonly FollowUp[] = isErasing ? ["put back", "dropped"] : isOneWay ? ["put back"] : [];
  return followUpsOf[change].filter((followUp) => !impossible.includes(followUp));
}

/** Programs as plain JavaScript, beside the compiled package: a process of them is up in a third of the time. */
function compileChild(): string {
  const place = path.join(root, ".cache/kills", String(process.pid));
  const target = path.join(place, "test/kills");
  mkdirSync(target, { recursive: true });
  for (const name of ["child", "engine", "programs"]) {
    const text = readFileSync(path.join(__dirname, `${name}.ts`), "utf8");
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2023,
        useDefineForClassFields: false,
      },
    });
    writeFileSync(path.join(target, `${name}.js`), outputText);
  }
  try {
    symlinkSync("../../../dist/provider", path.join(place, "provider"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return path.join(target, "child.js");
}

/** A process of the program under test. */
class Child {
  private readonly process: ChildProcess;
  private readonly isReady: Promise<unknown>;

  constructor(file: string, lane: Lane) {
    const env = {
      ...process.env,
      KVM_DEPLOY_CONNECTION: lane.site.connection,
      KVM_DEPLOY_KILLS_SITE: JSON.stringify(lane.site),
      NODE_COMPILE_CACHE: path.join(root, ".cache/kills/compiled"),
    };
    this.process = fork(file, [], { env, execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.isReady = once(this.process, "message");
  }

  /** @returns undefined when it has died of it */
  async play(order: Order): Promise<Answer | undefined> {
    await this.isReady;
    const answered = once(this.process, "message").then(([answer]) => answer as Answer);
    const died = once(this.process, "exit").then(() => undefined);
    this.process.send(order);
    return Promise.race([answered, died]);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, "exit");
    this.process.disconnect();
    await exited;
  }
}

interface Expected {
  readonly listing: Listing;
  /** Those of the change that leads to it, in order. */
  readonly writes: readonly string[];
}

export interface Outcome {
  readonly point: Point;
  /** What is wrong; empty when all is right. */
  readonly faults: readonly string[];
}

/** Plays points in one lane. */
export class Harness {
  private readonly file = compileChild();
  private readonly expected = new Map<string, Expected>();
  private base: Listing = [];

  private constructor(
    private lane: Lane,
    private readonly secret: string,
  ) {}

  static async start(number: number): Promise<Harness> {
    const secret = randomBytes(4).toString("hex");
    const harness = new Harness(await startLane(number, secret), secret);
    await harness.begin();
    return harness;
  }

  private async begin(): Promise<void> {
    await makeTwins(this.lane);
    this.base = await listingOf(this.lane);
  }

  stop(): Promise<void> {
    return this.lane.stop();
  }

  /** All points of a scenario's change. */
  async pointsOf(scenario: Scenario, change: Change, death: Death): Promise<Point[]> {
    const { writes } = await this.expectation(scenario, ...variantsOf[change]);
    return writes.flatMap((what, index) =>
      followUpsFor(scenario, change).map((followUp) => ({
        ...{ scenario, change, write: index + 1, of: writes.length, what: shortened(what, this.lane), followUp, death },
      })),
    );
  }

  async play(point: Point): Promise<Outcome> {
    const faults: string[] = [];
    const { scenario, change } = point;
    const [from, to] = variantsOf[change];
    const wanted =
      point.followUp === "destroy" ? this.base : (await this.expectation(scenario, ...wayTo(point))).listing;
    const victim = await this.die(point, from, to, faults);
    const survivor = new Child(this.file, this.lane);
    try {
      const target = targetOf(point);
      // What no state has may be in the way of a destroy: it tells so, and the orphans go first.
      const isFirst = point.followUp === "destroy" && (await survivor.play(stepOf(point, "destroy")))?.ok !== true;
      if (isFirst) await this.expectOk(survivor, stepOf(point, "orphans"), faults);
      for (const verb of verbsOf[point.followUp]) await this.expectOk(survivor, stepOf(point, verb), faults);
      const preview = await survivor.play({ verb: "preview", scenario: scenario.name, variant: target });
      if (preview?.ok !== true) faults.push(`the preview fails: ${preview?.failure ?? "died"}`);
      else if (preview.done.length > 0 && point.followUp !== "destroy")
        faults.push(`the preview is not empty: ${preview.done.join(", ")}`);
      faults.push(...differences(wanted, await listingOf(this.lane)));
      await this.clean(survivor, faults, point);
    } finally {
      await survivor.end();
    }
    faults.push(...(await this.leftProcesses()), ...leftOf(victim).map((name) => `a temporary file is left: ${name}`));
    return { point, faults };
  }

  /** @returns the process id of what died, or was there when the daemon did */
  private async die(point: Point, from: Variant, to: Variant, faults: string[]): Promise<number> {
    const { scenario, death, write } = point;
    const victim = new Child(this.file, this.lane);
    if (from !== "around" || hasAround(scenario))
      await this.expectOk(victim, { verb: "up", scenario: scenario.name, variant: from }, faults);
    const dies = death === "daemon" ? this.lane.daemonPid() : "self";
    const answer = await victim.play({ verb: "up", scenario: scenario.name, variant: to, fatal: write, dies });
    if (death !== "daemon" && answer !== undefined) faults.push("it did not die");
    await victim.end();
    if (death === "daemon") await this.lane.startDaemon();
    if (death === "host") {
      for (const name of leftOf(victim.pid)) rmSync(path.join(temporaryDirectory(), name), { recursive: true });
      await this.lane.reboot();
    }
    return victim.pid;
  }

  private async expectOk(child: Child, order: Order, faults: string[]): Promise<void> {
    const answer = await child.play(order);
    const what = order.verb === "up" ? `up (${order.variant})` : order.verb;
    if (answer === undefined) faults.push(`${what} died`);
    else if (!answer.ok) faults.push(`${what} fails: ${answer.failure ?? ""}`);
  }

  /** Takes all away again; where that leaves something, the lane begins anew. */
  private async clean(child: Child, faults: string[], { scenario }: Point): Promise<void> {
    await this.expectOk(child, { verb: "destroy", scenario: scenario.name, variant: "around" }, faults);
    const left = differences(this.base, await listingOf(this.lane));
    if (left.length === 0) return;
    if (faults.length === 0) faults.push(...left.map((line) => `after the last destroy: ${line}`));
    await this.lane.stop();
    this.lane = await startLane(this.lane.number, this.secret);
    await this.begin();
  }

  /** A run without a death. */
  private async expectation(scenario: Scenario, from: Variant, to: Variant): Promise<Expected> {
    const key = `${scenario.name} ${from} ${to}`;
    const known = this.expected.get(key);
    if (known !== undefined) return known;
    const child = new Child(this.file, this.lane);
    const play = async (verb: Step["verb"], variant: Variant) => {
      const answer = await child.play({ verb, scenario: scenario.name, variant });
      if (answer?.ok !== true) throw new Error(`${key}: ${verb} without a death fails: ${answer?.failure ?? "died"}`);
      return answer;
    };
    try {
      await play("up", from);
      const { writes } = from === to ? { writes: [] } : await play("up", to);
      const found = { listing: await listingOf(this.lane), writes };
      const { done } = await play("preview", to);
      if (done.length > 0) throw new Error(`${key}: the preview without a death is not empty: ${done.join(", ")}`);
      await play("destroy", "around");
      const left = differences(this.base, await listingOf(this.lane));
      if (left.length > 0) throw new Error(`${key}: left without a death:\n${left.join("\n")}`);
      this.expected.set(key, found);
      return found;
    } finally {
      await child.end();
    }
  }

  /** What was started by a process that died may take a moment to see it. */
  private async leftProcesses(): Promise<string[]> {
    const marked = `KVM_DEPLOY_KILLS_SITE=${JSON.stringify(this.lane.site)}`;
    const left = () => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(marked));
    const until = Date.now() + 20_000;
    while (left().length > 0 && Date.now() < until) await setTimeout(100);
    return left().map((pid) => `a process is left: ${commandOf(pid)}`);
  }
}

/** What lies where things vanish with the power, by the process that has put it there. */
function leftOf(pid: number): string[] {
  return unlessGone(() => readdirSync(temporaryDirectory()), []).filter((name) => name.includes(`-${pid}-`));
}

/** In which variant it ends. */
function targetOf({ change, followUp }: Point): Variant {
  const [from, to] = variantsOf[change];
  if (followUp === "put back") return from;
  return followUp === "dropped" || followUp === "destroy" ? "around" : to;
}

/** The same end without a death. */
function wayTo(point: Point): [Variant, Variant] {
  const [from, to] = variantsOf[point.change];
  const target = targetOf(point);
  if (target === to) return [from, to];
  return target === from ? [from, from] : ["around", "around"];
}

const verbsOf: Readonly<Record<FollowUp, readonly Step["verb"][]>> = {
  up: ["up"],
  "refresh and up": ["refresh", "up"],
  "put back": ["up"],
  dropped: ["up", "orphans"],
  destroy: ["destroy", "orphans"],
};

function stepOf(point: Point, verb: Step["verb"]): Step {
  return { verb, scenario: point.scenario.name, variant: targetOf(point) };
}

function hasAround(scenario: Scenario): boolean {
  return ["clone", "machine", "reinstallation"].includes(scenario.name);
}

function shortened(what: string, { folder, host }: Lane): string {
  const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
  return what
    .replaceAll(path.dirname(host.directories.ledger), "…")
    .replaceAll(folder, "…")
    .replace(uuid, "")
    .slice(0, 80);
}

function environmentOf(pid: string): string {
  return unlessGone(() => readFileSync(`/proc/${pid}/environ`, "utf8"), "");
}

function commandOf(pid: string): string {
  return unlessGone(() => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 120), pid);
}

function unlessGone<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
