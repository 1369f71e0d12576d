import type { z } from "zod";
import { addressToNumber, numberToAddress, parseCidr, subnetRange } from "../../scalars";

interface Host {
  readonly mac: string;
  readonly address: string;
}

interface Candidate {
  readonly mode: string;
  readonly subnet?: string | undefined;
  readonly hostAddress?: string | undefined;
  readonly domain?: string | undefined;
  readonly dhcp?: { readonly start: string; readonly end: string; readonly hosts: readonly Host[] } | undefined;
  readonly bridge?: string | undefined;
  readonly device?: string | undefined;
}

type Report = (path: (string | number)[], message: string) => void;

/** What no single field can say of itself; libvirt accepts most of these mistakes without a word. */
export function networkRules(network: Candidate, context: z.core.$RefinementCtx): void {
  const report: Report = (path, message) => context.addIssue({ code: "custom", path, message, input: network });
  checkMode(network, report);
  if (network.subnet === undefined) checkWithoutSubnet(network, report);
  else checkSubnet(network, network.subnet, report);
}

function checkMode(network: Candidate, report: Report): void {
  if (network.mode === "bridge") {
    if (network.bridge === undefined)
      report(["bridge"], 'is missing: mode "bridge" needs the name of a bridge that the host has');
    for (const field of ["subnet", "hostAddress", "domain", "dhcp", "device"] as const) {
      if (network[field] !== undefined)
        report([field], "can't be set with mode \"bridge\", where the host's own network decides; leave it out");
    }
    return;
  }
  if (network.mode !== "isolated" && network.subnet === undefined) {
    report(["subnet"], `is missing: mode "${network.mode}" needs one, such as "192.168.100.0/24"`);
  }
  if (network.mode === "isolated" && network.device !== undefined) {
    report(["device"], "can't be set on an isolated network, which reaches no device; leave it out or change the mode");
  }
}

function checkWithoutSubnet(network: Candidate, report: Report): void {
  if (network.mode === "bridge") return;
  for (const field of ["hostAddress", "dhcp"] as const) {
    if (network[field] !== undefined) report([field], "needs a subnet; add one or leave this out");
  }
}

function checkSubnet(network: Candidate, subnet: string, report: Report): void {
  const inside = (path: (string | number)[], address: string) => {
    if (!usable(subnet, address))
      report(path, `${address} is not a host's address in ${subnet}; choose one from ${usableRange(subnet)}`);
  };
  if (network.hostAddress !== undefined) inside(["hostAddress"], network.hostAddress);
  if (network.dhcp === undefined) return;
  const { start, end, hosts } = network.dhcp;
  inside(["dhcp", "start"], start);
  inside(["dhcp", "end"], end);
  if (addressToNumber(start) > addressToNumber(end))
    report(["dhcp", "end"], `${end} comes before the range's start ${start}; swap them`);
  hosts.forEach((host, index) => inside(["dhcp", "hosts", index, "address"], host.address));
  checkTaken(network, subnet, hosts, report);
}

function checkTaken(network: Candidate, subnet: string, hosts: readonly Host[], report: Report): void {
  const gateway = gatewayOf({ subnet, hostAddress: network.hostAddress });
  hosts.forEach((host, index) => {
    if (host.address === gateway)
      report(["dhcp", "hosts", index, "address"], `${gateway} is the host's own address; choose another`);
    for (const field of ["mac", "address"] as const) {
      const first = hosts.findIndex((other) => other[field] === host[field]);
      if (first < index)
        report(
          ["dhcp", "hosts", index, field],
          `${host[field]} is given to dhcp.hosts[${first}] already; choose another`,
        );
    }
  });
}

/** The host's address in the subnet: the one given, else the first. */
export function gatewayOf({ subnet, hostAddress }: { subnet: string; hostAddress?: string | undefined }): string {
  if (hostAddress !== undefined) return hostAddress;
  const cidr = parseCidr(subnet);
  return cidr === undefined ? "" : numberToAddress(subnetRange(cidr).first + 1);
}

function usable(subnet: string, address: string): boolean {
  const cidr = parseCidr(subnet);
  if (cidr === undefined) return true; // its own error says so
  const { first, last } = subnetRange(cidr);
  const number = addressToNumber(address);
  return number > first && number < last;
}

function usableRange(subnet: string): string {
  const { first, last } = subnetRange(parseCidr(subnet) ?? { address: 0, prefix: 0 });
  return `${numberToAddress(first + 1)} to ${numberToAddress(last - 1)}`;
}
