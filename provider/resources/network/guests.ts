import {
  attributeOf,
  el,
  type Element,
  find,
  mapChildren,
  parse,
  render,
  textOf,
  withAttributes,
} from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { macOf, networkOf, nicsOf } from "../../libvirt/domain";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { removeDetour, withDetour } from "./detour";
import { isOnBridge, linksOf } from "./taps";

/** An interface of a running machine that is, or should be, attached to the network. */
export interface GuestNic {
  readonly guest: string;
  readonly domainUuid: string;
  /** The interface in force. */
  readonly element: Element;
}

/** The interfaces of running machines that are in the network according to libvirt, which may be wrong. */
export async function guestNics(libvirt: Libvirt, network: string): Promise<GuestNic[]> {
  const domains = (await libvirt.list("domain")).filter(({ isActive }) => isActive);
  const nics = await Promise.all(domains.map(({ uuid }) => nicsIn(libvirt, uuid, network)));
  return nics.flat();
}

async function nicsIn(libvirt: Libvirt, uuid: string, network: string): Promise<GuestNic[]> {
  const live = parse((await libvirt.liveDefinition("domain", uuid)) ?? "<domain/>");
  // A machine that has been shut down meanwhile has no id.
  if (live.attributes["id"] === undefined) return [];
  const nics = nicsOf(live);
  const detoured = nics.some(isByBridge) ? await macsIn(libvirt, uuid, network) : [];
  return nics
    .filter((nic) => networkOf(nic) === network || (isByBridge(nic) && detoured.includes(macOf(nic))))
    .map((element) => ({ guest: textOf(live, "name") ?? uuid, domainUuid: uuid, element }));
}

/**
 * An interface on a bridge by name belongs to the network if its own definition says so: its attachment was
 * interrupted.
 */
async function macsIn(libvirt: Libvirt, uuid: string, network: string): Promise<string[]> {
  const definition = parse((await libvirt.definition("domain", uuid)) ?? "<domain/>");
  return nicsOf(definition)
    .filter((nic) => networkOf(nic) === network)
    .map(macOf);
}

/** Names of the machines, each once. */
export function namesOf(nics: readonly GuestNic[]): string[] {
  return [...new Set(nics.map(({ guest }) => guest))];
}

/** The guests of a network that have no connection. */
export interface Detached {
  readonly movable: readonly GuestNic[];
  /** An interface can't change to or from a device's macvtap while its machine runs. */
  readonly fixed: readonly GuestNic[];
}

/**
 * After a restart of a network, libvirt leaves running machines detached, but shows them as before. An attached
 * interface is a port of the network according to libvirt, and on its bridge according to the kernel. libvirt alone may
 * be wrong, and the kernel's view is not available everywhere.
 */
export async function detachedOf(host: Host, uuid: string, network: Element): Promise<Detached> {
  const nics = await guestNics(host.libvirt, textOf(network, "name") ?? "");
  if (nics.length === 0) return { movable: [], fixed: [] };
  const ports = await host.libvirt.networkPorts(uuid);
  const bridge = attributeOf(network, "bridge", "name");
  // An Open vSwitch keeps its ports elsewhere.
  const isLinuxBridge = bridge !== undefined && find(network, "virtualport") === undefined;
  const links = isLinuxBridge && nics.some(({ element }) => !isMacvtap(element)) ? await linksOf(host) : [];
  const lost = nics.filter(
    ({ element }) =>
      !ports.includes(attributeOf(element, "source", "portid") ?? "") ||
      (bridge !== undefined && isOnBridge(element, bridge, links) === false),
  );
  const isMovable = ({ element }: GuestNic) => bridge !== undefined && !isMacvtap(element);
  return { movable: lost.filter(isMovable), fixed: lost.filter((nic) => !isMovable(nic)) };
}

/**
 * Attaches running machines again.
 * @param uuid of the network, which runs
 * @returns those that can't be attached
 * @throws KvmError with the names of the machines that libvirt did not attach
 */
export async function attachAgain(host: Host, uuid: string): Promise<string[]> {
  const { libvirt } = host;
  const live = async () => parse((await libvirt.liveDefinition("network", uuid)) ?? "<network/>");
  const network = await live();
  const name = textOf(network, "name") ?? "";
  const { movable } = await detachedOf(host, uuid, network);
  const failures =
    movable.length === 0
      ? await removeDetour(libvirt, uuid).then(() => [])
      : await withDetour(libvirt, uuid, (bridge) =>
          Promise.allSettled(movable.map((nic) => attach(libvirt, nic, name, bridge))),
        );
  const left = await detachedOf(host, uuid, await live());
  if (left.movable.length === 0) return namesOf(left.fixed);
  throw new KvmError(
    "conflict",
    `network "${name}" runs again, but machines are not attached to it: ${namesOf(left.movable).join(", ")}`,
    {
      remedy: "Shut them down and start them again",
      cause: failures.find((each) => each.status === "rejected")?.reason,
    },
  );
}

/** libvirt takes an interface of the same network for unchanged, so it is first moved to another bridge. */
async function attach(
  libvirt: Libvirt,
  { domainUuid, element }: GuestNic,
  network: string,
  detour: string,
): Promise<void> {
  const portgroup = attributeOf(element, "source", "portgroup");
  const byBridge = withAttributes(withSource(element, el("source", { bridge: detour })), { type: "bridge" });
  const byNetwork = withAttributes(withSource(element, el("source", { network, portgroup })), { type: "network" });
  await libvirt.changeLive(domainUuid, { kind: "update-device", xml: render(byBridge) });
  await libvirt.changeLive(domainUuid, { kind: "update-device", xml: render(byNetwork) });
}

function withSource(nic: Element, source: Element): Element {
  return mapChildren(nic, (child) => (child.name === "source" ? source : child));
}

function isByBridge(nic: Element): boolean {
  return nic.attributes["type"] === "bridge";
}

/** A running guest can't be moved from or to a device's macvtap. */
export function isMacvtap(nic: Element): boolean {
  return attributeOf(nic, "source", "dev") !== undefined;
}
