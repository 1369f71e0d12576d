import { type Element, textOf } from "../../format/xml";
import { parseInstallation } from "../../install/installation";
import { promisedIso } from "../../iso/promised";
import { readMark, uuidOf } from "../../libvirt/mark";
import { Refused } from "../../resource/deep-check";
import { type Changed } from "../../resource/definition";
import type { Context, Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { Previewed } from "../../resource/known";
import type { State } from "../../resource/outputs";
import { warnOfEmulation } from "./domain-type";
import { isReinstallDue } from "./definition/reinstallation";
import { machineEffects } from "./effects";
import { displacedDisk } from "./files/displaced";
import { doubledImage } from "./files/doubled";
import { imageFailures } from "./files/images-in-use";
import { requireLogFile } from "./files/logs";
import { stillAwaited } from "./guest/awaited";
import { installationStateOf } from "./guest/installing";
import { type Continued, continuing } from "./guest/leaving";
import { addressFailures, changedAddressFailures } from "./guest/networks";
import { inspect } from "./inspect";
import { isGone, persistentDefinition } from "./live/definitions";
import { stillUntold } from "./live/lacking";
import { resumes } from "./observe";
import { fatesOfDisks, isReinstalledBy, laterKnownFates, reinstallFailures } from "./reinstalled";
import { refuseRename } from "./rename";
import type { MachineInputs, MachineOutputs } from "./schema/machine";
import { isFailureReported, savedFacts } from "./state";

/** The effects of the changes on the actual machine, in sentences. */
export async function effectsNow(
  { changes, olds, news, state }: Changed<MachineInputs, MachineOutputs>,
  context: Context,
): Promise<string[]> {
  const host = context.host(String(state["connection"]));
  const facts = savedFacts(state.uuid ?? uuidOf("domain", context.identity), state);
  const definition = await persistentDefinition(host, facts.uuid);
  if (definition === undefined && !changes.some(({ policy }) => policy === "replace"))
    return [`\`pulumi up\` refuses this: ${isGone({ name: String(state["name"]) }).message}`];
  const isInstalled = definition !== undefined && readMark(definition)?.phase === "installing";
  const isReinstalled = await news.whenKnown((known) => isReinstalledBy(host, facts.uuid, known, olds?.reinstall));
  const reinstalled =
    isReinstalled === true
      ? ((await news.whenKnown((known) => fatesOfDisks(host, known))) ?? laterKnownFates)
      : undefined;
  const isResumed =
    (await news.whenKnown(({ running }) =>
      resumes(host, facts.uuid, { running: isReinstalled === true || running }),
    )) ?? false;
  const isActive = isResumed || (await host.libvirt.isActive("domain", facts.uuid));
  const displaced = await news.whenKnown(({ name, disks }) => displacedDisk(host, olds, { name, disks }, facts));
  const doubled =
    olds &&
    definition &&
    (await news.whenKnown((known) => doubledImage(host, definition, known, { inputs: olds, facts })));
  const refusals = [displaced, doubled].filter((refusal) => refusal !== undefined);
  return [
    ...machineEffects(changes, news, { name: String(state["name"]), isActive, isResumed, isInstalled, reinstalled }),
    ...refusals.map(({ message }) => `\`pulumi up\` refuses this: ${message}`),
  ];
}

/** The outstanding work although no input changes, in sentences. */
export async function outstanding(
  news: Previewed<MachineInputs>,
  state: State<MachineOutputs>,
  context: Context,
): Promise<string[]> {
  const { waitingForRestart: waiting = [], macAddresses: macs = [] } = state;
  const isDue = waiting.length > 0 && news.known(({ allowRestart }) => allowRestart) === true;
  const host = context.host(String(state["connection"]));
  return [
    ...(isDue ? [`${waiting.join(", ")}: ${String(state["name"])} restarts for the changes that wait`] : []),
    ...(news.known(({ name, running }) => stillUntold({ name, running }, state)) ?? []),
    ...((await news.whenKnown(({ nics }) => stillAwaited(host, { nics, macs }, state))) ?? []),
  ];
}

/** What `up` does with an installation that it finds, in a sentence. */
export async function unfinished(
  news: Previewed<MachineInputs>,
  state: State<MachineOutputs>,
  context: Context,
): Promise<string | undefined> {
  const host = context.host(String(state["connection"]));
  const { uuid = uuidOf("domain", context.identity) } = state;
  const definition = await persistentDefinition(host, uuid);
  const name = textOf(definition, "name") ?? String(state["name"]);
  const installation = await installationStateOf(host, { uuid, name }, definition);
  if (installation === undefined) return undefined;
  return continuing(installation, {
    waits: news.known(({ wait }) => wait) !== "nothing",
    isReported: isFailureReported(state),
    runs: news.known(({ running }) => running) !== false,
    outdated: news.known((known) => outdatedBy(host, known, definition)),
  });
}

/** What in the program contradicts a started installation. */
function outdatedBy(
  host: Host,
  { installer, reinstall }: Pick<MachineInputs, "installer" | "reinstall">,
  definition: Element | undefined,
): Continued["outdated"] {
  if (installer === undefined) return "installer";
  const mark = definition && readMark(definition);
  if (isReinstallDue({ installer, reinstall }, undefined, mark)) return "reinstall";
  const digest = promisedIso(host, installer)?.digest;
  const started = mark?.started && parseInstallation(mark.started.answers, installer);
  return digest === undefined || digest === started?.digest ? undefined : "answers";
}

/** Checks the host before a create. @throws the failures of a later `up` */
export async function inspectNew(inputs: Previewed<MachineInputs>, context: Context): Promise<void> {
  await inspect(inputs, context);
  await inputs.whenKnown(({ connection, consoleLog }) =>
    consoleLog === undefined ? undefined : requireLogFile(context.host(connection).files, consoleLog),
  );
  await inputs.whenKnown(({ connection, name, domainType }) =>
    warnOfEmulation(context.host(connection), { name, domainType }, context),
  );
  const failures = await allOf([
    inputs.whenKnown((known) => addressFailures(known, context)),
    inputs.whenKnown((known) => (known.adopt === false ? imageFailures(known, context) : [])),
  ]);
  if (failures.length > 0) throw new Refused(failures);
}

/** Changes that can't be made. */
export function refusedChanges(
  olds: MachineInputs,
  news: Previewed<MachineInputs>,
  context: Context,
): Promise<Failure[]> {
  return allOf([
    news.whenKnown((known) => refuseRename(olds, known, context)),
    news.whenKnown((known) => changedAddressFailures(olds, known, context)),
    news.whenKnown((known) => imageFailures(known, context, olds.disks)),
    news.whenKnown((known) => reinstallFailures(olds, known, context)),
  ]);
}

async function allOf(looks: readonly Promise<readonly Failure[] | undefined>[]): Promise<Failure[]> {
  return (await Promise.all(looks)).flatMap((each) => each ?? []);
}
