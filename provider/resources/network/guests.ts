import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  mapChildren,
  parse,
  render,
  textOf,
  withAttributes,
} from "../../format/xml";
import { KvmError } from "../../errors";
import type { Libvirt } from "../../libvirt/client";

/** An interface of a running machine that is, or should be, plugged into the network. */
export interface GuestNic {
  readonly guest: string;
  readonly domainUuid: string;
  /** As it is in force. */
  readonly element: Element;
}

/** The interfaces of running machines that are in the network by what libvirt says, which may be wrong. */
export async function guestNics(libvirt: Libvirt, network: string): Promise<GuestNic[]> {
  const domains = (await libvirt.list("domain")).filter(({ isActive }) => isActive);
  const nics = await Promise.all(domains.map(({ uuid }) => nicsOf(libvirt, uuid, network)));
  return nics.flat();
}

async function nicsOf(libvirt: Libvirt, uuid: string, network: string): Promise<GuestNic[]> {
  const live = parse((await libvirt.liveDefinition("domain", uuid)) ?? "<domain/>");
  // One that has been shut down meanwhile has no id any more.
  if (live.attributes["id"] === undefined) return [];
  const nics = interfacesOf(live);
  const detoured = nics.some(isOnBridge) ? await macsIn(libvirt, uuid, network) : [];
  return nics
    .filter((nic) => networkOf(nic) === network || (isOnBridge(nic) && detoured.includes(macOf(nic))))
    .map((element) => ({ guest: textOf(live, "name") ?? uuid, domainUuid: uuid, element }));
}

/** An interface on a bridge by name is the network's when its own definition says so: plugging in was cut off half-way. */
async function macsIn(libvirt: Libvirt, uuid: string, network: string): Promise<string[]> {
  const definition = parse((await libvirt.definition("domain", uuid)) ?? "<domain/>");
  return interfacesOf(definition)
    .filter((nic) => networkOf(nic) === network)
    .map(macOf);
}

/** Names of the machines, each once. */
export function namesOf(nics: readonly GuestNic[]): string[] {
  return [...new Set(nics.map(({ guest }) => guest))];
}

/**
 * Plugs running machines in again: libvirt leaves them unplugged after a restart of their network, although it shows
 * them as before.
 * @returns those that can't be: an interface can't leave or enter a device's macvtap while its machine runs
 * @throws KvmError that names the machines which libvirt did not take back
 */
export async function plugInAgain(libvirt: Libvirt, uuid: string, network: string): Promise<string[]> {
  const lost = await unplugged(libvirt, uuid, network);
  if (lost.length === 0) return [];
  const bridge = attributeOf(parse((await libvirt.liveDefinition("network", uuid)) ?? "<network/>"), "bridge", "name");
  if (bridge === undefined) return namesOf(lost);
  const movable = lost.filter(({ element }) => !isMacvtap(element));
  const failures = await Promise.allSettled(movable.map((nic) => plugIn(libvirt, nic, network, bridge)));
  const left = await unplugged(libvirt, uuid, network);
  const failed = left.filter(({ element }) => !isMacvtap(element));
  if (failed.length === 0) return namesOf(left);
  throw new KvmError(
    "conflict",
    `network "${network}" runs again, but machines are not plugged in: ${namesOf(failed).join(", ")}`,
    {
      remedy: "Shut them down and start them again",
      cause: failures.find((each) => each.status === "rejected")?.reason,
    },
  );
}

async function unplugged(libvirt: Libvirt, uuid: string, network: string): Promise<GuestNic[]> {
  const nics = await guestNics(libvirt, network);
  if (nics.length === 0) return [];
  const ports = await libvirt.networkPorts(uuid);
  return nics.filter(({ element }) => !ports.includes(attributeOf(element, "source", "portid") ?? ""));
}

/**
 * To libvirt an interface of the same network is unchanged, so it takes a way round: over the same bridge by its name,
 * on which the guest is connected already.
 */
async function plugIn(
  libvirt: Libvirt,
  { domainUuid, element }: GuestNic,
  network: string,
  bridge: string,
): Promise<void> {
  const portgroup = attributeOf(element, "source", "portgroup");
  const byBridge = withAttributes(withSource(element, el("source", { bridge })), { type: "bridge" });
  const byNetwork = withAttributes(withSource(element, el("source", { network, portgroup })), { type: "network" });
  await libvirt.changeLive(domainUuid, { kind: "update-device", xml: render(byBridge) });
  await libvirt.changeLive(domainUuid, { kind: "update-device", xml: render(byNetwork) });
}

function withSource(nic: Element, source: Element): Element {
  return mapChildren(nic, (child) => (child.name === "source" ? source : child));
}

function interfacesOf(domain: Element): readonly Element[] {
  return childrenOf(find(domain, "devices"), "interface");
}

function networkOf(nic: Element): string | undefined {
  return attributeOf(nic, "source", "network");
}

function isOnBridge(nic: Element): boolean {
  return nic.attributes["type"] === "bridge";
}

/** A running guest can't be moved from or to a device's macvtap. */
export function isMacvtap(nic: Element): boolean {
  return attributeOf(nic, "source", "dev") !== undefined;
}

function macOf(nic: Element): string {
  return attributeOf(nic, "mac", "address") ?? "";
}
