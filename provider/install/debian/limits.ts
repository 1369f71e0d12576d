import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import { refuseArguments } from "../shared/boot-arguments";
import type { NetworkInterface } from "../shared/network";
import type { SystemOptions } from "../shared/system";
import { hasFurtherAddresses } from "./network";
import { isNamed } from "./recipe";
import type { DebianOptions } from "./schema";

/** What Debian's installer can't do. */
export function limits(system: SystemOptions, own: DebianOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(["system", ...path]), reason });
  // A list of arguments without white space goes through Debian's own scripts unharmed.
  refuseArguments(system, /\s|^---?$/, "can't be handed on by Debian's installer", report);
  checkLayout(system, own, report);
  system.network?.interfaces.forEach((one, index) =>
    checkInterface(one, index, (field, reason) => report(["network", "interfaces", index, field], reason)),
  );
  return failures;
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

type Tell = (field: string, reason: string) => void;

function checkInterface(one: NetworkInterface, index: number, tell: Tell): void {
  if (one.bond !== undefined) {
    tell(
      "bond",
      "Debian's installer makes no bonds; install over a single interface, and make the bond by `scripts.after`",
    );
  }
  if (one.mac !== undefined) {
    tell("mac", "Debian's installer finds interfaces by their names only; give the `name`, such as enp1s0");
  }
  if (index === 0) checkFirst(one, tell);
  else checkFurther(one, tell);
}

function checkFirst(one: NetworkInterface, tell: Tell): void {
  const hasIpv4 = one.addresses.some((address) => !address.includes(":"));
  if (one.vlan !== undefined) {
    tell("vlan", "Debian's installer can't use a VLAN itself; name another interface first, and the VLAN after it");
  }
  if (one.addresses.length > 0 && !hasIpv4) {
    tell(
      "addresses",
      "Debian's installer is given an IPv4 address, or DHCP; add one, or leave IPv6 to `scripts.after`",
    );
  }
  if (one.name === undefined && hasFurtherAddresses(one)) {
    tell("name", "is missing: further addresses are given to an interface by its name, such as enp1s0");
  }
  if (one.search.length > 0 && one.addresses.length === 0) {
    tell("search", "is told by DHCP; give it with fixed `addresses` only");
  }
}

function checkFurther(one: NetworkInterface, tell: Tell): void {
  if (one.dns.length > 0) tell("dns", "belongs to the first interface: Debian has one list of name servers");
  if (one.search.length > 0) tell("search", "belongs to the first interface: Debian has one list of domains");
}
