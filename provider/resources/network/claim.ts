import { type Element, parse } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { definitionNamed } from "../../libvirt/look-up";
import { isOwn, readMark } from "../../libvirt/mark";
import type { Context, Replaced } from "../../resource/handler";
import { claimRoot, notOursAnyMore } from "../../resource/ownership";
import { usedAsItIs } from "../../resource/sharing";
import { refuseConflicts } from "./conflicts";
import { goneNetwork } from "./observe";
import type { NetworkInputs } from "./schema";
import { claimShared, type NetworkClaim, withoutSharer } from "./sharing";
import { refuseWithGuests } from "./stop";

export interface Claimed {
  readonly uuid: string;
  readonly root: Element;
  readonly isActive: boolean;
  readonly claim: NetworkClaim;
}

/**
 * The network of that name, if it belongs to the resource or is adopted by it.
 * @throws Conflict if it has another owner
 */
export async function claimNetwork(inputs: NetworkInputs, context: Context): Promise<Claimed | undefined> {
  const { libvirt } = context.host(inputs.connection);
  const found = await definitionNamed(libvirt, "network", inputs.name);
  if (found === undefined) return undefined;
  const isActive = await libvirt.isActive("network", found.uuid);
  // Only the description of a shared network is compared.
  const autostart = inputs.shared && (await libvirt.hasAutostart("network", found.uuid));
  const claim = claimShared(found.root, inputs, context, { running: isActive, autostart });
  const claimant = { ...context, adopt: inputs.adopt };
  return {
    ...found,
    isActive,
    claim: claim ?? claimRoot(found.root, `a network named "${inputs.name}"`, claimant),
  };
}

/**
 * The definition of an existing network of the resource.
 * @throws KvmError if it no longer exists, or has another owner now
 */
export async function requireOwn(
  libvirt: Libvirt,
  uuid: string,
  name: string,
  { identity }: Context,
): Promise<Element> {
  const xml = await libvirt.definition("network", uuid);
  if (xml === undefined) throw goneNetwork(name);
  const actual = parse(xml);
  if (!isOwn(actual, identity)) throw notOursAnyMore(`network "${name}"`, readMark(actual));
  return actual;
}

/** Whether it stays at a destroy, like every adopted network. */
export function stays(root: Element, deleteAdopted: unknown): boolean {
  return readMark(root)?.adopted === true && deleteAdopted !== true;
}

/** Checked before a create, and if fields change that may conflict with another network. */
export async function inspectNetwork(inputs: NetworkInputs, context: Context): Promise<void> {
  const found = await claimNetwork(inputs, context);
  if (found?.claim === "used") {
    context.warn(usedAsItIs(`network "${inputs.name}"`));
    return;
  }
  if (found?.claim === "joined") return;
  if (context.replaced !== undefined) await requireRemovable(context.replaced, context);
  const { name } = context.replaced?.inputs ?? {};
  await refuseConflicts(context.host(inputs.connection), inputs, found, typeof name === "string" ? name : undefined);
}

/** Checked for a network that is replaced, because the engine deletes it before it changes any attached machine. */
async function requireRemovable({ inputs, identity }: Replaced, context: Context): Promise<void> {
  const { connection, name, deleteAdopted } = inputs;
  const { libvirt } = context.host(String(connection));
  const old = await definitionNamed(libvirt, "network", String(name));
  if (old === undefined || !isOwn(old.root, identity) || stays(old.root, deleteAdopted)) return;
  if (withoutSharer(old.root, identity) !== undefined) return;
  await refuseWithGuests(libvirt, String(name));
}
