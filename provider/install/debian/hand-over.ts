import type { AddedFile } from "../family";
import { hostKeyFiles } from "../shared/host-keys";
import type { SystemUser } from "../shared/accounts";
import type { SystemOptions } from "../shared/system";
import type { DebianOptions } from "./schema";

/** Where the extra initrd keeps what the scripts below read. */
const folder = "kvm-deploy";

/**
 * Sends the installer's log to the second serial port from the moment that it is written. Early hooks have nothing of
 * debconf's open, so that nobody waits for what goes on in the background.
 */
const shipLog = String.raw`#!/bin/sh
: >>/var/log/syslog
(exec tail -n +1 -f /var/log/syslog >/dev/ttyS1 2>/dev/null </dev/null) &
`;

/**
 * Hands the new system over while it is still mounted at /target. The installer only logs that a hook failed and goes
 * on, so that failure and success are both told on the second serial port. Values travel in files: none is ever an
 * argument or a line of a script.
 */
const finish = String.raw`#!/bin/sh
data=/${folder}

tell() {
	printf '\n%s\n' "$1" >/dev/ttyS1
}

step='preparation'
finished=
# With 10 or 11 the installer would go back to its menu or end.
trap '[ "$finished" ] || { tell "kvm-deploy: failed: $step"; exit 1; }' EXIT
set -e

# authorize USER HOME KEYS
authorize() {
	ids=$(chroot /target id -u "$1"):$(chroot /target id -g "$1")
	mkdir -p "/target$2/.ssh"
	chmod 700 "/target$2/.ssh"
	cat "$3" >>"/target$2/.ssh/authorized_keys"
	chmod 600 "/target$2/.ssh/authorized_keys"
	chown -R "$ids" "/target$2/.ssh"
}

step='SSH host keys'
for key in $data/host-keys/*; do
	[ -e "$key" ] || continue
	mkdir -p /target/etc/ssh
	cp "$key" /target/etc/ssh/
	case $key in
	*.pub) chmod 644 "/target/etc/ssh/$(basename "$key")" ;;
	*) chmod 600 "/target/etc/ssh/$(basename "$key")" ;;
	esac
done

step='keys of root'
[ ! -e $data/root-keys ] || authorize root /root $data/root-keys

for user in $data/users/*; do
	[ -d "$user" ] || continue
	name=$(basename "$user")
	step="user $name"
	chroot /target id -u "$name" >/dev/null 2>&1 ||
		chroot /target useradd --create-home --shell /bin/bash --comment "$(cat "$user/full-name")" "$name"
	[ ! -e "$user/password" ] || chroot /target chpasswd -e <"$user/password"
	[ ! -e "$user/keys" ] || authorize "$name" "/home/$name" "$user/keys"
	[ ! -e "$user/sudo" ] || chroot /target usermod -a -G sudo "$name"
	[ ! -e "$user/sudoers" ] || (umask 337 && cat "$user/sudoers" >"/target/etc/sudoers.d/kvm-deploy-$name")
done

for script in $data/late/*; do
	[ -e "$script" ] || continue
	step="late command $(basename "$script")"
	sh "$script"
done

finished=yes
tell "$(cat $data/mark)"
`;

/**
 * Hooks of the installer's own folders and their data. The first begins right after the log's daemon; the last one runs
 * behind the installer's own configuration of the new system, before the folders of it are unmounted.
 */
export function handOverFiles(system: SystemOptions, own: DebianOptions, mark: string): AddedFile[] {
  return [
    { path: "lib/debian-installer-startup.d/S11kvm-deploy", content: shipLog, mode: 0o755 },
    { path: "usr/lib/finish-install.d/93kvm-deploy", content: finish, mode: 0o755 },
    { path: `${folder}/mark`, content: `${mark}\n`, mode: 0o600 },
    ...hostKeyFiles(system.hostKeys, `${folder}/host-keys`),
    ...secret(`${folder}/root-keys`, linesOf(system.rootKeys)),
    ...system.users.flatMap(userFiles),
    ...own.lateCommands.map((script, index) => ({
      path: `${folder}/late/${String(index + 1).padStart(3, "0")}`,
      content: script.endsWith("\n") ? script : `${script}\n`,
      mode: 0o700,
    })),
  ];
}

function userFiles(user: SystemUser): AddedFile[] {
  const own = `${folder}/users/${user.name}`;
  const withoutPassword = user.sudo === "passwordless" || (user.sudo && user.password === undefined);
  return [
    { path: `${own}/full-name`, content: user.fullName, mode: 0o600 },
    ...secret(`${own}/password`, user.password === undefined ? "" : `${user.name}:${user.password}\n`),
    ...secret(`${own}/keys`, linesOf(user.keys)),
    ...secret(`${own}/sudo`, user.sudo === false ? "" : "yes\n"),
    ...secret(`${own}/sudoers`, withoutPassword ? `${user.name} ALL=(ALL:ALL) NOPASSWD: ALL\n` : ""),
  ];
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

/** A file that is there only when it has something to say. */
function secret(path: string, content: string): AddedFile[] {
  return content === "" ? [] : [{ path, content, mode: 0o600 }];
}
