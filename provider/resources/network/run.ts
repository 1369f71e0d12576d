import { isDeepStrictEqual } from "node:util";
import type { Libvirt } from "../../libvirt/client";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { type Runners, runSteps } from "../../resource/steps";
import { KvmError } from "../../values/errors";
import { refuseDeviceAsBridge } from "./conflicts";
import { removeDetour } from "./detour";
import { waitsFor } from "./effects";
import { attachAgain } from "./guests";
import { observeNetwork } from "./observe";
import { type ActualNetwork, type NetworkPlan, type NetworkStep, planToFollow } from "./plan";
import type { NetworkInputs } from "./schema";

/** Changes the running network to its definition, as far as guests allow it, and reports what waits. */
export async function follow(uuid: string, desired: NetworkInputs, context: Context): Promise<void> {
  const host = context.host(desired.connection);
  const { waiting, guests } = await takeSteps(host, uuid, desired);
  if (waiting.length > 0) context.warn(`${waiting.join(", ")}: ${waitsFor(guests.join(", "))}`);
  if (!desired.running) return removeDetour(host.libvirt, uuid);
  const left = await attachAgain(host, uuid);
  if (left.length > 0)
    context.warn(
      `running machines keep their former connection until they are shut down and started: ${left.join(", ")}`,
    );
}

const mostLooks = 5;

/**
 * A failed step may be due to a change by another program: the network is read again, and the failure counts if the
 * same steps remain.
 */
async function takeSteps(
  host: Host,
  uuid: string,
  desired: NetworkInputs,
): Promise<NetworkPlan & Pick<ActualNetwork, "guests">> {
  let failed: Failed | undefined;
  for (let look = 1; ; look += 1) {
    const actual = await observeNetwork(host, uuid, desired.name);
    const plan = planToFollow(desired, actual);
    if (failed !== undefined && (look > mostLooks || isDeepStrictEqual(plan.steps, failed.left))) throw failed.error;
    if (actual.live === undefined && desired.running) await refuseDeviceAsBridge(host, desired);
    failed = await firstFailure(plan.steps, { libvirt: host.libvirt, uuid });
    if (failed === undefined) return { ...plan, guests: actual.guests };
  }
}

interface Failed {
  readonly error: unknown;
  /** The failed step and those after it. */
  readonly left: readonly NetworkStep[];
}

async function firstFailure(steps: readonly NetworkStep[], run: NetworkRun): Promise<Failed | undefined> {
  for (const [index, step] of steps.entries()) {
    try {
      await runSteps([step], runners, run);
    } catch (error) {
      if (!(error instanceof KvmError)) throw error;
      return { error, left: steps.slice(index) };
    }
  }
  return undefined;
}

interface NetworkRun {
  readonly libvirt: Libvirt;
  readonly uuid: string;
}

const runners: Runners<NetworkStep, NetworkRun> = {
  autostart: ({ on }, { libvirt, uuid }) => libvirt.setAutostart("network", uuid, on),
  start: (_, { libvirt, uuid }) => libvirt.start("network", uuid),
  stop: (_, { libvirt, uuid }) => libvirt.stop("network", uuid),
  update: ({ update }, { libvirt, uuid }) => libvirt.updateNetwork(uuid, update, "live"),
};
