import { familyOf } from "../../../install/index";
import { type Installation, parseInstallation } from "../../../install/installation";
import { receiptOf } from "../../../iso/receipt";
import type { Mark } from "../../../libvirt/mark";
import { installerLogOf, readerOf } from "../files/logs";
import type { Actual, Run } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";
import { installationOn, obtainInstaller } from "./installer";
import { emptyLog, ended, withText } from "./installer-log";

/** The progress of a machine, and its installation. */
type Come = Pick<Actual, "progress" | "installation">;

/** The progress of a complete machine. */
export const nothingYet: Come = {
  progress: { phase: undefined, isUnderWay: false, hasStarted: false },
  installation: undefined,
};

type Present = Pick<Run, "host" | "context" | "desired"> & {
  readonly uuid: string;
  /** Undefined if it doesn't exist yet. */
  readonly mark: Mark | undefined;
};

/**
 * The remaining work of a create. A started installation is judged by its start, which the machine's mark records,
 * whatever is on the host now.
 */
export async function progressOf(present: Present): Promise<Come> {
  const { desired: inputs, mark } = present;
  if (inputs.installer === undefined)
    return { ...nothingYet, progress: { ...nothingYet.progress, phase: mark?.phase } };
  const started = mark?.started && parseInstallation(mark.started.answers, inputs.installer);
  if (mark?.phase !== "ready") return started === undefined ? notStarted(present) : continued(present, started);
  const installation = started ?? (await installedFrom(present, inputs.installer));
  return { progress: { phase: "ready", isUnderWay: false, hasStarted: true }, installation };
}

/** An earlier release's mark has no record, so the medium decides, or what is left of it. */
async function installedFrom({ host, uuid }: Present, iso: string): Promise<Installation | undefined> {
  const receipt = await receiptOf(iso, host);
  return receipt?.machine === uuid ? receipt.installation : installationOn(host, iso);
}

/** An installation of an earlier release, whose mark has no record, is assumed to be from the actual medium. */
async function notStarted({ host, desired, uuid, mark, context }: Present): Promise<Come> {
  const installation = await obtainInstaller(host, desired.installer ?? "", uuid, context);
  const isUnderWay = mark !== undefined && (await host.libvirt.isActive("domain", uuid));
  return { progress: { phase: mark?.phase, isUnderWay, hasStarted: isUnderWay }, installation };
}

async function continued(present: Present, started: Installation): Promise<Come> {
  const { host, desired: inputs, uuid, mark, context } = present;
  const iso = inputs.installer ?? "";
  const underWay = { progress: { phase: mark?.phase, isUnderWay: true, hasStarted: true }, installation: started };
  const meaning = { ...familyOf(started.family), mark: started.mark };
  const text = await readerOf(host.files, installerLogOf(host, inputs)).next();
  const { isComplete, failure } = ended(withText(emptyLog, text, meaning), meaning);
  const isActive = failure === undefined && (await host.libvirt.isActive("domain", uuid));
  const now = isComplete || isActive ? await installationOn(host, iso) : undefined;
  const isOutdated = now !== undefined && now.digest !== started.digest;
  if (isComplete && isOutdated) context.warn(fromEarlierAnswers(inputs));
  if (isComplete || (isActive && !isOutdated)) return underWay;
  if (isActive)
    context.warn(`machine "${inputs.name}": its installation starts again, because the answers have changed`);
  const installation = now ?? (await obtainInstaller(host, iso, uuid, context));
  return { progress: { phase: mark?.phase, isUnderWay: false, hasStarted: true }, installation };
}

function fromEarlierAnswers({ name }: MachineInputs): string {
  return `machine "${name}" was installed from earlier answers, because they were changed during the installation. To install it from the current ones, set overwrite to true and run pulumi up --replace URN`;
}
