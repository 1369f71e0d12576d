import { attributeOf, childrenOf, type Element, find, textOf } from "../../format/xml";
import { cidrOf, networkIp } from "../../libvirt/network-ip";
import { formatAddress, formatSubnet, parseAddress } from "../../values/ip";
import { readDns } from "./dns/read";
import { readIp } from "./ip/read";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, PortGroup, Route } from "./schema";

/**
 * The inputs as libvirt has them now, compared with those of the last deployment: what libvirt chose by itself, and
 * DHCP hosts that machines added, are no drift.
 */
export function readNetwork(
  network: Element,
  inputs: NetworkInputs,
  { autostart, running }: Pick<NetworkInputs, "autostart" | "running">,
): NetworkInputs {
  const mode = modeOf(network);
  const domain = find(network, "domain")?.attributes;
  return {
    ...inputs,
    name: textOf(network, "name") ?? inputs.name,
    mode,
    devices: readDevices(find(network, "forward")),
    bridge: hasOwnBridge(mode) && inputs.bridge === undefined ? undefined : attributeOf(network, "bridge", "name"),
    virtualPort: attributeOf(network, "virtualport", "type") as NetworkInputs["virtualPort"],
    nat: readNat(find(network, "forward/nat"), inputs.nat),
    mtu: numberOf(attributeOf(network, "mtu", "size")),
    ipv4: readFamily(network, 4, inputs.ipv4) as NetworkInputs["ipv4"],
    ipv6: readFamily(network, 6, inputs.ipv6) as NetworkInputs["ipv6"],
    routes: childrenOf(network, "route").map(readRoute),
    domain: domain && { name: domain["name"] ?? "", localOnly: domain["localOnly"] === "yes" },
    dns: readDns(find(network, "dns"), inputs.dns),
    portGroups: childrenOf(network, "portgroup").map(readPortGroup),
    dnsmasqOptions: childrenOf(find(network, "dnsmasq:options")).map(({ attributes }) => attributes["value"] ?? ""),
    autostart,
    running,
  };
}

export function modeOf(network: Element): NetworkInputs["mode"] {
  const forward = find(network, "forward");
  return forward === undefined ? "isolated" : ((forward.attributes["mode"] ?? "nat") as NetworkInputs["mode"]);
}

function readFamily(network: Element, family: 4 | 6, asked: NetworkInputs["ipv4"] | NetworkInputs["ipv6"]) {
  const ip = networkIp(network, family, asked?.subnet);
  return ip && readIp(ip.element, asked);
}

function readDevices(forward: Element | undefined): string[] {
  const devices = childrenOf(forward, "interface").map(({ attributes }) => attributes["dev"]);
  return (devices.length > 0 ? devices : [forward?.attributes["dev"]]).filter((device) => device !== undefined);
}

/** What libvirt shows of a running network that asks for nothing. */
const allPorts = { start: 1024, end: 65535 };

function readNat(nat: Element | undefined, asked: NetworkInputs["nat"]): NetworkInputs["nat"] {
  const [start, end] = [numberOf(attributeOf(nat, "port", "start")), numberOf(attributeOf(nat, "port", "end"))];
  const isDefault = start === allPorts.start && end === allPorts.end && asked?.ports === undefined;
  const ports = start === undefined || end === undefined || isDefault ? undefined : { start, end };
  const ipv6 = nat?.attributes["ipv6"] === "yes";
  return asked === undefined && ports === undefined && !ipv6 ? undefined : { ports, ipv6 };
}

function readRoute(route: Element): Route {
  const { attributes } = route;
  const [cidr, gateway] = [cidrOf(route), parseAddress(attributes["gateway"] ?? "")];
  return {
    destination: cidr === undefined ? "" : formatSubnet(cidr),
    gateway: gateway === undefined ? "" : formatAddress(gateway),
    metric: numberOf(attributes["metric"]),
  };
}

function readPortGroup(group: Element): PortGroup {
  return {
    name: group.attributes["name"] ?? "",
    default: group.attributes["default"] === "yes",
    vlans: childrenOf(find(group, "vlan"), "tag").map(({ attributes }) => Number(attributes["id"])),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
