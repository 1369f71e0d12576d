import { changesBetween } from "../../diff";
import { Conflict } from "../../errors";
import { type Element, find, parse, render } from "../../format/xml";
import type { Context, Properties } from "../../handler";
import type { Host } from "../../host/index";
import { macOf, nicsOf } from "../../libvirt/domain";
import { definitionNamed } from "../../libvirt/look-up";
import { claimRoot, isOwn, type Mark, readMark, uuidOf, withMark } from "../../libvirt/mark";
import { withLacking } from "./live/follow";
import type { KnownNics } from "./definition/macs";
import { machinePolicies } from "./policy";
import { inOrderOf, readMachine } from "./definition/read";
import { reservedFor } from "./guest/reservations";
import { type MachineInputs, machineInputs } from "./schema";
import { logOf } from "./definition/consoles";
import { readNic } from "./definition/nic";
import { type Facts, outputsOf, powerOf, runningDefinition } from "./state";

/** A machine that is there, and is the resource's already or becomes so. */
export interface Existing {
  readonly uuid: string;
  /** Its persistent definition. */
  readonly root: Element;
  /** Undefined when it is only now taken over. */
  readonly mark: Mark | undefined;
  /** The URN of the one that it is taken from; undefined when nobody has marked it. */
  readonly owner: string | undefined;
  /** Whether it was made by others: then it is taken as it is. */
  readonly isForeign: boolean;
}

/** The machine of that name. @throws Conflict when it is somebody else's, or can't become what is asked for */
export async function existingMachine(
  host: Host,
  inputs: MachineInputs,
  { urn, identity, replaced }: Context,
): Promise<Existing | undefined> {
  const present = (await ownMachine(host, identity)) ?? (await definitionNamed(host.libvirt, "domain", inputs.name));
  if (present === undefined) return undefined;
  const { uuid, root } = present;
  const claim = claimRoot(root, `a machine named "${inputs.name}"`, {
    urn,
    identity,
    adopt: inputs.adopt,
  });
  const isForeign = claim === "adopted";
  if (isForeign && replaced?.identity !== identity) refuseOthers(root, inputs);
  const mark = readMark(root);
  return { uuid, root, mark: isOwn(root, identity) ? mark : undefined, owner: mark?.owner, isForeign };
}

/** Made by a create that was cut off, maybe under another name. */
async function ownMachine({ libvirt }: Host, identity: string) {
  const uuid = uuidOf("domain", identity);
  const xml = (await libvirt.exists("domain", uuid)) ? await libvirt.definition("domain", uuid) : undefined;
  return xml === undefined ? undefined : { uuid, root: parse(xml) };
}

/** What only a new machine could change must be right: the next update would make the machine anew. */
function refuseOthers(root: Element, inputs: MachineInputs): void {
  const known = { volumePaths: {}, macAddresses: [] };
  const seen: Properties = { ...readMachine(root, { inputs, known }, inputs.autostart) };
  const [change] = changesBetween(machineInputs, machinePolicies, seen, { ...inputs }).filter(
    ({ policy }) => policy === "replace",
  );
  if (change === undefined) return;
  const [has, asked] = [change.before, change.after].map((value) => JSON.stringify(value));
  throw new Conflict(
    `the machine to be taken over has ${has ?? "none"}, not ${asked ?? "none"}, and can't be changed`,
    {
      property: change.path,
      remedy: "Set it to what the machine has",
    },
  );
}

/** Marks it as the resource's; all else stays as it is. */
export async function takeOver({ libvirt }: Host, { root, mark }: Existing, { urn, identity }: Context): Promise<void> {
  if (mark !== undefined) return;
  const { started } = readMark(root) ?? {};
  const adopted = { owner: urn, identity, phase: "ready", adopted: true, started } as const;
  await libvirt.define("domain", render(withMark(root, adopted)));
}

/** The NICs of a definition that the inputs don't name by their MAC addresses: they go to the others of their network. */
export function nicsIn(root: Element, { nics }: MachineInputs): KnownNics {
  const given = nics.map(({ mac }) => mac);
  const devices = nicsOf(root).filter((device) => !given.includes(macOf(device)));
  return {
    nics: devices.map((device) => ({ ...readNic(device, undefined), mac: undefined })),
    macAddresses: devices.map(macOf),
  };
}

/** What the persistent definition doesn't tell. */
interface Now {
  /** Undefined when the machine is off. */
  readonly live: Element | undefined;
  readonly autostart: boolean;
}

/** Asked beside the definition, so that all of it is read at one moment. */
export async function nowOf(host: Host, uuid: string): Promise<Now> {
  const [live, autostart] = await Promise.all([
    runningDefinition(host, uuid),
    host.libvirt.hasAutostart("domain", uuid),
  ]);
  return { live, autostart };
}

/** What is there: the inputs as the host has them, and what came of them. */
export async function seenOn(
  host: Host,
  root: Element,
  inputs: MachineInputs,
  known: Facts,
  { live, autostart }: Now,
): Promise<{ inputs: MachineInputs; outputs: Properties }> {
  const seen = { ...readMachine(root, { inputs, known }, autostart), running: powerOf(inputs, live) };
  const facts = {
    ...known,
    macAddresses: inOrderOf(known.macAddresses, nicsOf(root).map(macOf), (mac) => mac),
    consoleLogPath: logOf(find(root, "devices")) ?? known.consoleLogPath,
  };
  const nics = await reservedFor(host, seen, facts.macAddresses);
  const outputs = withLacking(await outputsOf(host, { ...seen, nics }, facts, live), live, root);
  return { inputs: { ...seen, nics }, outputs };
}
