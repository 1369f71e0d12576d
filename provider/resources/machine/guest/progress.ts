import type { Context } from "../../../handler";
import type { Host } from "../../../host/index";
import { type Installation, parseInstallation } from "../../../install/installation";
import { receiptOf } from "../../../iso/receipt";
import type { Mark } from "../../../libvirt/mark";
import { failureIn } from "./await";
import { installationOn, obtainInstaller } from "./installer";
import { readLog } from "../files/logs";
import { nothingYet, type Progress } from "../plan";
import type { MachineInputs } from "../schema";
import { installerLogOf } from "../observe";

/** How far a machine has come, and by what. */
export interface Course {
  readonly progress: Progress;
  /** What is being installed, or was; undefined when nothing is to be. */
  readonly installation: Installation | undefined;
}

interface Present {
  readonly host: Host;
  readonly inputs: MachineInputs;
  /** The machine's. */
  readonly uuid: string;
  /** Undefined when it isn't there yet. */
  readonly mark: Mark | undefined;
  readonly context: Context;
}

/**
 * What is still to be done of a create. An installation that was begun is judged by what it was started from, which its
 * machine's mark tells, whatever lies on the host by now.
 */
export async function courseOf(present: Present): Promise<Course> {
  const { inputs, mark } = present;
  if (inputs.installer === undefined)
    return { progress: { ...nothingYet, phase: mark?.phase }, installation: undefined };
  const started = mark?.started && parseInstallation(mark.started.answers, inputs.installer);
  if (mark?.phase !== "ready") return started === undefined ? unbegun(present) : begun(present, started);
  const installation = started ?? (await installedFrom(present, inputs.installer));
  return { progress: { phase: "ready", isUnderWay: false, hasBegun: true }, installation };
}

/** Of a machine of an earlier release, whose mark tells nothing, the medium does, or what is left of it. */
async function installedFrom({ host, uuid }: Present, iso: string): Promise<Installation | undefined> {
  const receipt = await receiptOf(iso, host);
  return receipt?.machine === uuid ? receipt.installation : installationOn(host, iso);
}

/** One of an earlier release, whose mark tells nothing, is taken to be from the medium that is there. */
async function unbegun({ host, inputs, uuid, mark, context }: Present): Promise<Course> {
  const installation = await obtainInstaller(host, inputs.installer ?? "", uuid, context);
  const isUnderWay = mark !== undefined && (await host.libvirt.isActive("domain", uuid));
  return { progress: { phase: mark?.phase, isUnderWay, hasBegun: isUnderWay }, installation };
}

async function begun(present: Present, started: Installation): Promise<Course> {
  const { host, inputs, uuid, mark, context } = present;
  const iso = inputs.installer ?? "";
  const underWay = { progress: { phase: mark?.phase, isUnderWay: true, hasBegun: true }, installation: started };
  const log = await readLog(host.files, installerLogOf(host, inputs));
  const isComplete = log.includes(started.mark);
  const isActive = failureIn(log) === undefined && (await host.libvirt.isActive("domain", uuid));
  const now = isComplete || isActive ? await installationOn(host, iso) : undefined;
  const isOutdated = now !== undefined && now.digest !== started.digest;
  if (isComplete && isOutdated) context.warn(fromEarlierAnswers(inputs));
  if (isComplete || (isActive && !isOutdated)) return underWay;
  if (isActive) context.warn(`machine "${inputs.name}": its installation begins anew, since the answers have changed`);
  const installation = now ?? (await obtainInstaller(host, iso, uuid, context));
  return { progress: { phase: mark?.phase, isUnderWay: false, hasBegun: true }, installation };
}

function fromEarlierAnswers({ name }: MachineInputs): string {
  return `machine "${name}" was installed from earlier answers: they were changed while it was being installed. To have it installed from the present ones, set overwrite to true and run pulumi up --replace URN`;
}
