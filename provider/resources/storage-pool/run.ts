import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { type Runners, runSteps } from "../../resource/steps";
import { directoriesOfPools } from "./observe";
import type { StoragePoolStep } from "./plan";
import type { StoragePoolInputs } from "./schema";

/** The pool of a running plan. */
export interface PoolRun {
  readonly host: Host;
  readonly uuid: string;
  readonly name: string;
  readonly identity: string;
}

const runners: Runners<StoragePoolStep, PoolRun> = {
  define: ({ xml }, { host }) => host.libvirt.define("pool", xml),
  build: (_step, { host, uuid }) => host.libvirt.buildPool(uuid),
  autostart: ({ on }, { host, uuid }) => host.libvirt.setAutostart("pool", uuid, on),
  start: (_step, { host, uuid }) => host.libvirt.start("pool", uuid),
  stop: (_step, { host, uuid }) => host.libvirt.stop("pool", uuid),
  undefine: (_step, { host, uuid }) => host.libvirt.undefine("pool", uuid),
  "remove-directory": async ({ path }, { host }) => {
    const pools = await directoriesOfPools(host.libvirt);
    if (!pools.some(({ directory }) => directory === path)) await host.files.removeEmptyDirectory(path);
  },
  release: (_step, { host, name, identity }) => host.ledger.releaseOf(identity, "pool", name),
};

export function runPlan(steps: readonly StoragePoolStep[], run: PoolRun): Promise<void> {
  return runSteps(steps, runners, run);
}

/** No other resource creates, changes or removes a pool of that name meanwhile. */
export function locked<T>({ connection, name }: StoragePoolInputs, context: Context, work: (host: Host) => Promise<T>) {
  const host = context.host(connection);
  return host.lock(`storage pool ${name}`, () => work(host), context);
}
