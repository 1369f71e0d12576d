import { joinArguments } from "../../format/kernel-arguments";
import { withConsoles } from "../shared/boot-arguments";
import { fileSystemsOf, hasVolumes, isMirrored, swapMebibytes } from "../shared/disk";
import { isPlainLocale } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import { addressingOf, bondOptionsOf, isOnLinkOnly } from "../shared/links";
import type { NetworkInterface } from "../shared/network";
import { neededPackages } from "../shared/packages";
import type { SystemOptions } from "../shared/system";
import { yastKeyboardOf } from "./keyboard";
import type { SuseOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: SuseOptions): Readonly<Record<string, unknown>> {
  const { locale, keyboard, timezone, hostname = "suse", domain = null } = system;
  const interfaces = system.network?.interfaces ?? [firstByDhcp];
  return {
    // YaST doesn't read the element for the domain any more.
    hostname: domain === null ? hostname : `${hostname}.${domain}`,
    // Of a plain locale YaST knows no language; the hand-over sets it.
    language: isPlainLocale(locale) ? "en_US" : locale.replace(/[.@].*/, ""),
    keyboard: yastKeyboardOf(keyboard) ?? null,
    timezone: timeZoneOf(timezone),
    interfaces: [...interfaces, ...portsOf(interfaces)].map((one) => interfaceParts(one, interfaces)),
    named: interfaces.flatMap(({ name, mac }) => (mac === undefined ? [] : [{ name, mac }])),
    dns: [...new Set(interfaces.flatMap(({ dns }) => dns))],
    search: [...new Set([...(domain === null ? [] : [domain]), ...interfaces.flatMap(({ search }) => search)])],
    routes: interfaces.flatMap(routesOf),
    kernelArguments: joinArguments(withConsoles(system.kernelArguments)),
    disk: diskParts(system.disk),
    packages: packagesOf(system),
    addOns: addOnsOf(own),
    registration: registrationOf(own),
  };
}

function modulesOf({ product = "", modules }: SuseOptions): readonly string[] {
  return modules ?? (product.startsWith("SLE") ? ["sle-module-basesystem"] : []);
}

function registrationOf(own: SuseOptions) {
  return own.registration === undefined ? null : { email: null, ...own.registration, modules: modulesOf(own) };
}

/** What has packages in addition to the product: modules of the ISO, where SUSE's servers don't give them, and repositories. */
function addOnsOf(own: SuseOptions) {
  const modules = own.registration === undefined ? modulesOf(own) : [];
  return [
    ...modules.map((module) => ({ url: "relurl://", folder: folderOf(module), module })),
    ...own.repositories.map((repository) => ({ ...repository, module: null })),
  ];
}

const abbreviations: ReadonlySet<string> = new Set(["hpc", "rt", "sap"]);

/** `sle-module-web-scripting` is in `/Module-Web-Scripting` of the ISO. */
function folderOf(module: string): string {
  const words = module.replace(/^sle-/, "").split("-");
  return `/${words.map((word) => (abbreviations.has(word) ? word.toUpperCase() : capitalised(word))).join("-")}`;
}

function capitalised(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

const firstByDhcp: NetworkInterface = { name: "eth0", addresses: [], dns: [], search: [], routes: [] };

/** YaST describes each port of a bridge, too. */
function portsOf(interfaces: readonly NetworkInterface[]): NetworkInterface[] {
  const ports = interfaces.flatMap(({ bridge }) => bridge?.interfaces ?? []);
  const others = ports.filter((port) => !interfaces.some(({ name }) => name === port));
  return others.map((name) => ({ ...firstByDhcp, name }));
}

function interfaceParts(one: NetworkInterface, interfaces: readonly NetworkInterface[]) {
  const { name = "eth0", addresses, vlan, bond, bridge } = one;
  const [first, ...others] = addresses.map((text) => {
    const [address, prefix] = text.split("/");
    return { address, prefix };
  });
  const { ipv4, acceptRa } = addressingOf(one, interfaces);
  return {
    name,
    first: first ?? null,
    withoutAddress: ipv4 === "none" ? "none" : acceptRa === false ? "dhcp4" : "dhcp",
    others: others.map((further, index) => ({ ...further, key: `alias${index}` })),
    mtu: one.mtu ?? null,
    vlan: vlan ?? null,
    bond:
      bond === undefined
        ? null
        : {
            mode: bond.mode,
            miimon: bond.miimon,
            options: bondOptionsOf(bond).filter((option) => option.name !== "miimon"),
            slaves: bond.interfaces.map((slave, index) => ({ slave, index })),
          },
    bridge: bridge === undefined ? null : { ports: bridge.interfaces, stp: bridge.stp ? "on" : "off" },
  };
}

/** In the order in which they are set: a router outside of all subnets needs a route of its own first. */
function routesOf({ gateway, gateway6, name = "eth0", addresses, routes }: NetworkInterface) {
  const ofGateways = [gateway, gateway6].flatMap((router) => {
    if (router === undefined) return [];
    const toRouter = { destination: `${router}/${router.includes(":") ? 128 : 32}`, router: "-", name };
    return [...(isOnLinkOnly(router, addresses) ? [toRouter] : []), { destination: "default", router, name }];
  });
  return [...ofGateways, ...routes.map(({ to, via }) => ({ destination: to, router: via, name }))];
}

function diskParts(disk: SystemOptions["disk"]) {
  const { devices = [], layout } = disk;
  const swap = swapMebibytes(disk);
  return {
    first: devices[0] ?? null,
    isPlain: layout === "whole",
    isRaid: isMirrored(disk),
    raidDisks: isMirrored(disk) ? devices.map((device, index) => ({ device, isFirst: index === 0 })) : [],
    bootDisks: isMirrored(disk) ? devices : [],
    hasVolumes: hasVolumes(disk),
    fileSystems: fileSystemsOf(disk).map(({ path, name, kind = "btrfs", mebibytes }) => ({
      ...{ path, name, kind, size: mebibytes === undefined ? "max" : `${mebibytes}MiB` },
    })),
    swap: typeof swap === "number" ? `${swap}MiB` : null,
  };
}

function packagesOf(system: SystemOptions): readonly string[] {
  // openSUSE calls the server by the name of the whole.
  const named = system.packages.map((name) => (name === "openssh-server" ? "openssh" : name));
  return [...new Set([...named, ...neededPackages(system, { timeService: "chrony", kind: "rpm" })])];
}
