import type { AddedFile } from "../family";
import { hasTraits, isGroupOfOthers, type SystemUser } from "./accounts";
import { firstBootScript, firstBootUnit, handOverScript, workFolder } from "./hand-over-script";
import { hostKeyFiles } from "./host-keys";
import { takeOverFiles } from "./managers/index";
import type { SystemOptions } from "./system";
import { sealScripts } from "./unlock/files";

/** The directory in the installer, or on the ISO, that holds what is handed over. */
export const handOverFolder = "kvm-deploy";

/**
 * What every family hands over in the same way: host keys, keys of root, users, forwarding, and scripts. All of it for root
 * only. @param files of a family's own: those below `etc` go into the new system's /etc
 */
export function handOverFiles(system: SystemOptions, mark: string, files: readonly AddedFile[] = []): AddedFile[] {
  const { hostKeys, rootKeys, users, scripts, handOver, proxy, disk } = system;
  return [
    { path: "mark", content: `${mark}\n`, mode: 0o600 },
    { path: "new-system/hand-over", content: handOverScript(users), mode: 0o700 },
    ...hostKeyFiles(hostKeys, "new-system/host-keys"),
    ...unlessEmpty("new-system/root-keys", linesOf(rootKeys)),
    ...users.flatMap((user) => userFiles(user, users)),
    ...unlessEmpty("new-system/etc/sysctl.d/50-kvm-deploy.conf", forwardingOf(system), 0o644),
    ...scriptFiles("before", scripts.before),
    ...takeOverFiles(handOver, proxy).map((file) => ({ ...file, path: `new-system/${file.path}` })),
    ...scriptFiles("new-system/after", scripts.after),
    ...firstBootFiles([...sealScripts(disk), ...scripts.firstBoot]),
    ...files,
  ].map((file) => ({ ...file, path: `${handOverFolder}/${file.path}` }));
}

/** Scripts in their order, a file each. */
export function scriptFiles(folder: string, scripts: readonly string[]): AddedFile[] {
  return scripts.map((script, index) => ({
    path: `${folder}/${String(index + 1).padStart(3, "0")}`,
    content: script.endsWith("\n") ? script : `${script}\n`,
    mode: 0o700,
  }));
}

function userFiles(user: SystemUser, users: readonly SystemUser[]): AddedFile[] {
  const own = `new-system/users/${user.name}`;
  return [
    { path: `${own}/full-name`, content: user.fullName, mode: 0o600 },
    ...unlessEmpty(`${own}/password`, user.password === undefined ? "" : `${user.name}:${user.password}\n`),
    ...unlessEmpty(`${own}/keys`, linesOf(user.keys)),
    ...unlessEmpty(`${own}/groups`, linesOf(user.groups)),
    ...unlessEmpty(sudoersPath(user, own), sudoersOf(user), user.name.includes(".") ? 0o440 : 0o600),
    ...traitFiles(user, users, own),
  ];
}

/** sudo ignores files of sudoers.d whose names have a dot. No name has a plus, so that none is taken by another user. */
function sudoersPath({ name }: SystemUser, own: string): string {
  return name.includes(".") ? `new-system/etc/sudoers.d/kvm-deploy-${name.replaceAll(".", "+")}` : `${own}/sudoers`;
}

/** The arguments of useradd, a line each. */
function traitFiles(user: SystemUser, users: readonly SystemUser[], own: string): AddedFile[] {
  if (!hasTraits(user, users)) return [];
  const { uid, shell, home } = user;
  const given = Object.entries({ "--uid": uid, "--shell": shell, "--home-dir": home });
  const lines = given.flatMap(([option, value]) => (value === undefined ? [] : [option, String(value)]));
  return [
    ...unlessEmpty(`${own}/useradd`, linesOf([...lines, ...(isGroupOfOthers(user, users) ? ["--user-group"] : [])])),
    ...unlessEmpty(`${own}/shell`, shell === undefined ? "" : `${shell}\n`),
  ];
}

/** Some distributions ask for root's password otherwise. */
function sudoersOf({ name, password, sudo }: SystemUser): string {
  if (sudo === false) return "";
  const asksNothing = sudo === "passwordless" || password === undefined;
  return `Defaults:${name} !targetpw\n${name} ALL=(ALL:ALL) ${asksNothing ? "NOPASSWD: " : ""}ALL\n`;
}

/** A router says so; all others keep the distribution's own setting. */
function forwardingOf({ forwarding }: SystemOptions): string {
  const ipv4 = forwarding.ipv4 ? ["net.ipv4.ip_forward = 1"] : [];
  const ipv6 = forwarding.ipv6 ? ["net.ipv6.conf.all.forwarding = 1"] : [];
  return linesOf([...ipv4, ...ipv6]);
}

function firstBootFiles(scripts: readonly string[]): AddedFile[] {
  if (scripts.length === 0) return [];
  return [
    { path: "new-system/kvm-deploy-first-boot.service", content: firstBootUnit, mode: 0o644 },
    { path: "new-system/first-boot/run", content: firstBootScript, mode: 0o700 },
    ...scriptFiles("new-system/first-boot/scripts", scripts),
  ];
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** A file that is there only when it has something to say. */
function unlessEmpty(path: string, content: string, mode = 0o600): AddedFile[] {
  return content === "" ? [] : [{ path, content, mode }];
}

/** A script of a family's own. */
export function scriptFile(path: string, content: string): AddedFile {
  return { path, content, mode: 0o700 };
}

/** A file below the new system's /etc. */
export function etcFile(path: string, lines: readonly string[]): AddedFile {
  return { path: `new-system/etc/${path}`, content: linesOf(lines), mode: 0o644 };
}

/** The servers that chrony asks, in the file that holds the distribution's own on SUSE's systems. */
export function chronyPool({ ntp }: SystemOptions): AddedFile[] {
  if (!Array.isArray(ntp)) return [];
  return [
    etcFile(
      "chrony.d/pool.conf",
      ntp.map((server) => `server ${server} iburst`),
    ),
  ];
}

/** Where the installer finds the directory of the hand-over, and where the new system is mounted. */
export interface HandOverPlaces {
  readonly folder: string;
  readonly target: string;
  /** What runs a command in the new system; chroot, unless the installer has a better one. */
  readonly enter?: string;
  /** Shell lines of a family's own that make the new system ready to be entered. */
  readonly prepare?: string;
}

/**
 * Shell lines for the end of an installation: they put the files into the new system, run them there, and report on the second
 * serial port how it ended, since installers only log that a script failed. @param last lines of a family's own that
 * come before the mark; they set `step` to what they do
 */
export function deliveryScript(places: HandOverPlaces, last = ""): string {
  const { folder, target, enter = `chroot ${target}`, prepare = "" } = places;
  return `#!/bin/sh
tell() {
	printf '\\n%s\\n' "$1" >/dev/ttyS1
}

step='preparation'
finished=
trap '[ "$finished" ] || { tell "kvm-deploy: failed: $step"; exit 1; }' EXIT
set -e

work=${target}${workFolder}
rm -rf $work
mkdir -p $work
chmod 700 $work
cp -R ${folder}/new-system/. $work/
${prepare}step=
${enter} /bin/sh ${workFolder}/hand-over || { step=$(cat $work/step); exit 1; }
[ -d $work/first-boot ] || rm -rf $work
${last}
finished=yes
tell "$(cat ${folder}/mark)"
`;
}

/** A shell's filter for logs: installers write the addresses of proxies and repositories there, logins and all. */
export const withoutLogins = String.raw`sed -u -E 's,://[^/[:space:]]*@,://...@,g'`;

/** Shell lines that run the scripts to be run before the disk is touched, and report which one failed. */
export function beforeScript({ folder }: Pick<HandOverPlaces, "folder">): string {
  return `for script in ${folder}/before/*; do
	[ -e "$script" ] || continue
	read -r first <"$script" || :
	case $first in
	'#!'*) "$script" ;;
	*) sh "$script" ;;
	esac && continue
	printf '\\nkvm-deploy: failed: script before/%s\\n' "$(basename "$script")" >/dev/ttyS1
	exit 1
done
`;
}
