import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import type { Release } from "../family";
import { suseAccounts } from "../shared/names/accounts";
import {
  refuseGroups,
  refuseHandOver,
  refuseOuterBlanks,
  refuseTakenNames,
  refuseUnnamedMirror,
} from "../shared/limits";
import { addressingOf } from "../shared/links";
import type { SystemOptions } from "../shared/system";
import { refuseUnlock } from "../shared/unlock/limits";
import { knownKeyboards, yastKeyboardOf } from "./keyboard";
import type { SuseOptions } from "./schema";
import { choices } from "../../values/nearest";

const mostBonded = 10;

/** From the ISO alone the installer needs no network. */
export function needsNetwork({ handOver }: SystemOptions, own: SuseOptions): boolean {
  return hasSource(own) || handOver?.repository !== undefined;
}

/** Whether packages come from elsewhere than the ISO. */
function hasSource({ registration, repositories }: SuseOptions): boolean {
  return registration !== undefined || repositories.length > 0;
}

/** What AutoYaST can't do, or has no shared option for. */
export function limits(system: SystemOptions, own: SuseOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(["system", ...path]), reason });
  refuseTakenNames(system, suseAccounts, report);
  refuseGroups(system, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'a pattern; write it like "enhanced_base"', report);
  refuseOuterBlanks(system, "AutoYaST", report);
  refuseUnlock(
    system,
    "isn't carried out with AutoYaST, because it is unknown which ISOs of release 15 have clevis; leave it out, and bind the disk by clevis after the installation",
    report,
  );
  checkKeyboard(system, report);
  checkLayout(system, report);
  checkSources(system, own, report);
  checkInterfaces(system, report);
  checkInstallersInterface(system, own, report);
  checkModules(own, (path, reason) => failures.push({ property: formatPath(["suse", ...path]), reason }));
  const hasOtherPlaces = own.repositories.length > 0;
  refuseHandOver(system, { kind: "rpm", distribution: "the distribution", missing: ["chef"], hasOtherPlaces }, report);
  return failures;
}

/** An installer without packages would stand still in a dialog. */
export function releaseLimits({ title, hasPackages }: Release, _system: SystemOptions, own: SuseOptions): Failure[] {
  if (hasPackages !== false || hasSource(own)) return [];
  const reason = `is missing: the online ISO of ${title} has no packages; give a registration code, or take the full ISO`;
  return [{ property: "suse.registration", reason }];
}

function checkKeyboard({ keyboard }: SystemOptions, report: Report): void {
  if (yastKeyboardOf(keyboard) !== undefined) return;
  const known = choices("it knows", keyboard, knownKeyboards);
  report(["keyboard"], `"${keyboard}" is unknown to YaST, which would take another; ${known}`);
}

function checkLayout({ disk }: SystemOptions, report: Report): void {
  const { layout } = disk;
  if (layout === "custom")
    report(["disk", "layout"], "custom is done by a `template` of your own with its partitioning");
  refuseUnnamedMirror(disk, report);
}

function checkSources(system: SystemOptions, own: SuseOptions, report: Report): void {
  const { mirror, proxy } = system;
  if (mirror !== undefined)
    report(["mirror"], "is not for AutoYaST, which installs from its ISO; add the archive as `suse.repositories`");
  if (proxy !== undefined && !needsNetwork(system, own))
    report(
      ["proxy"],
      "is of use to `suse.repositories`, `suse.registration` and a `handOver.repository` only; leave it out",
    );
}

function checkInterfaces({ network }: SystemOptions, report: Report): void {
  network?.interfaces.forEach((one, index, all) => {
    const { name, mac, bond, routes, addresses } = one;
    const { ipv4, isBare } = addressingOf(one, all);
    const at = ["network", "interfaces", index];
    if (bond !== undefined && bond.interfaces.length > mostBonded)
      report([...at, "bond", "interfaces"], `has more than the ${mostBonded} that AutoYaST takes`);
    if (ipv4 === "dhcp" && addresses.length > 0)
      report([...at, "dhcp4"], "can't be true next to fixed addresses: AutoYaST takes the one or the other");
    if (ipv4 === "none" && !isBare && addresses.length === 0)
      report([...at, "acceptRa"], "can't be given with `dhcp4: false`: AutoYaST has no word for IPv6 by itself alone");
    routes.forEach(({ metric }, position) => {
      if (metric !== undefined)
        report([...at, "routes", position, "metric"], "has no place in AutoYaST; write the route by `scripts.after`");
    });
    if (name === undefined && mac !== undefined)
      report([...at, "name"], "is missing: AutoYaST gives the interface of a `mac` a name");
  });
}

function checkInstallersInterface(system: SystemOptions, own: SuseOptions, report: Report): void {
  const { interfaces = [] } = system.network ?? {};
  const [first] = interfaces;
  if (!needsNetwork(system, own)) return;
  if (first !== undefined && addressingOf(first, interfaces).isBare)
    report(["network", "interfaces", 0, "dhcp4"], "leaves the installer without a network; name first the one it uses");
  for (const made of ["bond", "bridge", "vlan"] as const) {
    if (first?.[made] === undefined) continue;
    const reason =
      "can't be the installer's, which makes none before it has its packages; name first an interface that it can use";
    report(["network", "interfaces", 0, made], reason);
  }
}

function checkModules({ registration, modules = [] }: SuseOptions, report: Report): void {
  if (registration !== undefined) return;
  modules.forEach((module, index) => {
    if (module.startsWith("sle-module-")) return;
    const reason = "is no module of the ISO, whose names start with sle-module-; add a `registration`";
    report(["modules", index], reason);
  });
}
