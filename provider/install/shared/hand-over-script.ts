import { hasTraits, type SystemUser } from "./accounts";

/** Where the files of the hand-over lie in the new system while it runs; what runs at the first boot stays until then. */
export const workFolder = "/var/lib/kvm-deploy-setup";

/**
 * Runs as root inside the new system. Values travel in the files next to it: none is ever a line of this script. The file
 * `step` names the step that failed. A part that few systems need is in their script only: the ISOs of all others stay as
 * they are.
 */
export function handOverScript(users: readonly SystemUser[]): string {
  return start + (users.some((user) => hasTraits(user, users)) ? accounts : "") + rest;
}

const start = String.raw`#!/bin/sh
set -e
cd "$(dirname "$0")"

begin() {
	printf '%s\n' "$1" >step
}

# Where files have security labels, new ones need theirs.
label() {
	if command -v restorecon >/dev/null 2>&1; then restorecon -R "$@" || :; fi
}

# run FILE: by what its first line names, else by sh
run() {
	read -r first <"$1" || :
	case $first in
	'#!'*) "$1" ;;
	*) sh "$1" ;;
	esac
}

# authorize USER KEYS
authorize() {
	home=$(getent passwd "$1" | cut -d: -f6)
	mkdir -p "$home/.ssh"
	chmod 700 "$home/.ssh"
	cat "$2" >>"$home/.ssh/authorized_keys"
	chmod 600 "$home/.ssh/authorized_keys"
	chown -R "$(id -u "$1"):$(id -g "$1")" "$home/.ssh"
	label "$home/.ssh"
}

begin 'SSH host keys'
for key in host-keys/*; do
	[ -e "$key" ] || continue
	mkdir -p /etc/ssh
	cp "$key" /etc/ssh/
	case $key in
	*.pub) chmod 644 "/etc/ssh/$(basename "$key")" ;;
	*) chmod 600 "/etc/ssh/$(basename "$key")" ;;
	esac
	label "/etc/ssh/$(basename "$key")"
done

begin 'keys of root'
[ ! -e root-keys ] || authorize root root-keys

`;

/** Users with an own number, shell or home, and those whose group others belong to. What the script does for all users follows. */
const accounts = String.raw`for user in users/*; do
	[ -e "$user/useradd" ] || continue
	name=$(basename "$user")
	begin "user $name"
	set -- --shell /bin/bash
	while IFS= read -r option; do set -- "$@" "$option"; done <"$user/useradd"
	if [ -e "$user/shell" ] && ! [ -x "$(cat "$user/shell")" ]; then
		begin "user $name: the new system has no shell $(cat "$user/shell"); add its package to packages"
		exit 1
	fi
	useradd --create-home --comment "$(cat "$user/full-name")" "$@" "$name"
done

`;

const rest = String.raw`for user in users/*; do
	[ -d "$user" ] || continue
	name=$(basename "$user")
	begin "user $name"
	id -u "$name" >/dev/null 2>&1 ||
		useradd --create-home --shell /bin/bash --comment "$(cat "$user/full-name")" "$name"
	[ ! -e "$user/password" ] || chpasswd -e <"$user/password"
	[ ! -e "$user/keys" ] || authorize "$name" "$user/keys"
	if [ -e "$user/groups" ]; then
		while read -r group; do
			getent group "$group" >/dev/null || groupadd "$group"
			usermod -a -G "$group" "$name"
		done <"$user/groups"
	fi
	if [ -e "$user/sudoers" ]; then
		mkdir -p /etc/sudoers.d
		(umask 337 && cat "$user/sudoers" >"/etc/sudoers.d/kvm-deploy-$name")
		label "/etc/sudoers.d/kvm-deploy-$name"
	fi
done

for file in etc/*; do
	[ -e "$file" ] || continue
	begin "$file"
	cp -R "$file" /etc/
done

for script in after/*; do
	[ -e "$script" ] || continue
	begin "script $script"
	run "$script"
done

begin 'scripts for the first boot'
if [ -d first-boot ]; then
	unit=kvm-deploy-first-boot.service
	cp "$unit" /etc/systemd/system/
	mkdir -p /etc/systemd/system/multi-user.target.wants
	ln -sf "../$unit" /etc/systemd/system/multi-user.target.wants/
	label /etc/systemd/system
fi
find . -mindepth 1 -maxdepth 1 ! -name first-boot ! -name step -exec rm -rf {} +
`;

/** Runs the scripts once, whatever comes of them: its unit fails when one of them does. */
export const firstBootScript = String.raw`#!/bin/sh
cd "$(dirname "$0")"
trap 'rm -rf ${workFolder}; rm -f /etc/systemd/system/multi-user.target.wants/kvm-deploy-first-boot.service' EXIT
set -e
for script in scripts/*; do
	read -r first <"$script" || :
	case $first in
	'#!'*) "$script" ;;
	*) sh "$script" ;;
	esac
done
`;

export const firstBootUnit = `[Unit]
Description=First start after the installation
Wants=network-online.target
After=network-online.target
ConditionPathExists=${workFolder}/first-boot

[Service]
Type=oneshot
ExecStart=/bin/sh ${workFolder}/first-boot/run

[Install]
WantedBy=multi-user.target
`;
