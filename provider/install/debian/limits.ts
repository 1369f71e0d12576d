import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import { choices } from "../../resource/issues";
import type { Report } from "../../resource/rules";
import type { Release } from "../family";
import { keyboardOf, nameOfKeyboard } from "../shared/names/keyboard";
import { debianAccounts, debianKeyboards } from "../shared/names/lists.gen";
import { refuseArguments } from "../shared/boot-arguments";
import { refuseGroups, refuseOuterBlanks, refuseTakenNames } from "../shared/limits";
import type { NetworkInterface } from "../shared/network";
import type { SystemOptions } from "../shared/system";
import { methodOf, repositoriesOf } from "./derived";
import { hasFurtherAddresses } from "./network";
import { arrayParts, isNamed, onOneLine, slipsInRecipe } from "./recipe";
import type { DebianOptions } from "./schema";

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
  checkKeyboard(system, report);
  checkLayout(system, own, report);
  checkRecipe(system, own, (slip) => failures.push({ property: "debian.recipe", reason: slip }));
  system.network?.interfaces.forEach((one, index) =>
    checkInterface(one, index, (field, reason) => report(["network", "interfaces", index, field], reason)),
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
  return failures;
}

const keyboardsSince13: readonly string[] = ["ca(multix)", "dz", "tw(indigenous)"];

function checkNewKeyboards({ keyboard }: SystemOptions, title: string, reportAt: ReportAt): void {
  const name = nameOfKeyboard(keyboardOf(keyboard));
  if (keyboardsSince13.includes(name))
    reportAt("system.keyboard", `"${keyboard}" is unknown to the installer of ${title}; take another`);
}

/** What the hand-over does by systemd. */
function checkWithoutSystemd({ scripts, ntp }: SystemOptions, reportAt: ReportAt): void {
  if (scripts.firstBoot.length > 0)
    reportAt(
      "system.scripts.firstBoot",
      "needs systemd, which Devuan doesn't have; run it by an init script of your own",
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
  if (disk.layout === "raid1" && isNamed(recipe) && recipe !== "atomic") {
    report(["disk", "layout"], "raid1 makes one file system; describe others by an expert recipe in `debian.recipe`");
  }
}

function checkRecipe({ disk }: SystemOptions, { recipe }: DebianOptions, report: (slip: string) => void): void {
  if (isNamed(recipe)) return;
  const text = onOneLine(recipe);
  slipsInRecipe(text, methodOf(disk)).forEach(report);
  const count = arrayParts(text);
  if (disk.layout === "raid1" && count !== 1)
    report(
      `has ${count} partitions with method{ raid }, and the layout raid1 makes one array, of the first partition; describe others by a \`template\` of your own with partman-auto-raid/recipe`,
    );
}

function checkInterface(one: NetworkInterface, index: number, reportAt: ReportAt): void {
  if (one.bond !== undefined) {
    reportAt(
      "bond",
      "Debian's installer makes no bonds; install over a single interface, and make the bond by `scripts.after`",
    );
  }
  if (one.mac !== undefined) {
    reportAt("mac", "Debian's installer finds interfaces by their names only; give the `name`, such as enp1s0");
  }
  if (index === 0) checkFirst(one, reportAt);
  else checkFurther(one, reportAt);
}

function checkFirst(one: NetworkInterface, reportAt: ReportAt): void {
  const hasIpv4 = one.addresses.some((address) => !address.includes(":"));
  if (one.vlan !== undefined) {
    reportAt("vlan", "Debian's installer can't use a VLAN itself; name another interface first, and the VLAN after it");
  }
  if (one.addresses.length > 0 && !hasIpv4) {
    reportAt(
      "addresses",
      "Debian's installer is given an IPv4 address, or DHCP; add one, or leave IPv6 to `scripts.after`",
    );
  }
  if (one.name === undefined && hasFurtherAddresses(one)) {
    reportAt("name", "is missing: further addresses are given to an interface by its name, such as enp1s0");
  }
  for (const field of ["dns", "search"] as const) {
    if (one[field].length > 0 && one.addresses.length === 0)
      reportAt(field, "is given by DHCP; give it with fixed `addresses` only");
  }
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
