import { type Change, fieldsOf } from "../../diff";
import { PartiallyCreated } from "../../errors";
import { type Element, render } from "../../format/xml";
import { type Deployment, makeLog, partialResultOf, readyDefinition, reserveAddresses, runStep } from "./run";
import type { Host } from "../../host/index";
import { follow, redefineRunning } from "./live/follow";
import { turnOff } from "./guest/power";
import { release, type Reservation } from "./guest/reservations";
import type { MachineInputs } from "./schema";
import { runningDefinition } from "./state";

export interface Edit {
  /** The persistent definition. */
  readonly before: Element;
  readonly edited: Element;
  readonly changes: readonly Change[];
  /** What it had in networks and is to have no more. */
  readonly unwanted: readonly Reservation[];
}

/** Brings a machine that is ready to what its inputs say now. Once its definition is written, no failure forgets that. */
export async function change(deployment: Deployment, { before, edited, changes, unwanted }: Edit): Promise<void> {
  const { host, inputs, facts, context } = deployment;
  if (await resumes(host, facts.uuid, inputs)) await host.libvirt.start("domain", facts.uuid);
  const live = await runningDefinition(host, facts.uuid);
  const ready = await readyDefinition(deployment, edited);
  const machine = { host, uuid: facts.uuid, inputs, context, before, changes };
  if (live === undefined || inputs.running === false) {
    if (render(ready) !== render(before)) await host.libvirt.define("domain", render(ready));
  } else await redefineRunning({ ...machine, live }, ready);
  try {
    await reserveAddresses(deployment);
    for (const reservation of unwanted) await release(host, reservation);
    // Its file may be another one now, whose folder must be there before the machine starts.
    await makeLog(host, deployment.surroundings.consoleLog);
    if (fieldsOf(changes).includes("autostart")) await runStep("set-autostart", deployment);
    if (live === undefined) await startIfWanted(deployment);
    else if (inputs.running === false) await turnOff(machine, "it runs on");
    else await followed(deployment, await follow({ ...machine, live }));
  } catch (error) {
    throw new PartiallyCreated(facts.uuid, await partialResultOf(deployment), error);
  }
}

/**
 * Whether it starts with what its saved state has, and not with its definition: what changes then has to be noted and told
 * as of any machine that runs.
 */
export async function resumes({ libvirt }: Host, uuid: string, { running }: MachineInputs): Promise<boolean> {
  return running === true && (await libvirt.keptStates(uuid)).includes("a saved state");
}

async function followed(deployment: Deployment, outcome: Awaited<ReturnType<typeof follow>>): Promise<void> {
  if (outcome === "is off") await startIfWanted(deployment);
  if (outcome === "restarted") await waitIfWanted(deployment);
}

async function startIfWanted(deployment: Deployment): Promise<void> {
  if (deployment.inputs.running !== true) return;
  await runStep("start", deployment);
  await waitIfWanted(deployment);
}

async function waitIfWanted(deployment: Deployment): Promise<void> {
  if (deployment.inputs.wait === "ssh") await runStep("await-ssh", deployment);
}
