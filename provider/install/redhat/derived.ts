import { joinArguments } from "../../format/kernel-arguments";
import { splitKickstart } from "../../format/kickstart";
import { netmaskOf, parseCidr4 } from "../../values/ip";
import { withConsoles } from "../shared/boot-arguments";
import { keyboardOf } from "../shared/names/keyboard";
import { localeOf } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import { addressingOf, bondOptionsOf, inOrder, isMadeFrom, isMember } from "../shared/links";
import type { NetworkInterface } from "../shared/network";
import { neededPackages } from "../shared/packages";
import type { SystemOptions } from "../shared/system";
import { described, isDescribed } from "./partitioning";
import type { RedhatOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: RedhatOptions): Readonly<Record<string, unknown>> {
  const { hostname = "redhat", domain } = system;
  return {
    locale: localeOf(system.locale),
    keyboard: keyboardParts(system.keyboard),
    timezone: timeZoneOf(system.timezone),
    hostname: domain === undefined ? hostname : `${hostname}.${domain}`,
    interfaces: interfacesOf(system),
    mirror: plainUrl(system.mirror),
    proxy: plainUrl(system.proxy),
    isCdrom: own.source === "cdrom",
    repositories: own.repositories.map(({ name, url, mirrorList, metalink }) => {
      return { name, url: plainUrl(url), mirrorList: plainUrl(mirrorList), metalink: plainUrl(metalink) };
    }),
    // Anaconda lets SSH in unless the answers forbid it.
    isSshLetIn: own.firewall.services.includes("ssh"),
    kernelArguments: joinArguments(withConsoles(system.kernelArguments)),
    disk: diskParts(system.disk, own.partitioning),
    // An @ may stand before a group as in a kickstart file; the template writes its own.
    groups: system.groups.map((group) => group.replace(/^@/, "")),
    packages: packagesOf(system),
    // The installer brings chrony of itself, unless it is left out.
    excludedPackages: [...own.excludedPackages, ...(system.ntp === false ? ["chrony"] : [])],
  };
}

/** Of a layout alone the installer finds the kernel's keymap by itself; XKB's variant it takes in XKB's words only. */
function keyboardParts(text: string) {
  const { layout, variant } = keyboardOf(text);
  return { layout, xlayouts: variant === "" ? null : `${layout} (${variant})` };
}

/** The installer's initrd hands addresses on in a file that is split as a shell would: no character of an address may be a quote. */
function plainUrl(url: string | undefined): string | null {
  return url?.replaceAll(/[\s'"\\]/g, percentEncoded) ?? null;
}

/** encodeURIComponent would leave the single quote. */
function percentEncoded(sign: string): string {
  return [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

const firstByDhcp: NetworkInterface = { addresses: [], dns: [], search: [], routes: [] };

/**
 * The line of a bond or a bridge makes its members' connections, too; a second line for one of them would contradict it. A
 * bond has its line before the bridge that takes it.
 */
function interfacesOf({ network }: SystemOptions) {
  const all = network?.interfaces ?? [firstByDhcp];
  const made = inOrder(all, (one, base) => one.bridge !== undefined && isMadeFrom(one, base)).filter(
    (one) => one.bond !== undefined || !isMember(one, all),
  );
  return made.map((one) => interfaceParts(one, all));
}

/** `link` is the first interface that has one. What is null or empty has no option in the template. */
function interfaceParts(one: NetworkInterface, all: readonly NetworkInterface[]) {
  const { name = null, mac, addresses, vlan, bond, bridge = null } = one;
  const { ipv4, acceptRa } = addressingOf(one, all);
  const address = addresses.find((text) => parseCidr4(text) !== undefined);
  const address6 = addresses.find((text) => parseCidr4(text) === undefined);
  return {
    device: vlan?.link ?? name ?? mac ?? "link",
    isFirst: one === all.find((other) => !addressingOf(other, all).isBare),
    vlan: vlan === undefined ? null : { id: vlan.id, name },
    bond: bond === undefined ? null : { ...bond, options: bondOptionsOf(bond) },
    bridge,
    mtu: one.mtu ?? null,
    isDhcp: ipv4 === "dhcp",
    address: address?.split("/", 1)[0] ?? null,
    netmask: address === undefined ? null : netmaskOf(parseCidr4(address)?.prefix ?? 32),
    gateway: one.gateway ?? null,
    is6Only: ipv4 === "none",
    isWithout6: acceptRa === false && address6 === undefined,
    address6: address6 ?? null,
    gateway6: one.gateway6 ?? null,
    nameservers: one.dns,
    search: one.search,
  };
}

function diskParts(disk: SystemOptions["disk"], partitioning: readonly string[]) {
  const { devices, layout, fileSystem } = disk;
  const names = (devices ?? []).map((device) => device.replace(/^\/dev\//, ""));
  const isBtrfs = fileSystem === "btrfs";
  return {
    isCustom: layout === "custom",
    partitioning: partitioning.map((command) => ({ words: splitKickstart(command) ?? [] })),
    names,
    described: isDescribed(disk) ? described(disk, names) : null,
    type: layout !== "whole" ? "lvm" : isBtrfs ? "btrfs" : "plain",
    // The type btrfs says it already, and takes no file system in addition.
    fileSystem: isBtrfs ? null : (fileSystem ?? null),
  };
}

function packagesOf(system: SystemOptions): readonly string[] {
  const needed = neededPackages(system, { timeService: "chrony", kind: "rpm" });
  return [...new Set([...system.packages, ...needed, ...(system.disk.unlock === undefined ? [] : clevis)])];
}

/** What RHEL's documentation lists for a disk that is unlocked in the initial RAM disk. */
const clevis: readonly string[] = ["clevis-luks", "clevis-dracut", "clevis-systemd"];
