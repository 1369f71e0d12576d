import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import { choices } from "../../resource/issues";
import type { Report } from "../../resource/rules";
import { refuseGroups, refuseOuterBlanks, refuseTakenNames } from "../shared/limits";
import type { SystemOptions } from "../shared/system";
import { knownKeyboards, yastKeyboardOf } from "./keyboard";
import type { SuseOptions } from "./schema";

const mostBonded = 10;

/** From the ISO alone the installer needs no network. */
export function needsNetwork({ registration, repositories }: SuseOptions): boolean {
  return registration !== undefined || repositories.length > 0;
}

/** What AutoYaST can't do, or has no shared option for. */
export function limits(system: SystemOptions, own: SuseOptions): Failure[] {
  const failures: Failure[] = [];
  const reportOwn: Report = (path, reason) => failures.push({ property: formatPath(["suse", ...path]), reason });
  const report: Report = (path, reason) => failures.push({ property: formatPath(["system", ...path]), reason });
  refuseTakenNames(system, "suse", report);
  refuseGroups(system, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'a pattern; write it like "enhanced_base"', report);
  refuseOuterBlanks(system, "AutoYaST", report);
  const { keyboard } = system;
  if (yastKeyboardOf(keyboard) === undefined)
    report(
      ["keyboard"],
      `"${keyboard}" is unknown to YaST, which would take another; ${choices("it knows", keyboard, knownKeyboards)}`,
    );
  const { layout, devices } = system.disk;
  if (layout === "custom")
    report(["disk", "layout"], "custom is done by a `template` of your own with its partitioning");
  if (layout === "raid1" && devices === undefined)
    report(["disk", "devices"], 'is missing: name the two disks of raid1, such as ["/dev/vda", "/dev/vdb"]');
  if (system.mirror !== undefined)
    report(["mirror"], "is not for AutoYaST, which installs from its ISO; add the archive as `suse.repositories`");
  if (system.proxy !== undefined && !needsNetwork(own))
    report(["proxy"], "is of use to `suse.repositories` and `suse.registration` only; leave it out");
  system.network?.interfaces.forEach(({ name, mac, bond }, index) => {
    if (bond !== undefined && bond.interfaces.length > mostBonded)
      report(
        ["network", "interfaces", index, "bond", "interfaces"],
        `has more than the ${mostBonded} that AutoYaST takes`,
      );
    if (name === undefined && mac !== undefined)
      report(["network", "interfaces", index, "name"], "is missing: AutoYaST gives the interface of a `mac` a name");
  });
  const [first] = system.network?.interfaces ?? [];
  for (const made of ["bond", "vlan"] as const) {
    if (needsNetwork(own) && first?.[made] !== undefined)
      report(
        ["network", "interfaces", 0, made],
        "can't be the installer's, which makes none before it has its packages; name first an interface that it can use",
      );
  }
  if (own.registration === undefined)
    own.modules?.forEach((module, index) => {
      if (!module.startsWith("sle-module-"))
        reportOwn(
          ["modules", index],
          "is no module of the ISO, whose names start with sle-module-; add a `registration`",
        );
    });
  return failures;
}
