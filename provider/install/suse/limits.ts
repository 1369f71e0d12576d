import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import { choices } from "../../resource/issues";
import type { Report } from "../../resource/rules";
import { suseAccounts } from "../shared/names/accounts";
import { refuseGroups, refuseHandOver, refuseOuterBlanks, refuseTakenNames } from "../shared/limits";
import type { SystemOptions } from "../shared/system";
import { knownKeyboards, yastKeyboardOf } from "./keyboard";
import type { SuseOptions } from "./schema";

const mostBonded = 10;

/** From the ISO alone the installer needs no network. */
export function needsNetwork({ handOver }: SystemOptions, { registration, repositories }: SuseOptions): boolean {
  return registration !== undefined || repositories.length > 0 || handOver?.repository !== undefined;
}

/** What AutoYaST can't do, or has no shared option for. */
export function limits(system: SystemOptions, own: SuseOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(["system", ...path]), reason });
  refuseTakenNames(system, suseAccounts, report);
  refuseGroups(system, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'a pattern; write it like "enhanced_base"', report);
  refuseOuterBlanks(system, "AutoYaST", report);
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

function checkKeyboard({ keyboard }: SystemOptions, report: Report): void {
  if (yastKeyboardOf(keyboard) !== undefined) return;
  const known = choices("it knows", keyboard, knownKeyboards);
  report(["keyboard"], `"${keyboard}" is unknown to YaST, which would take another; ${known}`);
}

function checkLayout({ disk: { layout, devices } }: SystemOptions, report: Report): void {
  if (layout === "custom")
    report(["disk", "layout"], "custom is done by a `template` of your own with its partitioning");
  if (layout === "raid1" && devices === undefined)
    report(["disk", "devices"], 'is missing: name the two disks of raid1, such as ["/dev/vda", "/dev/vdb"]');
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
  network?.interfaces.forEach(({ name, mac, bond }, index) => {
    const at = ["network", "interfaces", index];
    if (bond !== undefined && bond.interfaces.length > mostBonded)
      report([...at, "bond", "interfaces"], `has more than the ${mostBonded} that AutoYaST takes`);
    if (name === undefined && mac !== undefined)
      report([...at, "name"], "is missing: AutoYaST gives the interface of a `mac` a name");
  });
}

function checkInstallersInterface(system: SystemOptions, own: SuseOptions, report: Report): void {
  const [first] = system.network?.interfaces ?? [];
  if (!needsNetwork(system, own)) return;
  for (const made of ["bond", "vlan"] as const) {
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
