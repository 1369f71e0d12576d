import { formatPath } from "../../resource/check";
import type { Failure } from "../../resource/handler";
import type { Report } from "../../resource/rules";
import type { Release } from "../family";
import { debianAccounts } from "../shared/names/lists.gen";
import { refuseArguments } from "../shared/boot-arguments";
import { refuseGroups, refuseHandOver, refuseTakenNames, refuseUnnamedMirror } from "../shared/limits";
import type { SystemOptions } from "../shared/system";
import { refuseEarlyNetwork } from "../shared/unlock/limits";
import type { UbuntuOptions } from "./schema";
import { layoutOf, slipsInStorage } from "./slips";
import { isDescribed } from "./storage";

/** What Ubuntu's installer can't do. */
export function limits(system: SystemOptions, own: UbuntuOptions): Failure[] {
  const failures: Failure[] = [];
  const report: Report = (path, reason) => failures.push({ property: formatPath(path), reason });
  const reportShared: Report = (path, reason) => report(["system", ...path], reason);
  refuseArguments(system, /\s|^---?$/, "can't be handed on by Ubuntu's installer", reportShared);
  refuseTakenNames(system, debianAccounts, reportShared);
  refuseGroups(system, /^[a-z0-9][a-z0-9+.-]*\^?$/, 'a task of apt\'s; write it like "dns-server"', reportShared);
  checkDisk(system.disk, own, report);
  checkStorage(own, report);
  checkNetwork(system, report);
  refuseEarlyNetwork(system, { has6: false }, reportShared);
  refuseHandOver(
    system,
    { kind: "apt", distribution: "Ubuntu", missing: ["chef"], hasOtherPlaces: system.mirror !== undefined },
    reportShared,
  );
  if (system.handOver?.cloudInit !== undefined)
    reportShared(
      ["handOver", "cloudInit"],
      "is what Ubuntu's installer itself hands over to; give the settings as `ubuntu.userData`",
    );
  return failures;
}

function checkStorage({ storage }: UbuntuOptions, report: Report): void {
  for (const { path, message } of storage === undefined ? [] : slipsInStorage(storage))
    report(["ubuntu", "storage", ...path], message);
}

/** What the installers of older releases leave out without a word: a disk would be plain that was to be encrypted. */
export function releaseLimits(
  release: Release,
  { disk }: SystemOptions,
  { edition, storage = {} }: UbuntuOptions,
): Failure[] {
  const number = numberOf(release.version);
  const failures: Failure[] = [];
  const reportAt = (property: string, what: string) =>
    failures.push({ property, reason: `${what} ${release.title}; take an ISO of 22.04.3, or of 24.04 and later` });
  if (disk.layout === "encrypted" && !knowsEncryption(release))
    reportAt("system.disk.layout", "encrypted is not known to the installer of");
  const reason = unknownLayout(storage, release);
  if (reason !== undefined) failures.push({ property: "ubuntu.storage.layout", reason });
  if (edition !== undefined && number < 220_402) reportAt("ubuntu.edition", "can't be chosen in the installer of");
  return failures;
}

function knowsEncryption({ version }: Release): boolean {
  const number = numberOf(version);
  return number >= 230_400 || (number >= 220_403 && number < 220_500);
}

/** Why the installer of a release would make another layout than a storage section names: a plain disk for an encrypted one. */
export function unknownLayout(storage: Readonly<Record<string, unknown>>, release: Release): string | undefined {
  const { name, isEncrypted } = layoutOf(storage);
  if (isEncrypted && !knowsEncryption(release))
    return `has a password, which the installer of ${release.title} ignores: the disk would not be encrypted; take an ISO of 22.04.3, or of 24.04 and later`;
  if (name === "zfs" && numberOf(release.version) < 231_000)
    return `zfs is not known to the installer of ${release.title}; take an ISO of 24.04 or later`;
  return undefined;
}

/** 220403 for 22.04.3 */
function numberOf(version: string): number {
  const [year = 0, month = 0, point = 0] = version.split(".").map(Number);
  return year * 10_000 + month * 100 + point;
}

const byStorage = "describe the disks in `ubuntu.storage`, with the layout custom";

function checkDisk(disk: SystemOptions["disk"], own: UbuntuOptions, report: Report): void {
  const { layout, fileSystem, devices, passphrase } = disk;
  const reportAt = (field: string, reason: string) => report(["system", "disk", field], reason);
  if (own.storage !== undefined && layout !== "custom") {
    report(
      ["ubuntu", "storage"],
      `is of no use to the layout ${layout}; leave it out, or give \`system.disk.layout: custom\``,
    );
  }
  refuseUnnamedMirror(disk, (path, reason) => report(["system", ...path], reason));
  if (layout === "custom") {
    if (own.storage === undefined) reportAt("layout", "custom needs the disks' description in `ubuntu.storage`");
    for (const [field, value] of Object.entries({ fileSystem, devices, passphrase })) {
      if (value !== undefined) reportAt(field, "can't be given with the layout custom; say it in `ubuntu.storage`");
    }
    return;
  }
  if (fileSystem !== undefined && fileSystem !== "ext4" && !isDescribed(disk)) {
    reportAt("fileSystem", `Ubuntu's layouts are of ext4 only; for ${fileSystem}, ${byStorage}`);
  }
  devices?.forEach((device, index) => {
    if (/^\/dev\/[a-z0-9]+$/.test(device)) return;
    const reason = `${device} can't be used: Ubuntu's installer finds a disk by its kernel's name, such as /dev/vda`;
    report(["system", "disk", "devices", index], reason);
  });
}

function checkNetwork({ network }: SystemOptions, report: Report): void {
  const [first, ...others] = network?.interfaces ?? [];
  if (first === undefined || others.length === 0 || first.name !== undefined || first.mac !== undefined) return;
  report(
    ["system", "network", "interfaces", 0, "name"],
    "is missing: of several interfaces, Ubuntu's installer has to know each; give a `name` or a `mac`",
  );
}
