import type { Element } from "../../format/xml";
import { macOf, nicsOf } from "../../libvirt/domain";
import { type Mark, readMark, uuidOf } from "../../libvirt/mark";
import { isCutOff } from "../../resource/definition";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { type Claimed, claimMachine, ownDefinition } from "./claim";
import { type KnownNics, macsOf } from "./definition/macs";
import { readNic } from "./definition/nic";
import { isReinstallDue, isReinstallOpen } from "./definition/reinstallation";
import { defaultDomainType } from "./domain-type";
import { displacedDisk } from "./files/displaced";
import { volumesNamedIn, volumesOf } from "./files/images";
import { consoleLogOf, filesToMake } from "./files/logs";
import { checkNetworks } from "./guest/networks";
import { nothingYet, progressOf, reinstallationOf } from "./guest/progress";
import { isGone, runningDefinition } from "./live/definitions";
import { isInstalling } from "./plan";
import { underItsName } from "./rename";
import { isFailureReported } from "./state";
import type { Actual, Facts, OnHost, Previous, Run } from "./schema/actual";
import type { MachineInputs } from "./schema/machine";

/** The facts that identify an existing machine. */
type Known = Partial<Pick<Facts, "uuid" | "consoleLogPath" | "volumeFormats">> & {
  readonly nics?: KnownNics;
  readonly definition?: Element;
};

/** Finds on the host the things that the machine's inputs name. A missing one is reported with its property path. */
export async function survey(host: Host, desired: MachineInputs, identity: string, known: Known = {}): Promise<OnHost> {
  // All start at the same moment: then their reads share processes.
  const [domainType, volumes, namedVolumes] = await Promise.all([
    desired.domainType ?? defaultDomainType(host),
    volumesOf(host, desired, known.volumeFormats),
    volumesNamedIn(host, known.definition),
    checkNetworks(host, desired),
  ]);
  return {
    uuid: known.uuid ?? uuidOf("domain", identity),
    domainType,
    ...volumes,
    namedVolumes,
    macAddresses: macsOf(desired, identity, known.nics),
    consoleLogPath: known.consoleLogPath ?? consoleLogOf(host, desired),
  };
}

/** The machine of a create: new, interrupted or adopted, under its desired name. */
export async function observeForCreate(desired: MachineInputs, context: Context): Promise<Run> {
  const host = context.host(desired.connection);
  const claimed = await claimMachine(host, desired, context);
  const found = claimed?.adoption === "none" ? await named(claimed, { host, desired, context }) : claimed;
  const known = found && { uuid: found.uuid, nics: nicsIn(found.definition, desired), definition: found.definition };
  const { adoption = "none", definition } = found ?? {};
  const onHost = await survey(host, desired, context.identity, known);
  const mark = definition && readMark(definition);
  const { progress, installation } =
    adoption === "none"
      ? await progressOf({ host, context, desired, uuid: onHost.uuid, mark, isFailureReported: false })
      : nothingYet;
  const { hostKeys = [], release, login } = installation ?? {};
  const installed = { hostKeys, release, login };
  const off = { live: undefined, hasSavedState: false, wasTurnedOff: false, filesToMake: [], isReinstalled: false };
  const actual = { ...onHost, ...installed, ...off, adoption, definition, progress, installation };
  return { host, context, desired, actual, previous: undefined };
}

/** A machine that an earlier create has defined under another name is renamed. */
async function named(claimed: Claimed, run: Pick<Run, "host" | "context" | "desired">): Promise<Claimed | undefined> {
  const renamed = await underItsName({ ...run, actual: claimed });
  return renamed && { ...claimed, definition: renamed.definition };
}

/**
 * The NICs of a definition whose MAC addresses are not in the inputs. They are assigned to the other NICs of their
 * network.
 */
function nicsIn(definition: Element, { nics }: MachineInputs): KnownNics {
  const given = nics.map(({ mac }) => mac);
  const devices = nicsOf(definition).filter((device) => !given.includes(macOf(device)));
  return {
    nics: devices.map((device) => ({ ...readNic(device, undefined), mac: undefined })),
    macAddresses: devices.map(macOf),
  };
}

/**
 * The machine of an update, under its desired name. @throws KvmError if a change by another program prevents the update
 */
export async function observeForUpdate(
  uuid: string,
  desired: MachineInputs,
  previous: Previous,
  context: Context,
): Promise<Run> {
  const host = context.host(desired.connection);
  const before = await ownDefinition(host, uuid, desired, context);
  const found = await underItsName({ host, context, desired, actual: { uuid, definition: before } });
  if (found === undefined) throw isGone(desired);
  const onHost = await survey(host, desired, context.identity, knownOf(uuid, desired, previous, found.definition));
  if (!isInstalling(found.definition)) await refuseDisplaced(host, desired, previous);
  const mark = readMark(found.definition);
  const isReinstalled = !isInstalling(found.definition) && isReinstallDue(desired, previous.inputs.reinstall, mark);
  const isKnown = found.wasStopped || isFailureReported(previous.state);
  const present = { host, context, desired, uuid, mark, isFailureReported: isKnown };
  const { progress, installation } = isReinstalled
    ? await reinstallationOf(present)
    : isIncomplete(previous, mark)
      ? await progressOf(present)
      : nothingYet;
  // The facts of the last installation stay valid until the next one.
  const { hostKeys, release, login } = installation ?? previous.facts;
  const installed = { hostKeys, release, login, progress, installation, isReinstalled };
  const now = await lookAt(host, { ...onHost, isReinstalled }, desired);
  const { definition, wasTurnedOff } = found;
  const actual = { ...onHost, ...installed, definition, wasTurnedOff, ...now, adoption: "none" as const };
  return { host, context, desired, previous, actual };
}

/** Whether a create or an installation was interrupted; its steps are those of a create. */
function isIncomplete({ state, inputs }: Previous, mark: Mark | undefined): boolean {
  return isCutOff(state) || isReinstallOpen(mark, inputs.reinstall);
}

/**
 * The facts that identify the machine of the last deployment. A path that the program sets or unsets is taken from the
 * inputs.
 */
function knownOf(uuid: string, desired: MachineInputs, { inputs, facts }: Previous, definition: Element): Known {
  const { macAddresses, volumeFormats } = facts;
  const isSameLog =
    facts.consoleLogPath !== "" &&
    inputs.consoleLog === undefined &&
    desired.consoleLog === undefined &&
    inputs.name === desired.name;
  const consoleLogPath = isSameLog ? { consoleLogPath: facts.consoleLogPath } : {};
  const isSaved = macAddresses.length >= inputs.nics.length;
  const nics = isSaved ? { nics: inputs.nics, macAddresses } : nicsIn(definition, desired);
  return { uuid, volumeFormats, nics, definition, ...consoleLogPath };
}

async function refuseDisplaced(host: Host, desired: MachineInputs, { inputs, facts }: Previous): Promise<void> {
  const displaced = await displacedDisk(host, inputs, desired, facts);
  if (displaced !== undefined) throw displaced;
}

type Now = Pick<Actual, "live" | "hasSavedState" | "filesToMake">;

/** Facts that may change at any moment. */
async function lookAt(
  host: Host,
  { uuid, consoleLogPath, isReinstalled }: Pick<Actual, "uuid" | "consoleLogPath" | "isReinstalled">,
  { running }: MachineInputs,
): Promise<Now> {
  const hasSavedState = await resumes(host, uuid, { running: isReinstalled || running });
  const [files, live] = await Promise.all([filesToMake(host, consoleLogPath), runningDefinition(host, uuid)]);
  return { hasSavedState, filesToMake: files, live };
}

export async function observeAgain(run: Run): Promise<Run> {
  const { host, actual, desired } = run;
  return { ...run, actual: { ...actual, ...(await lookAt(host, actual, desired)) } };
}

/**
 * Whether the machine starts from a saved state, and not from its definition. Then changes are recorded and reported as
 * for a running machine.
 */
export async function resumes(
  { libvirt }: Host,
  uuid: string,
  { running }: Pick<MachineInputs, "running">,
): Promise<boolean> {
  return running === true && (await libvirt.keptStates(uuid)).includes("a saved state");
}
