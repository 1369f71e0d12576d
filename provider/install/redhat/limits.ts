import { isIP } from "node:net";
import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import { splitKickstart } from "../../format/kickstart";
import { parseCidr4 } from "../../values/ip";
import type { Release } from "../family";
import { redhatAccounts } from "../shared/names/accounts";
import { refuseArguments } from "../shared/boot-arguments";
import { hasSizes } from "../shared/disk";
import { refuseGroups, refuseHandOver, refuseRenaming, refuseTakenNames, refuseUnnamedMirror } from "../shared/limits";
import { addressingOf, isMember } from "../shared/links";
import type { NetworkInterface } from "../shared/network";
import type { SystemOptions } from "../shared/system";
import { refuseEarlyNetwork } from "../shared/unlock/limits";
import { additionsTo } from "./network";
import { slipsInPartitioning } from "./slips";
import type { RedhatOptions } from "./schema";

/** What Anaconda can't do. */
export function limits(system: SystemOptions, own: RedhatOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(path), reason });
  checkDisk(system.disk, own, report);
  checkPartitioning(own, report);
  checkSources(system, own, report);
  checkAddresses(system, report);
  checkLinks(system, report);
  const reportSystem = reportShared(report);
  refuseArguments(system, /\s/, "breaks what Anaconda writes for the boot loader", reportSystem);
  refuseTakenNames(system, redhatAccounts, reportSystem);
  refuseRenaming(system, "Anaconda", reportSystem);
  refuseEarlyNetwork(system, { has6: true }, reportSystem);
  refuseGroups(system, /^@?\^?[A-Za-z0-9][A-Za-z0-9+._-]*$/, idOfGroup, reportSystem);
  const hasOtherPlaces = own.repositories.length > 0 || system.mirror !== undefined;
  refuseHandOver(
    system,
    { kind: "rpm", distribution: "the distribution", missing: ["salt", "chef"], hasOtherPlaces },
    reportSystem,
  );
  return failures;
}

const idOfGroup =
  'a group\'s id, such as "development", or "^server-product-environment" for an environment; its title is no id';

/** What the README says a release can't do. @param own only the options that were given count */
export function releaseLimits(release: Release, system: SystemOptions, own: RedhatOptions): Failure[] {
  const failures: Failure[] = [...mirrorLimits(release, system)];
  const reportAt = (property: string, reason: string) => failures.push({ property, reason });
  if (release.title.startsWith("Fedora")) return failures;
  const { title } = release;
  if (system.disk.fileSystem === "btrfs" && system.disk.layout !== "custom")
    reportAt("system.disk.fileSystem", `can't be btrfs: ${title} doesn't know it; take ext4 or xfs`);
  if (Number.parseInt(release.version, 10) === 8) checkEl8(title, system, own, reportAt);
  return failures;
}

type ReportAt = (property: string, reason: string) => void;

function checkEl8(title: string, system: SystemOptions, { weakDependencies }: RedhatOptions, reportAt: ReportAt): void {
  system.network?.interfaces.forEach(({ search }, index) => {
    if (search.length > 0)
      reportAt(
        `system.network.interfaces[${index}].search`,
        `can't be given to the installer of ${title}; write it by \`system.scripts.after\``,
      );
  });
  const { network = { interfaces: [] } } = system;
  network.interfaces.forEach((one, index) => {
    if (additionsTo(one, network) !== undefined)
      reportAt(
        `system.network.interfaces[${index}].${fieldBeyondKickstart(one)}`,
        `can't be carried out for ${title}, whose installer writes no keyfiles of NetworkManager; write it by \`system.scripts.after\``,
      );
  });
  if (!weakDependencies)
    reportAt("redhat.weakDependencies", `can't be false for the installer of ${title}; leave it out`);
  for (const [property, hash] of hashesOf(system))
    if (/^\$(gy|y)\$/.test(hash))
      reportAt(property, `is of yescrypt, which ${title} doesn't know; make it with \`openssl passwd -6\``);
}

function hashesOf({ rootPassword, users }: SystemOptions): (readonly [property: string, hash: string])[] {
  const ofUsers = users.map(({ password }, index) => [`system.users[${index}].password`, password] as const);
  return [["system.rootPassword", rootPassword] as const, ...ofUsers].flatMap(([property, hash]) =>
    hash === undefined ? [] : [[property, hash] as const],
  );
}

/** Fedora's installer knows its mirrors, and so does that of EL from 10 on, but for RHEL, whose need a subscription. */
function mirrorLimits({ title, version, hasPackages }: Release, { mirror }: SystemOptions): Failure[] {
  const isRhel = /^(RHEL|Red Hat)\b/.test(title);
  const knowsMirrors = title.startsWith("Fedora") || (Number.parseInt(version, 10) >= 10 && !isRhel);
  if (hasPackages || knowsMirrors || mirror !== undefined) return [];
  const reason = `is missing: the ISO of ${title} holds no packages, and its installer knows no mirror; give the directory of BaseOS, or take the DVD`;
  return [{ property: "system.mirror", reason }];
}

function checkDisk(disk: SystemOptions["disk"], own: RedhatOptions, report: Report): void {
  const { layout, fileSystem, mounts } = disk;
  const isCustom = layout === "custom";
  if (isCustom && own.partitioning.length === 0)
    report(["system", "disk", "layout"], "custom needs the commands in `redhat.partitioning`");
  if (!isCustom && own.partitioning.length > 0)
    report(["redhat", "partitioning"], `is of no use to the layout ${layout}; set \`system.disk.layout\` to custom`);
  refuseUnnamedMirror(disk, reportShared(report));
  if (fileSystem === "btrfs" && !["whole", "custom"].includes(layout))
    report(["system", "disk", "fileSystem"], `can't be btrfs with the layout ${layout}; take the layout whole`);
  if (fileSystem === "btrfs" && hasSizes(disk))
    report(["system", "disk", "fileSystem"], "can't be btrfs where `mounts` or `swap` say more; take ext4 or xfs");
  mounts.forEach((mount, index) => {
    if (mount.fileSystem === "btrfs")
      report(["system", "disk", "mounts", index, "fileSystem"], "can't be btrfs with Anaconda; take ext4 or xfs");
  });
}

function reportShared(report: Report): Report {
  return (path, reason) => report(["system", ...path], reason);
}

function checkPartitioning({ partitioning }: RedhatOptions, report: Report): void {
  const commands = partitioning.map((command) => splitKickstart(command) ?? []);
  for (const { index, message } of slipsInPartitioning(commands).slips)
    report(["redhat", "partitioning", index], message);
}

function checkSources({ mirror, proxy }: SystemOptions, { source, repositories }: RedhatOptions, report: Report): void {
  if (proxy !== undefined && mirror === undefined && repositories.length === 0)
    report(["system", "proxy"], "is of use to a `mirror` only; give the archive's address as `system.mirror`");
  if (source !== undefined && mirror !== undefined)
    report(["redhat", "source"], "can't be given with `system.mirror`; leave one of them out");
  repositories.forEach(({ url, mirrorList, metalink }, index) => {
    if ([url, mirrorList, metalink].filter((place) => place !== undefined).length !== 1)
      report(["redhat", "repositories", index], "must have one of `url`, `mirrorList` and `metalink`");
  });
}

function checkAddresses({ network }: SystemOptions, report: Report): void {
  network?.interfaces.forEach((one, index, interfaces) => {
    const { addresses, dns } = one;
    const count4 = addresses.filter((address) => parseCidr4(address) !== undefined).length;
    const is6Only = addressingOf(one, interfaces).ipv4 === "none";
    dns.forEach((server, position) => {
      if (!is6Only || isIP(server) === 6) return;
      const reason = `${server} can't be asked by an interface that has IPv6 only; give name servers of IPv6`;
      report(["system", "network", "interfaces", index, "dns", position], reason);
    });
    if (count4 < 2 && addresses.length - count4 < 2) return;
    const reason =
      "has several addresses of a kind; Anaconda gives an interface one of IPv4 and one of IPv6. Add the others by `system.scripts.firstBoot`";
    report(["system", "network", "interfaces", index, "addresses"], reason);
  });
}

/** The option for which a connection's keyfile is completed. */
function fieldBeyondKickstart({ routes, acceptRa }: NetworkInterface): "routes" | "acceptRa" | "dhcp4" {
  return routes.length > 0 ? "routes" : acceptRa === undefined ? "dhcp4" : "acceptRa";
}

function checkLinks({ network = { interfaces: [] } }: SystemOptions, report: Report): void {
  const { interfaces } = network;
  interfaces.forEach((one, index) => {
    const reportAt = (field: string, reason: string) =>
      report(["system", "network", "interfaces", index, field], reason);
    if (one.name === undefined && additionsTo(one, network) !== undefined)
      reportAt("name", `is missing: \`${fieldBeyondKickstart(one)}\` is added to the connection of that name`);
    if (one.mtu !== undefined && one.bond === undefined && isMember(one, interfaces))
      reportAt("mtu", "can't be given for an interface of a bridge, whose connection Anaconda makes without one");
    if (one.bridge !== undefined && interfaces.some(({ name, vlan }) => isIn(name, one.bridge) && vlan !== undefined))
      reportAt("bridge", "takes a VLAN; Anaconda makes bridges of network cards and bonds only");
  });
}

function isIn(name: string | undefined, bridge: NetworkInterface["bridge"]): boolean {
  return name !== undefined && (bridge?.interfaces.includes(name) ?? false);
}
