import type { z } from "zod";
import { contains, parseAddress, parseCidr, subnetOf } from "../../ip";
import { dnsRules } from "./dns/rules";
import { ipRules } from "./ip/rules";
import { hasOwnBridge } from "./modes";
import { type Report, reportTwice } from "./report";
import type { NetworkInputs } from "./schema";

/** What no single field can say of itself; libvirt accepts most of these mistakes without a word. */
export function networkRules(network: Rulable, context: z.core.$RefinementCtx): void {
  const report: Report = (path, message) =>
    context.addIssue({ code: "custom", path: [...path], message, input: network });
  if (hasOwnBridge(network.mode)) checkOwnBridge(network, report);
  else checkForeignBridge(network, report);
  for (const family of ["ipv4", "ipv6"] as const) {
    const ip = network[family];
    if (ip !== undefined) ipRules(ip, (path, message) => report([family, ...path], message));
  }
  network.routes.forEach((route, index) => checkRoute(network, route, index, report));
  const { dns } = network;
  if (dns !== undefined)
    dnsRules(dns, network.domain !== undefined, (path, message) => report(["dns", ...path], message));
  checkPortGroups(network, report);
}

type Rulable = Omit<NetworkInputs, "connection" | "name" | "adopt" | "allowRestart" | "autostart">;

const onlyOwnBridge = ["ipv4", "ipv6", "domain", "dns", "mtu", "nat"] as const;

function checkOwnBridge(network: Rulable, report: Report): void {
  const { mode, devices } = network;
  const hasAddress = network.ipv4 !== undefined || network.ipv6 !== undefined;
  if (mode !== "isolated" && !hasAddress)
    report(["ipv4"], `is missing: mode "${mode}" needs a subnet, such as ipv4: { subnet: "192.168.100.0/24" }`);
  if (mode === "isolated" && devices.length > 0)
    report(
      ["devices"],
      "can't be set on an isolated network, which reaches no device; leave it out or change the mode",
    );
  if (mode === "open" && devices.length > 0)
    report(
      ["devices"],
      'can\'t be set with mode "open", where libvirt makes no firewall rules; leave it out, or use mode "route"',
    );
  if (devices.length > 1)
    report(["devices"], `has ${devices.length} devices, and mode "${mode}" leaves by one at most`);
  if (network.virtualPort !== undefined)
    report(["virtualPort"], `needs mode "bridge"; with mode "${mode}" libvirt makes a Linux bridge`);
  if (mode !== "nat" && network.nat !== undefined)
    report(["nat"], `needs mode "nat", but the mode is "${mode}"; leave it out or change the mode`);
  checkNatPorts(network, report);
  if (hasAddress) return;
  for (const field of ["domain", "dns"] as const) {
    if (network[field] !== undefined)
      report([field], "needs a subnet: without one the host answers nothing; add ipv4 or ipv6");
  }
  if (network.dnsmasqOptions.length > 0)
    report(["dnsmasqOptions"], "needs a subnet: without one no dnsmasq runs; add ipv4 or ipv6");
}

function checkNatPorts({ nat }: Rulable, report: Report): void {
  if (nat?.ports !== undefined && nat.ports.end < nat.ports.start)
    report(["nat", "ports", "end"], `${nat.ports.end} comes before the first port ${nat.ports.start}; swap them`);
}

/** Guests are on a bridge or device of the host's, which libvirt only knows by its name. */
function checkForeignBridge(network: Rulable, report: Report): void {
  const { mode, bridge, devices } = network;
  if (mode === "bridge" && bridge === undefined && devices.length === 0)
    report(["bridge"], 'is missing: mode "bridge" needs the name of a bridge that the host has, or devices');
  if (bridge !== undefined && devices.length > 0)
    report(["devices"], "can't be set beside bridge: guests are either on the host's bridge or on its devices");
  if (mode !== "bridge" && devices.length === 0)
    report(["devices"], `is empty: mode "${mode}" needs the device of the host that guests are put on`);
  if (mode !== "bridge" && bridge !== undefined)
    report(["bridge"], `can't be set with mode "${mode}", which has devices and no bridge; leave it out`);
  if (network.virtualPort !== undefined && bridge === undefined)
    report(["virtualPort"], "needs a bridge; name the Open vSwitch bridge in bridge");
  for (const field of onlyOwnBridge) {
    if (network[field] !== undefined)
      report([field], `can't be set with mode "${mode}", where the host's own network decides; leave it out`);
  }
  for (const field of ["routes", "dnsmasqOptions"] as const) {
    if (network[field].length > 0)
      report([field], `can't be set with mode "${mode}", where the host's own network decides; leave it out`);
  }
}

function checkRoute(
  network: Rulable,
  { destination, gateway }: Rulable["routes"][number],
  index: number,
  report: Report,
): void {
  const [to, by] = [parseCidr(destination), parseAddress(gateway)];
  if (to === undefined || by === undefined || !hasOwnBridge(network.mode)) return;
  const at = ["routes", index, "gateway"];
  const subnet = parseCidr((by.family === 4 ? network.ipv4 : network.ipv6)?.subnet ?? "");
  if (to.family !== by.family)
    report(at, `${gateway} is of another family than ${destination}; give an IPv${to.family} address`);
  else if (subnet === undefined || !contains(subnetOf(subnet), by))
    report(at, `${gateway} is not in the network's own IPv${by.family} subnet; give the address of a guest`);
}

function checkPortGroups({ mode, virtualPort, portGroups }: Rulable, report: Report): void {
  reportTwice(
    portGroups.map(({ name }) => name),
    (index, first, name) =>
      report(["portGroups", index, "name"], `"${name}" is portGroups[${first}] already; choose another`),
  );
  reportTwice(
    portGroups.map((group) => (group.default ? "default" : undefined)),
    (index, first) =>
      report(["portGroups", index, "default"], `portGroups[${first}] is the default already; there is only one`),
  );
  if (mode === "passthrough" || virtualPort === "openvswitch") return;
  portGroups.forEach(({ vlans }, index) => {
    if (vlans.length > 0)
      report(
        ["portGroups", index, "vlans"],
        'need mode "passthrough", or mode "bridge" with virtualPort "openvswitch": libvirt tags no frames elsewhere',
      );
  });
}
