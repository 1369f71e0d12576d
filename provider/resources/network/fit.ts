import { type Element, find, isEmpty, mapChildren, withChild } from "../../format/xml";
import { isOfSubnet, networkIp } from "../../libvirt/network-ip";
import { contains, type Family, parseAddress, parseCidr, subnetOf } from "../../values/ip";
import { subnet } from "./ip/places";
import type { Ip } from "./ip/schema";
import { hasOwnBridge } from "./modes";
import { hostKey, withoutNotedHosts } from "./own-hosts";
import { modeOf } from "./places";
import type { NetworkInputs } from "./schema";
import { respelt } from "./spelling";

export interface NetworkChange {
  readonly desired: NetworkInputs;
  /** The inputs of the last deployment. */
  readonly previous: NetworkInputs;
  /** Keys of the resource's own DHCP hosts, including earlier ones. All others are machines'. */
  readonly ownHosts: ReadonlySet<string>;
}

/** The actual definition in canonical spelling, without the parts that conflict with the desired ones. */
export function fitted(actual: Element, change: NetworkChange): Element {
  const { desired } = change;
  const isOwn = hasOwnBridge(desired.mode);
  const isOther = hasOwnBridge(modeOf(actual)) !== isOwn;
  const network = mapChildren(respelt(withoutNotedHosts(actual)), (child) => {
    if (child.name === "forward") return fittedForward(child, desired);
    const goes = (child.name === "bridge" && isOther) || (child.name === "mac" && !isOwn);
    return goes ? undefined : child;
  });
  return withFittedIps(network, change);
}

/** The alternatives for the guests' devices exclude each other. */
function fittedForward(forward: Element, { mode }: NetworkInputs): Element {
  const others = mode === "nat" ? ["pf", "address"] : ["pf", "address", "nat"];
  return mapChildren(forward, (child) => (others.includes(child.name) ? undefined : child));
}

const families = { ipv4: 4, ipv6: 6 } as const satisfies Record<string, Family>;
type Field = keyof typeof families;
const fields: readonly Field[] = ["ipv4", "ipv6"];

function withFittedIps(network: Element, change: NetworkChange): Element {
  return fields.reduce((edited, field) => {
    const [ip, desiredIp] = [meantIp(edited, field, change), change.desired[field]];
    if (ip === undefined || desiredIp === undefined) return edited;
    return mapChildren(edited, (child) =>
      child === ip ? fittedIp(ip, desiredIp, change.previous[field], change) : child,
    );
  }, network);
}

/** The subnet of the actual or previous inputs. A network may have several of one family, and the others stay. */
function meantIp(network: Element, field: Field, { desired, previous }: NetworkChange): Element | undefined {
  const subnetOfInputs = desired[field]?.subnet;
  const same = networkIp(network, families[field], subnetOfInputs)?.element;
  if (same !== undefined && isOfSubnet(same, subnetOfInputs)) return same;
  const before = previous[field];
  return before && networkIp(network, families[field], before.subnet)?.element;
}

/** Without addresses in the inputs, the network gives none. */
function fittedIp(ip: Element, desired: Ip, previous: Ip | undefined, { ownHosts }: NetworkChange): Element {
  const kept = desired.dhcp === undefined && previous?.dhcp !== undefined ? withChild(ip, "dhcp", undefined) : ip;
  if (isOfSubnet(kept, desired.subnet)) return kept;
  const moved = subnet.write(kept, desired.subnet);
  return withHosts(moved, (host) => ownHosts.has(hostKey(host.attributes)) || isInside(host, desired.subnet));
}

function isInside({ attributes }: Element, text: string): boolean {
  const [cidr, address] = [parseCidr(text), parseAddress(attributes["ip"] ?? "")];
  return cidr === undefined || address === undefined || contains(subnetOf(cidr), address);
}

function withHosts(ip: Element, stays: (host: Element) => boolean): Element {
  const dhcp = find(ip, "dhcp");
  if (dhcp === undefined) return ip;
  const kept = mapChildren(dhcp, (child) => (child.name !== "host" || stays(child) ? child : undefined));
  return withChild(ip, "dhcp", isEmpty(kept) ? undefined : kept);
}

/** The network without others' parts: subnets that are not in the inputs, and machines' hosts. */
export function ownPartOf(network: Element, change: NetworkChange): Element {
  const meant = fields.map((field) => meantIp(network, field, change));
  return partOf(network, new Map(meant.filter((ip) => ip !== undefined).map((ip) => [ip, change.ownHosts])));
}

/** @param ips the subnets that belong to it, and the keys of the DHCP hosts that do */
export function partOf(network: Element, ips: ReadonlyMap<Element, ReadonlySet<string>>): Element {
  return mapChildren(network, (child) => {
    if (child.name !== "ip") return child;
    const keys = ips.get(child);
    return keys && withHosts(child, ({ attributes }) => keys.has(hostKey(attributes)));
  });
}

/** The part that belongs to a program with those inputs: of several subnets of one family its own, else the first. */
export function desiredPartOf(network: Element, inputs: NetworkInputs): Element {
  const ips = fields.flatMap((field) => {
    const ip = networkIp(network, families[field], inputs[field]?.subnet)?.element;
    const keys = new Set((inputs[field]?.dhcp?.hosts ?? []).map(hostKey));
    return ip === undefined ? [] : [[ip, keys] as const];
  });
  return partOf(network, new Map(ips));
}
