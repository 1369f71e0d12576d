import { type Element, render } from "../../../format/xml";
import { type Mark, readMark, withMark } from "../../../libvirt/mark";
import { machineXml } from "../definition/xml";
import { filesToMake, installerLogOf, makeLog, requireLogFile } from "../files/logs";
import { keepWaiting, type Waiting } from "../live/waiting";
import type { Run } from "../schema/actual";

/** Marks it as the resource's; all else stays as it is. */
export async function takeOver({ host, context: { urn, identity }, actual: { definition } }: Run): Promise<void> {
  if (definition === undefined) return;
  const { started } = readMark(definition) ?? {};
  const adopted = { owner: urn, identity, phase: "ready", adopted: true, started } as const;
  await host.libvirt.define("domain", render(withMark(definition, adopted)));
}

/** The definition comes first: its mark names what is made for it, so that nothing is left behind. */
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
  const media = actual.installation && { iso: desired.installer ?? "", log: installerLogOf(host, desired) };
  const root = withMark(machineXml(desired, actual, media), { owner: urn, identity, ...state });
  await host.libvirt.define("domain", render(root));
}

/** @param notedBefore of a running machine; what was noted for a definition that isn't written is not true */
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
