import { each } from "../../resource/known";
import {
  differ,
  eachIn,
  isAnyGiven,
  type Report,
  reportRepeated,
  type Rule,
  rulesOf,
  when,
  within,
} from "../../resource/rules";
import { contains, parseAddress, parseCidr, subnetOf } from "../../values/ip";
import { dnsRules } from "./dns/rules";
import { ipRules } from "./ip/rules";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, PortGroup, Route } from "./schema";

type NetworkRule = Rule<NetworkInputs, NetworkInputs>;

const hasAddress = (network: NetworkInputs) => isAnyGiven(network, ["ipv4", "ipv6"]);

const ownBridgeRules: readonly NetworkRule[] = [
  (network, report) => {
    const { mode } = network;
    if (mode !== "isolated" && !hasAddress(network))
      report(["ipv4"], `is missing: mode "${mode}" needs a subnet, such as ipv4: { subnet: "192.168.100.0/24" }`);
  },
  ({ mode, devices }, report) => {
    if (mode === "isolated" && devices.length > 0)
      report(["devices"], "can't be set on an isolated network, which reaches no device; remove it or change the mode");
  },
  ({ mode, devices }, report) => {
    if (mode === "open" && devices.length > 0)
      report(
        ["devices"],
        'can\'t be set with mode "open", where libvirt creates no firewall rules; remove it, or use mode "route"',
      );
  },
  ({ mode, devices }, report) => {
    if (devices.length > 1) report(["devices"], `has ${devices.length} devices, but mode "${mode}" uses one at most`);
  },
  ({ mode, virtualPort }, report) => {
    if (virtualPort !== undefined)
      report(["virtualPort"], `needs mode "bridge"; with mode "${mode}" libvirt creates a Linux bridge`);
  },
  ({ mode, nat }, report) => {
    if (mode !== "nat" && nat !== undefined)
      report(["nat"], `needs mode "nat", but the mode is "${mode}"; remove it or change the mode`);
  },
  ({ nat }, report) => {
    if (nat?.ports !== undefined && nat.ports.end < nat.ports.start)
      report(["nat", "ports", "end"], `${nat.ports.end} comes before the first port ${nat.ports.start}; swap them`);
  },
  when(
    (network) => !hasAddress(network),
    ...(["domain", "dns"] as const).map(needsSubnet),
    ({ dnsmasqOptions }, report) => {
      if (dnsmasqOptions.length > 0)
        report(["dnsmasqOptions"], "needs a subnet: without one no dnsmasq runs; add ipv4 or ipv6");
    },
  ),
];

function needsSubnet(field: "domain" | "dns"): NetworkRule {
  return (network, report) => {
    if (network[field] !== undefined)
      report([field], "needs a subnet: without one the host answers nothing; add ipv4 or ipv6");
  };
}

/** Guests are on a bridge or device of the host, which libvirt knows only by its name. */
const foreignBridgeRules: readonly NetworkRule[] = [
  ({ mode, bridge, devices }, report) => {
    if (mode === "bridge" && bridge === undefined && devices.length === 0)
      report(["bridge"], 'is missing: mode "bridge" needs the name of a bridge of the host, or devices');
  },
  ({ bridge, devices }, report) => {
    if (bridge !== undefined && devices.length > 0)
      report(
        ["devices"],
        "can't be set together with bridge: guests are either on the host's bridge or on its devices",
      );
  },
  ({ mode, devices }, report) => {
    if (mode !== "bridge" && devices.length === 0)
      report(["devices"], `is empty: mode "${mode}" needs the device of the host for the guests`);
  },
  ({ mode, bridge }, report) => {
    if (mode !== "bridge" && bridge !== undefined)
      report(["bridge"], `can't be set with mode "${mode}", which has devices and no bridge; remove it`);
  },
  ({ virtualPort, bridge }, report) => {
    if (virtualPort !== undefined && bridge === undefined)
      report(["virtualPort"], "needs a bridge; give the name of the Open vSwitch bridge in bridge");
  },
  (network, report) => {
    const others = Object.keys(network).filter((field) => !ofForeignBridge.has(field));
    each(others, (field) => {
      if (isSet(network[field as keyof NetworkInputs]))
        report([field], `can't be set with mode "${network.mode}", where the host's own network decides; remove it`);
    });
  },
];

/** The fields that a network on a bridge or device of the host has; the host decides all others. */
const ofForeignBridge: ReadonlySet<string> = new Set<keyof NetworkInputs>([
  ...(["connection", "name", "adopt", "deleteAdopted", "shared", "allowRestart", "autostart", "running"] as const),
  ...(["mode", "bridge", "devices", "virtualPort", "portGroups"] as const),
]);

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function routeRule({ destination, gateway }: Route, report: Report, network: NetworkInputs): void {
  const [to, by] = [parseCidr(destination), parseAddress(gateway)];
  if (to === undefined || by === undefined || !hasOwnBridge(network.mode)) return;
  if (to.family !== by.family) {
    report(["gateway"], `${gateway} is of another family than ${destination}; give an IPv${to.family} address`);
    return;
  }
  const subnet = parseCidr((by.family === 4 ? network.ipv4 : network.ipv6)?.subnet ?? "");
  if (subnet === undefined || !contains(subnetOf(subnet), by))
    report(["gateway"], `${gateway} is not in the network's own IPv${by.family} subnet; give the address of a guest`);
}

function defaultRule({ portGroups }: NetworkInputs, report: Report): void {
  reportRepeated(
    each(portGroups, (group) => (group.default ? "default" : undefined)),
    (_, index, first) =>
      report(
        ["portGroups", index, "default"],
        `portGroups[${first}] is already the default, and there can be only one`,
      ),
  );
}

function vlanRule({ vlans }: PortGroup, report: Report, { mode, virtualPort }: NetworkInputs): void {
  if (vlans.length > 0 && mode !== "passthrough" && virtualPort !== "openvswitch")
    report(
      ["vlans"],
      'need mode "passthrough", or mode "bridge" with virtualPort "openvswitch": in other modes libvirt tags no frames',
    );
}

/** Rules about several fields together; libvirt accepts most of these mistakes without an error. */
export const networkRules = rulesOf<NetworkInputs>(
  when(({ mode }) => hasOwnBridge(mode), ...ownBridgeRules),
  when(({ mode }) => !hasOwnBridge(mode), ...foreignBridgeRules),
  within("ipv4", ipRules),
  within("ipv6", ipRules),
  eachIn("routes", routeRule),
  within("dns", ...dnsRules),
  differ("portGroups", ["name"], (name, first) => `"${name}" is already portGroups[${first}]; choose another`),
  defaultRule,
  eachIn("portGroups", vlanRule),
);
