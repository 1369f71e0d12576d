import { type Element, render } from "../../../format/xml";
import { type Mark, readMark, withMark } from "../../../libvirt/mark";
import { refuseDoubledImages } from "../definition/doubled";
import type { InstallationMedia } from "../definition/part";
import { machineXml } from "../definition/xml";
import { filesToMake, installerLogOf, makeLog, requireLogFile } from "../files/logs";
import { keepWaiting, type Waiting } from "../live/waiting";
import type { Run } from "../schema/actual";

/** Marks the machine as the resource's; everything else stays as it is. */
export async function takeOver({ host, context: { urn, identity }, actual: { definition } }: Run): Promise<void> {
  if (definition === undefined) return;
  const { started } = readMark(definition) ?? {};
  const adopted = { owner: urn, identity, phase: "ready", adopted: true, started } as const;
  await host.libvirt.define("domain", render(withMark(definition, adopted)));
}

/** The definition is first: its mark names the things created for the machine, so that nothing is forgotten. */
export async function defineNew(run: Run): Promise<void> {
  const { host, actual } = run;
  await requireLogFile(host.files, actual.consoleLogPath);
  const files = await filesToMake(host, actual.consoleLogPath);
  await defineAs(run, { phase: actual.installation === undefined ? "ready" : "installing", files });
  await makeLog(host, actual.consoleLogPath);
}

export async function defineAs(
  { host, desired, actual, context }: Run,
  state: Pick<Mark, "phase" | "files" | "started">,
): Promise<void> {
  const { urn, identity } = context;
  const media = mediaOf({ host, desired, actual });
  const definition = machineXml(desired, actual, media);
  refuseDoubledImages(definition, undefined, actual);
  const root = withMark(definition, { owner: urn, identity, ...state });
  await host.libvirt.define("domain", render(root));
}

/** Undefined if nothing is to be installed. */
export function mediaOf({
  host,
  desired,
  actual,
}: Pick<Run, "host" | "desired" | "actual">): InstallationMedia | undefined {
  return actual.installation && { iso: desired.installer ?? "", log: installerLogOf(host, desired) };
}

/** @param notedBefore the record in the running machine; a record for a definition that was not written is wrong */
export async function redefine(
  { host, actual }: Run,
  definition: Element,
  notedBefore: readonly Waiting[] | undefined,
): Promise<void> {
  try {
    await host.libvirt.define("domain", render(definition));
  } catch (error) {
    if (notedBefore !== undefined) await keepWaiting(host.libvirt, actual.uuid, notedBefore);
    throw error;
  }
}
