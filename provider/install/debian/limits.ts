import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import type { Release } from "../family";
import { keyboardOf, nameOfKeyboard } from "../shared/names/keyboard";
import { debianAccounts, debianKeyboards } from "../shared/names/lists.gen";
import { refuseArguments } from "../shared/boot-arguments";
import { fileSystemsOf, hasSizes, isMirrored } from "../shared/disk";
import { refuseGroups, refuseHandOver, refuseOuterBlanks, refuseTakenNames } from "../shared/limits";
import { isIpv4, isMember, isOnLinkOnly, membersOf } from "../shared/links";
import type { Bond, NetworkInterface } from "../shared/network";
import type { SystemOptions } from "../shared/system";
import { refuseEarlyNetwork, refuseNamesOfTang, refuseUnlock } from "../shared/unlock/limits";
import { usesRegisters } from "../shared/unlock/options";
import { methodOf, repositoriesOf } from "./derived";
import { hasFurtherAddresses, isBeyondInstaller } from "./network";
import { partsOf, isNamed, onOneLine } from "./recipe";
import { slipsInRecipe } from "./slips";
import type { DebianOptions } from "./schema";
import { choices } from "../../values/nearest";

/** Takes a property, or a field of what is looked at. */
type ReportAt = (place: string, reason: string) => void;

/** What Debian's installer can't do. */
export function limits(system: SystemOptions, own: DebianOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(["system", ...path]), reason });
  // A list of arguments without white space goes through Debian's own scripts unharmed.
  refuseArguments(system, /\s|^---?$/, "can't be handed on by Debian's installer", report);
  refuseTakenNames(system, debianAccounts, report);
  refuseGroups(system, /^[a-z0-9][a-z0-9+.-]*$/, 'a task of Debian\'s; write it like "web-server"', report);
  refuseOuterBlanks(system, "Debian's installer", report);
  checkPassphrase(system, report);
  refuseEarlyNetwork(system, { has6: false }, report);
  checkKeyboard(system, report);
  checkLayout(system, own, report);
  checkRecipe(system, own, (slip) => failures.push({ property: "debian.recipe", reason: slip }));
  system.network?.interfaces.forEach((one, index, interfaces) =>
    checkInterface(one, index, interfaces, (field, reason) => report(["network", "interfaces", index, field], reason)),
  );
  refuseHandOver(
    system,
    { kind: "apt", distribution: "Debian", missing: ["salt", "chef"], hasOtherPlaces: system.mirror !== undefined },
    report,
  );
  return failures;
}

/** The last release without repositories of its own at Debian's servers: they were closed when it ended, on 2026-08-31. */
const lastClosed = 11;

/** What the repositories that the installer would set up don't have for this release: it would wait for ever. */
export function releaseLimits({ title, version }: Release, system: SystemOptions, own: DebianOptions): Failure[] {
  const isDebian = /^Debian\b/.test(title);
  const failures: Failure[] = [];
  const reportAt = (property: string, reason: string) => failures.push({ property, reason });
  const remedy = "set `debian.repositories: []`";
  if (repositoriesOf(system, own).length > 0) {
    if (!isDebian) reportAt("debian.repositories", `are Debian's own, and the ISO is of ${title}; ${remedy}`);
    else if (Number.parseInt(version, 10) <= lastClosed)
      reportAt(
        "debian.repositories",
        `no longer exist for ${title}, which has ended; ${remedy}, or take a later release`,
      );
  }
  if (isDebian && Number.parseInt(version, 10) < 13) checkNewKeyboards(system, title, reportAt);
  if (/^Devuan\b/.test(title)) checkWithoutSystemd(system, reportAt);
  checkUnlock(system, { title, version }, (path, reason) => reportAt(formatPath(["system", ...path]), reason));
  return failures;
}

/** The first releases of Debian and Devuan with a clevis that these answers fit, and with name servers before the disk is open. */
const firstUnlocked = { Debian: { clevis: 12, names: 13 }, Devuan: { clevis: 5, names: 6 } } as const;

/** Kali and other distributions that always have the newest packages have no such number. */
function checkUnlock(system: SystemOptions, { title, version }: Pick<Release, "title" | "version">, report: Report) {
  const number = Number.parseInt(version, 10);
  const distribution = /^(?:Debian|Devuan)\b/.exec(title)?.[0] as keyof typeof firstUnlocked | undefined;
  if (distribution === undefined || Number.isNaN(number)) return;
  const { clevis, names } = firstUnlocked[distribution];
  if (number < clevis)
    refuseUnlock(system, `needs ${distribution} ${clevis} or later, and the ISO is of ${title}; leave it out`, report);
  else if (number < names) refuseNamesOfTang(system, title, report);
}

const keyboardsSince13: readonly string[] = ["ca(multix)", "dz", "tw(indigenous)"];

function checkNewKeyboards({ keyboard }: SystemOptions, title: string, reportAt: ReportAt): void {
  const name = nameOfKeyboard(keyboardOf(keyboard));
  if (keyboardsSince13.includes(name))
    reportAt("system.keyboard", `"${keyboard}" is unknown to the installer of ${title}; take another`);
}

/** What the hand-over does by systemd. */
function checkWithoutSystemd({ scripts, ntp, handOver, disk }: SystemOptions, reportAt: ReportAt): void {
  if (scripts.firstBoot.length > 0)
    reportAt(
      "system.scripts.firstBoot",
      "needs systemd, which Devuan doesn't have; run it by an init script of your own",
    );
  if (disk.unlock !== undefined && usesRegisters(disk.unlock))
    reportAt("system.disk.unlock.tpm2.pcrs", "needs systemd, which Devuan doesn't have; write `tpm2: true`");
  if (handOver !== undefined && handOver.ansible === undefined)
    reportAt(
      "system.handOver",
      "needs systemd, which Devuan doesn't have; hand over to Ansible, or by `scripts.after`",
    );
  if (ntp !== undefined)
    reportAt("system.ntp", "needs systemd, which Devuan doesn't have; set the time by `scripts.after`");
}

/** The installer hands a passphrase on by its shell's echo. */
function checkPassphrase({ disk: { passphrase = "" } }: SystemOptions, report: Report): void {
  if (/^-[neE]+$/.test(passphrase))
    report(["disk", "passphrase"], "would be taken for an option by Debian's installer; choose another one");
}

/** Of a keyboard that it doesn't offer, the installer makes the American one. */
function checkKeyboard({ keyboard }: SystemOptions, report: Report): void {
  if (debianKeyboards.includes(nameOfKeyboard(keyboardOf(keyboard)))) return;
  const offered = choices("it offers", keyboard, debianKeyboards);
  report(["keyboard"], `"${keyboard}" is unknown to Debian's installer; ${offered}. Set others by \`scripts.after\``);
}

function checkLayout({ disk }: SystemOptions, { recipe }: DebianOptions, report: Report): void {
  if (disk.layout === "custom" && isNamed(recipe)) {
    report(["disk", "layout"], "custom needs the text of an expert recipe in `debian.recipe`");
  }
  if (disk.layout === "custom" && disk.passphrase !== undefined) {
    report(
      ["disk", "passphrase"],
      "can't be given with the layout custom; take `encrypted`, with a recipe for LVM in it",
    );
  }
  if (disk.mounts.length > 0 && fileSystemsOf(disk).every(({ mebibytes }) => mebibytes !== undefined)) {
    report(["disk", "mounts"], "all have sizes: Debian's installer gives what is left to the last; leave one size out");
  }
  if (recipe === "atomic") return;
  if (disk.layout === "raid1" && isNamed(recipe)) {
    report(["disk", "layout"], "raid1 makes one file system; take raid1-lvm, with the others in `disk.mounts`");
  }
  if (hasSizes(disk)) {
    const option = disk.mounts.length > 0 ? "mounts" : "swap";
    report(["disk", option], "can't be given with `debian.recipe`, which describes all partitions; leave one out");
  }
  if (isMirrored(disk) && !isNamed(recipe)) checkArrays(disk.layout, recipe, report);
}

/** The arrays are made of the first partitions of each disk. */
function checkArrays(layout: SystemOptions["disk"]["layout"], recipe: string, report: Report): void {
  const count = layout === "raid1" ? 1 : 2;
  const parts = partsOf(recipe).map((part) => /\bmethod\{ raid \}/.test(part));
  if (parts.slice(0, count).every(Boolean) && parts.filter(Boolean).length === count) return;
  const what = count === 1 ? "one part of method{ raid }, as its first" : "two parts of method{ raid }, as its first";
  const reason = `must go with the recipe in \`debian.recipe\`: with ${layout} it has ${what}. For other arrays, give a \`template\` with partman-auto-raid/recipe`;
  report(["disk", "layout"], reason);
}

function checkRecipe({ disk }: SystemOptions, { recipe }: DebianOptions, report: (slip: string) => void): void {
  if (!isNamed(recipe)) slipsInRecipe(onOneLine(recipe), methodOf(disk)).forEach(report);
}

function checkInterface(
  one: NetworkInterface,
  index: number,
  interfaces: readonly NetworkInterface[],
  reportAt: ReportAt,
): void {
  if (one.mac !== undefined) {
    reportAt("mac", "Debian's installer finds interfaces by their names only; give the `name`, such as enp1s0");
  }
  if (index === 0) checkFirst(one, interfaces, reportAt);
  else checkFurther(one, reportAt);
}

/** The installer uses one card of a bond, to which a switch that balances by 802.3ad or other rules sends no answer. */
const modesOfOneCard: readonly Bond["mode"][] = ["active-backup", "balance-tlb", "balance-alb"];

function checkFirst(one: NetworkInterface, interfaces: readonly NetworkInterface[], reportAt: ReportAt): void {
  const { vlan, bond, name, dhcp4 } = one;
  if (vlan !== undefined) {
    reportAt("vlan", "Debian's installer can't use a VLAN itself; name another interface first, and the VLAN after it");
  }
  if (bond !== undefined && !modesOfOneCard.includes(bond.mode)) {
    reportAt(
      "bond",
      `Debian's installer makes no bonds, and uses the first card alone, which the mode ${bond.mode} doesn't allow; name another interface first, and the bond after it`,
    );
  }
  if (membersOf(one).some((member) => interfaces.some((base) => base.name === member && base.vlan !== undefined))) {
    reportAt(
      "bridge",
      "Debian's installer can't use a VLAN itself; name another interface first, and the bridge after it",
    );
  }
  if (isMember(one, interfaces)) {
    reportAt(
      "name",
      `"${name ?? ""}" belongs to a bond or a bridge; name that first; the installer uses the first interface`,
    );
  } else if (one.addresses.length === 0 && dhcp4 === false) {
    reportAt("dhcp4", "leaves Debian's installer without an address; name first the interface that it uses");
  }
  if (one.name === undefined && (hasFurtherAddresses(one) || isBeyondInstaller(one))) {
    reportAt("name", "is missing: the new system is given the rest of its options by its name, such as enp1s0");
  }
  for (const field of ["dns", "search"] as const) {
    if (one[field].length > 0 && one.addresses.length === 0)
      reportAt(field, "is given by DHCP; give it with fixed `addresses` only");
  }
  checkRouter(one, reportAt);
}

/** The installer takes the first address of a kind, and a router outside of its subnet with a /32 or /128 only. */
function checkRouter({ addresses, gateway, gateway6 }: NetworkInterface, reportAt: ReportAt): void {
  const own = addresses.find(isIpv4) ?? addresses[0];
  if (own === undefined) return;
  const [field, router] = isIpv4(own) ? (["gateway", gateway] as const) : (["gateway6", gateway6] as const);
  if (router !== undefined && !/\/(32|128)$/.test(own) && isOnLinkOnly(router, [own]))
    reportAt(field, `${router} is outside of ${own}, the installer's address; name the address of its subnet first`);
}

function checkFurther(one: NetworkInterface, reportAt: ReportAt): void {
  const { name, vlan } = one;
  // Debian's ifupdown takes both the link and the number from the name, and makes no VLAN of any other.
  if (vlan !== undefined && name !== `${vlan.link}.${vlan.id}`) {
    reportAt("name", `must be ${vlan.link}.${vlan.id}: Debian makes the VLAN that the name says`);
  }
  if (one.dns.length > 0) reportAt("dns", "belongs to the first interface: Debian has one list of name servers");
  if (one.search.length > 0) reportAt("search", "belongs to the first interface: Debian has one list of domains");
}
