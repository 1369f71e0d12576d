import { isMirrored } from "./disk";
import type { Report } from "../../resource/rules";
import type { SystemOptions } from "./system";

/**
 * An existing account would stay as it is, or make the installation fail at its end.
 * @param accounts users and groups that the new system has by itself
 */
export function refuseTakenNames({ users }: SystemOptions, accounts: readonly string[], report: Report): void {
  users.forEach(({ name }, index) => {
    // Of root the options say it themselves.
    if (name === "root" || !accounts.includes(name)) return;
    report(["users", index, "name"], `"${name}" is an account or a group of the system's own; choose another name`);
  });
}

/** @param known what the installer takes as the name of a group of packages; `what` says it, with an example */
export function refuseGroups({ groups }: SystemOptions, known: RegExp, what: string, report: Report): void {
  groups.forEach((group, index) => {
    if (!known.test(group)) report(["groups", index], `"${group}" is not ${what}`);
  });
}

/** Some formats of answers remove spaces at either end of a value: another passphrase would open the disk. */
export function refuseOuterBlanks({ disk: { passphrase } }: SystemOptions, installer: string, report: Report): void {
  if (passphrase !== undefined && passphrase !== passphrase.trim())
    report(["disk", "passphrase"], `starts or ends with a space, which ${installer} would remove; leave the space out`);
}

/** @param installer which gives a name only to what it makes itself */
export function refuseRenaming({ network }: SystemOptions, installer: string, report: Report): void {
  network?.interfaces.forEach(({ name, mac }, index) => {
    if (name === undefined || mac === undefined) return;
    report(
      ["network", "interfaces", index, "mac"],
      `can't be given with a \`name\`: ${installer} gives no card another name. Give the \`mac\` alone, or the name that the system gives the card by itself, such as enp1s0`,
    );
  });
}

/** Which disks there are is known to the installer only, and its answers are written before. */
export function refuseUnnamedMirror({ layout, devices }: SystemOptions["disk"], report: Report): void {
  if (isMirrored({ layout }) && devices === undefined)
    report(["disk", "devices"], `is missing: name the disks of ${layout}, such as ["/dev/vda", "/dev/vdb"]`);
}

/** What a family's distributions have of what may take over. */
interface Managers {
  readonly kind: "apt" | "rpm";
  /** Such as "Debian". */
  readonly distribution: string;
  /** What has no package of theirs. */
  readonly missing: readonly ("salt" | "puppet" | "chef")[];
  /** Whether the options name places that may have it all the same. */
  readonly hasOtherPlaces: boolean;
}

/** Without its package the installation would fail, or stand at a question. */
export function refuseHandOver({ handOver }: SystemOptions, managers: Managers, report: Report): void {
  if (handOver === undefined) return;
  const { kind, distribution, missing, hasOtherPlaces } = managers;
  const { repository } = handOver;
  const refuse = (path: readonly PropertyKey[], reason: string) => report(["handOver", ...path], reason);
  for (const manager of missing)
    if (handOver[manager] !== undefined && repository === undefined && !hasOtherPlaces)
      refuse(
        [manager],
        `has no package in ${distribution}; name a repository that has one as \`system.handOver.repository\``,
      );
  if (repository === undefined) return;
  if (kind === "apt" && repository.suite === undefined)
    refuse(["repository", "suite"], 'is missing: apt needs it; write it like "stable"');
  for (const key of ["suite", "components"] as const)
    if (kind === "rpm" && repository[key] !== undefined)
      refuse(["repository", key], `is for apt alone, and ${distribution} has none; leave it out`);
}
