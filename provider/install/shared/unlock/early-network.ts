import { isIP } from "node:net";
import { netmaskOf, parseCidr4 } from "../../../values/ip";
import { addressingOf, isIpv4, isMember } from "../links";
import type { NetworkInterface } from "../network";
import type { SystemOptions } from "../system";

/** Stands in the kernel's arguments for the card's name, which may be known by its MAC address in the installer only. */
export const cardPlaceholder = "CARD";

/** The network of the initial RAM disk, which has to reach a Tang server. */
export interface EarlyNetwork {
  /** Name or MAC address of the card; empty for whichever has a link. */
  readonly card: string;
  /** The setting `IP` of initramfs-tools; empty for DHCP on any card. */
  readonly initramfsTools: string;
  /** Kernel arguments for dracut. */
  readonly dracut: string;
}

/** Whether the user says how the kernel gets its addresses. */
export function hasOwnNetwork({ kernelArguments }: Pick<SystemOptions, "kernelArguments">): boolean {
  return kernelArguments.some((argument) => argument.startsWith("ip="));
}

/**
 * The interface that the initial RAM disk can use: the first network card with an address of its own. Undefined without
 * one, and where any card will do.
 */
export function earlyInterface({ network }: Pick<SystemOptions, "network">): NetworkInterface | undefined {
  const { interfaces } = network ?? { interfaces: [] };
  return interfaces.find(
    (one) =>
      (one.vlan ?? one.bond ?? one.bridge) === undefined &&
      !isMember(one, interfaces) &&
      !addressingOf(one, interfaces).isBare,
  );
}

export function earlyNetwork(system: Pick<SystemOptions, "network" | "kernelArguments">): EarlyNetwork {
  if (hasOwnNetwork(system)) return { card: "", initramfsTools: "", dracut: neededNetwork };
  const one = earlyInterface(system);
  if (one === undefined) return { card: "", initramfsTools: "", dracut: `${neededNetwork} ip=dhcp` };
  const card = one.mac ?? one.name ?? "";
  const device = card === "" ? "" : cardPlaceholder;
  const fixed = one.addresses.find(isIpv4) ?? (one.dhcp4 === true ? undefined : one.addresses[0]);
  return { card, ...(fixed === undefined ? automatic(one, device) : byAddress(one, fixed, device)) };
}

/** Without it dracut starts a network only for a root on it. */
const neededNetwork = "rd.neednet=1";

type Settings = Omit<EarlyNetwork, "card">;

function automatic(one: NetworkInterface, device: string): Settings {
  const method = addressingOf(one, [one]).ipv4 === "none" ? "auto6" : "dhcp";
  if (device === "") return { initramfsTools: "", dracut: `${neededNetwork} ip=${method}` };
  return { initramfsTools: `:::::${device}:dhcp`, dracut: `${neededNetwork} ip=${device}:${method}` };
}

function byAddress(one: NetworkInterface, fixed: string, device: string): Settings {
  const servers = one.dns.filter((server) => isIP(server) === (isIpv4(fixed) ? 4 : 6));
  const { address, router, mask } = isIpv4(fixed) ? partsOf4(fixed, one) : partsOf6(fixed, one);
  const beginning = `${address}::${router}:${mask}::${device}`;
  const names = servers.map((server) => ` nameserver=${bracketed(server)}`).join("");
  return {
    initramfsTools: [beginning, "off", ...servers.slice(0, 2)].join(":"),
    dracut: `${neededNetwork} ip=${beginning}:none${names}`,
  };
}

function partsOf4(cidr: string, { gateway = "" }: NetworkInterface) {
  const [address = ""] = cidr.split("/");
  return { address, router: gateway, mask: netmaskOf(parseCidr4(cidr)?.prefix ?? 32) };
}

function partsOf6(cidr: string, { gateway6 = "" }: NetworkInterface) {
  const [address = "", prefix = "64"] = cidr.split("/");
  return { address: bracketed(address), router: bracketed(gateway6), mask: prefix };
}

function bracketed(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}
