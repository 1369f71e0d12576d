import { joinArguments } from "../../format/kernel-arguments";
import { withConsoles } from "../shared/boot-arguments";
import { isPlainLocale } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import type { NetworkInterface } from "../shared/network";
import { neededPackages } from "../shared/packages";
import type { SystemOptions } from "../shared/system";
import { yastKeyboardOf } from "./keyboard";
import type { SuseOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: SuseOptions): Readonly<Record<string, unknown>> {
  const { locale, keyboard, timezone, hostname = "suse", domain = null } = system;
  const interfaces = system.network?.interfaces ?? [firstByDhcp];
  const bonded = new Set(interfaces.flatMap(({ bond }) => bond?.interfaces ?? []));
  return {
    // YaST doesn't read the element for the domain any more.
    hostname: domain === null ? hostname : `${hostname}.${domain}`,
    // Of a plain locale YaST knows no language; the hand-over sets it.
    language: isPlainLocale(locale) ? "en_US" : locale.replace(/[.@].*/, ""),
    keyboard: yastKeyboardOf(keyboard) ?? null,
    timezone: timeZoneOf(timezone),
    interfaces: interfaces.map((one) => interfaceParts(one, bonded)),
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

const firstByDhcp: NetworkInterface = { name: "eth0", addresses: [], dns: [], search: [] };

/** @param bonded names of interfaces whose address is that of their bond */
function interfaceParts({ name = "eth0", addresses, vlan, bond }: NetworkInterface, bonded: ReadonlySet<string>) {
  const [first, ...others] = addresses.map((text) => {
    const [address, prefix] = text.split("/");
    return { address, prefix };
  });
  return {
    name,
    first: first ?? null,
    withoutAddress: bonded.has(name) ? "none" : "dhcp",
    others: others.map((one, index) => ({ ...one, key: `alias${index}` })),
    vlan: vlan ?? null,
    bond:
      bond === undefined
        ? null
        : { mode: bond.mode, slaves: bond.interfaces.map((slave, index) => ({ slave, index })) },
  };
}

function routesOf({ gateway, gateway6, name = "eth0" }: NetworkInterface) {
  return [gateway, gateway6].flatMap((router) => (router === undefined ? [] : [{ router, name }]));
}

function diskParts({ devices, layout, fileSystem = "btrfs" }: SystemOptions["disk"]) {
  const [first = null, second = null] = devices ?? [];
  return { first, second, fileSystem, isPlain: layout === "whole", isRaid: layout === "raid1" };
}

function packagesOf(system: SystemOptions): readonly string[] {
  // openSUSE calls the server by the name of the whole.
  const named = system.packages.map((name) => (name === "openssh-server" ? "openssh" : name));
  return [...new Set([...named, ...neededPackages(system, { timeService: "chrony", kind: "rpm" })])];
}
