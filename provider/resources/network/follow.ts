import { isDeepStrictEqual } from "node:util";
import type { Libvirt } from "../../libvirt/client";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { refuseDeviceAsBridge } from "./conflicts";
import { removeDetour } from "./detour";
import { waitsFor } from "./effects";
import { plugInAgain } from "./guests";
import { type NetworkNow, type NetworkPlan, type NetworkStep, planToFollow } from "./plan";
import type { NetworkInputs } from "./schema";
import { surveyNetwork } from "./survey";

/** Brings what runs to what is defined, as far as guests allow it, and tells what waits. */
export async function follow(uuid: string, inputs: NetworkInputs, context: Context): Promise<void> {
  const host = context.host(inputs.connection);
  const { waiting, guests } = await takeSteps(host, uuid, inputs);
  if (waiting.length > 0) context.warn(`${waiting.join(", ")}: ${waitsFor(guests.join(", "))}`);
  if (!inputs.running) return removeDetour(host.libvirt, uuid);
  const left = await plugInAgain(host, uuid);
  if (left.length > 0)
    context.warn(
      `running machines keep their former connection until they are shut down and started: ${left.join(", ")}`,
    );
}

const mostLooks = 5;

/** A step that fails is no failure when others have changed the network meanwhile: it is looked at anew. */
async function takeSteps(
  host: Host,
  uuid: string,
  inputs: NetworkInputs,
): Promise<NetworkPlan & Pick<NetworkNow, "guests">> {
  let failed: Failed | undefined;
  for (let look = 1; ; look += 1) {
    const now = await surveyNetwork(host, uuid, inputs.name);
    const plan = planToFollow(inputs, now);
    if (failed !== undefined && (look > mostLooks || isDeepStrictEqual(plan.steps, failed.left))) throw failed.error;
    if (now.live === undefined && inputs.running) await refuseDeviceAsBridge(host, inputs);
    failed = await firstFailure(host.libvirt, uuid, plan.steps);
    if (failed === undefined) return { ...plan, guests: now.guests };
  }
}

interface Failed {
  readonly error: unknown;
  /** The step that failed and those behind it. */
  readonly left: readonly NetworkStep[];
}

async function firstFailure(
  libvirt: Libvirt,
  uuid: string,
  steps: readonly NetworkStep[],
): Promise<Failed | undefined> {
  for (const [index, step] of steps.entries()) {
    try {
      await runStep(libvirt, uuid, step);
    } catch (error) {
      if (!(error instanceof KvmError)) throw error;
      return { error, left: steps.slice(index) };
    }
  }
  return undefined;
}

function runStep(libvirt: Libvirt, uuid: string, step: NetworkStep): Promise<void> {
  switch (step.kind) {
    case "autostart":
      return libvirt.setAutostart("network", uuid, step.on);
    case "start":
      return libvirt.start("network", uuid);
    case "stop":
      return libvirt.stop("network", uuid);
    case "update":
      return libvirt.updateNetwork(uuid, step.update, "live");
  }
}
