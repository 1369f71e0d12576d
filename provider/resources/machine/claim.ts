import type { Element } from "../../format/xml";
import { definitionNamed } from "../../libvirt/look-up";
import { isOwn, readMark, uuidOf } from "../../libvirt/mark";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { claimRoot, notOursAnyMore } from "../../resource/ownership";
import { isGone, persistentDefinition } from "./live/definitions";
import type { Actual } from "./schema/actual";
import type { MachineInputs } from "./schema/machine";

/** An existing machine that belongs to the resource, or is adopted by it. */
export interface Claimed {
  readonly uuid: string;
  readonly definition: Element;
  readonly adoption: Actual["adoption"];
  /** The URN of the previous owner; undefined without a mark. */
  readonly owner: string | undefined;
}

/** The machine of that name. @throws Conflict if it has another owner */
export async function claimMachine(
  host: Host,
  inputs: MachineInputs,
  { urn, identity }: Context,
): Promise<Claimed | undefined> {
  const existing = (await ownMachine(host, identity)) ?? (await definitionNamed(host.libvirt, "domain", inputs.name));
  if (existing === undefined) return undefined;
  const { uuid, root: definition } = existing;
  const claim = claimRoot(definition, `a machine named "${inputs.name}"`, { urn, identity, adopt: inputs.adopt });
  const mark = readMark(definition);
  const isMarked = mark !== undefined && isOwn(definition, identity);
  const adoption = claim === "own" ? "none" : isMarked ? "done" : "due";
  return { uuid, definition, adoption, owner: mark?.owner };
}

/** Defined by an interrupted create, perhaps under another name. */
async function ownMachine(host: Host, identity: string) {
  const uuid = uuidOf("domain", identity);
  const root = (await host.libvirt.exists("domain", uuid)) ? await persistentDefinition(host, uuid) : undefined;
  return root && { uuid, root };
}

/** The machine of an update. @throws KvmError if it no longer exists, or another resource has adopted it since */
export async function ownDefinition(
  host: Host,
  uuid: string,
  inputs: Pick<MachineInputs, "name">,
  { identity }: Context,
): Promise<Element> {
  const definition = await persistentDefinition(host, uuid);
  if (definition === undefined) throw isGone(inputs);
  if (!isOwn(definition, identity)) throw notOursAnyMore(`machine "${inputs.name}"`, readMark(definition));
  return definition;
}
