import { attributeOf, childrenOf, type Element, parse, textOf } from "../../format/xml";
import { cidrOf } from "../../libvirt/network-ip";
import type { Host } from "../../resource/host";
import { eachAtHost, ifKnownAtHost } from "../../resource/known";
import { Conflict } from "../../values/errors";
import { type Cidr, formatSubnet, overlap, parseAddress, parseCidr, subnetOf } from "../../values/ip";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs } from "./schema";
import { linksOf } from "./taps";

interface Taken {
  readonly cidr: Cidr;
  /** The owner of the subnet, in words. */
  readonly by: string;
}

/** The existing network. */
export interface Present {
  readonly root: Element;
  readonly isActive: boolean;
}

/**
 * libvirt lets networks overlap each other and the host's routes, and then one hides the other.
 * @param actual its existing subnets are not checked again
 * @param replaced name of the network that it replaces, which is deleted first
 * @throws Conflict that names the other one
 */
export async function refuseConflicts(
  host: Host,
  inputs: NetworkInputs,
  found: Present | undefined,
  replaced?: string,
): Promise<void> {
  const all = await otherNetworks(host, inputs.name);
  const going = all.filter((network) => textOf(network, "name") === replaced);
  const others = all.filter((network) => !going.includes(network));
  const actual = found?.root;
  const own = [...going, actual].filter(isDefined);
  const isActive = found?.isActive === true || going.length > 0;
  await ifKnownAtHost(() => refuseBridge(host, inputs, { own, others, isActive }));
  const actualSubnets = childrenOf(actual, "ip").map(cidrOf).filter(isDefined).map(formatSubnet);
  await eachAtHost(["ipv4", "ipv6"] as const, async (family) => {
    const subnet = inputs[family]?.subnet;
    if (subnet !== undefined && !actualSubnets.includes(subnet))
      await refuseOverlap(host, subnet, `${family}.subnet`, { own, others });
  });
}

interface Networks {
  /** The network's own definition, and that of the network that it replaces. */
  readonly own: readonly Element[];
  readonly others: readonly Element[];
}

async function refuseOverlap(host: Host, subnet: string, property: string, { own, others }: Networks): Promise<void> {
  const desired = parseCidr(subnet);
  if (desired === undefined) return;
  const bridges = [...others, ...own].map((network) => attributeOf(network, "bridge", "name"));
  const taken = [...others.flatMap(subnetsOf), ...(await routesOf(host, desired, bridges))];
  const other = taken.find(({ cidr }) => overlap(subnetOf(cidr), subnetOf(desired)));
  if (other === undefined) return;
  throw new Conflict(`${subnet} overlaps ${formatSubnet(other.cidr)}, ${other.by}`, {
    property,
    remedy: "Choose another subnet",
  });
}

async function otherNetworks({ libvirt }: Host, name: string): Promise<Element[]> {
  const entries = (await libvirt.list("network")).filter((entry) => entry.name !== name);
  const definitions = await Promise.all(entries.map(({ uuid }) => libvirt.definition("network", uuid)));
  return definitions.filter(isDefined).map(parse);
}

function subnetsOf(network: Element): Taken[] {
  const by = `which network "${textOf(network, "name") ?? ""}" has`;
  const cidrs = [...childrenOf(network, "ip"), ...childrenOf(network, "route")].map(cidrOf);
  return cidrs.filter(isDefined).map((cidr) => ({ cidr, by }));
}

interface HostRoute {
  readonly dst: string;
  readonly dev?: string;
}

/** The host's routes, without those of libvirt's networks, which are reported by the network's name. */
async function routesOf({ run }: Host, { family }: Cidr, bridges: readonly (string | undefined)[]): Promise<Taken[]> {
  const { stdout } = await run("ip", ["-json", `-${family}`, "route", "show"]);
  const routes = (JSON.parse(stdout === "" ? "[]" : stdout) as HostRoute[]).filter(
    ({ dev }) => !bridges.includes(dev ?? ""),
  );
  return routes.flatMap(({ dst, dev }) => {
    const cidr = parseCidr(dst.includes("/") ? dst : `${dst}/${family === 4 ? 32 : 128}`);
    // Every interface has its own link-local route.
    if (cidr === undefined || overlap(subnetOf(cidr), linkLocal)) return [];
    return [
      { cidr, by: dev === undefined ? "to which the host has a route" : `to which the host has a route by ${dev}` },
    ];
  });
}

const linkLocal = subnetOf({ ...(parseAddress("fe80::") ?? { family: 6, value: 0n }), prefix: 10 });

async function refuseBridge(
  host: Host,
  inputs: NetworkInputs,
  { own, others, isActive }: Networks & { readonly isActive: boolean },
): Promise<void> {
  const { bridge, mode } = inputs;
  if (bridge === undefined || !hasOwnBridge(mode)) return;
  const isOwn = own.some((network) => attributeOf(network, "bridge", "name") === bridge);
  if (isOwn && isActive) return;
  const other = others.find((network) => attributeOf(network, "bridge", "name") === bridge);
  if (other !== undefined && !isOwn)
    throw bridgeInUse(bridge, `it is the bridge of network "${textOf(other, "name") ?? ""}"`);
  await refuseDeviceAsBridge(host, inputs);
}

/**
 * Checked before a network with its own bridge starts, because a start that fails at a device of that name may remove
 * the device.
 * @throws Conflict if the host has such a device
 */
export async function refuseDeviceAsBridge({ run }: Host, { bridge, mode }: NetworkInputs): Promise<void> {
  if (bridge === undefined || !hasOwnBridge(mode)) return;
  const links = await linksOf({ run });
  if (links.some(({ ifname }) => ifname === bridge)) throw bridgeInUse(bridge, "the host has a device of that name");
}

function bridgeInUse(bridge: string, by: string): Conflict {
  return new Conflict(`"${bridge}" is in use: ${by}`, {
    property: "bridge",
    remedy: "Choose another name, or remove it",
  });
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
