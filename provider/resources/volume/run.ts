import type { VolumeNote } from "../../libvirt/client";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { type Runners, runSteps } from "../../resource/steps";
import { idOf } from "./observe";
import type { VolumeStep } from "./plan";
import type { VolumeInputs } from "./schema";

/** The volume of a running plan. */
export interface VolumeRun {
  readonly host: Host;
  readonly inputs: VolumeInputs;
  readonly context: Context;
  /** Lets the program that creates the volume record it. */
  readonly note?: VolumeNote;
}

const runners: Runners<VolumeStep, VolumeRun> = {
  begin: (_step, { host, inputs, context: { urn: owner, identity } }) =>
    host.ledger.claim("volume", idOf(inputs), { owner, identity, note: "making" }),
  create: ({ xml, preallocate }, run) =>
    alone(run, ({ libvirt }, { pool }) => libvirt.createVolume(pool, xml, { preallocate, ...noted(run) })),
  // Long steps release the lock of the pool.
  clone: ({ xml, source }, run) => run.host.libvirt.createVolume(run.inputs.pool, xml, { source, ...noted(run) }),
  upload: ({ file }, { host, inputs: { pool, name } }) => host.libvirt.uploadVolume(pool, name, file),
  grow: ({ bytes }, run) => alone(run, ({ libvirt }, { pool, name }) => libvirt.resizeVolume(pool, name, bytes)),
  "grow-online": ({ domainUuid, path, bytes }, { host }) => host.libvirt.resizeBlock(domainUuid, path, bytes),
  delete: (_step, run) => alone(run, ({ libvirt }, { pool, name }) => libvirt.deleteVolume(pool, name)),
  release: (_step, { host, inputs, context }) => host.ledger.releaseOf(context.identity, "volume", idOf(inputs)),
};

export function runPlan(steps: readonly VolumeStep[], run: VolumeRun): Promise<void> {
  return runSteps(steps, runners, run);
}

/** One step at a time in each pool, because libvirt refuses some work in a pool during other work. */
function alone(
  { host, inputs, context }: VolumeRun,
  work: (host: Host, inputs: VolumeInputs) => Promise<void>,
): Promise<void> {
  return host.lock(`pool ${inputs.pool}`, () => work(host, inputs), context);
}

function noted({ note }: VolumeRun): { readonly note?: VolumeNote } {
  return note === undefined ? {} : { note };
}

/** No other resource creates, changes or removes that volume meanwhile. */
export function locked<T>(inputs: VolumeInputs, context: Context, work: (host: Host) => Promise<T>): Promise<T> {
  const host = context.host(inputs.connection);
  return host.lock(`volume ${idOf(inputs)}`, () => work(host), context);
}
