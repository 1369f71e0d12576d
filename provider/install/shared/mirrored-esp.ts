import type { AddedFile } from "../family";
import { type DiskOptions, isMirrored } from "./disk";

/** Where the new system has the script that copies. */
const copier = "/usr/local/sbin/kvm-deploy-copy-esp";

/**
 * The firmware reads no arrays of Linux: each disk has an EFI partition of its own, and all have the same UUID. So the
 * system mounts the one of whichever disk is there, and the others are known by it. The newest of each file counts: a disk
 * that was missing for a time has old ones. A file is complete before it gets its name.
 */
const copy = String.raw`#!/bin/sh
# Brings the EFI partitions of all disks into step with each other; all have the UUID of the one at /boot/efi.
set -e

# update FROM TO: copies what TO does not have, or has older
update() {
	(cd "$1" && find . -type f ! -name '*.kvm-deploy') | while IFS= read -r file; do
		[ ! -e "$2/$file" ] || [ "$1/$file" -nt "$2/$file" ] || continue
		mkdir -p "$(dirname "$2/$file")"
		cp -p "$1/$file" "$2/$file.kvm-deploy"
		sync "$2/$file.kvm-deploy"
		mv "$2/$file.kvm-deploy" "$2/$file"
	done
}

here=$(findmnt -n -o SOURCE /boot/efi)
uuid=$(blkid -p -s UUID -o value "$here")
there=$(mktemp -d)
trap 'umount "$there" 2>/dev/null || :; rmdir "$there"' EXIT
for partition in $(blkid -c /dev/null -t "UUID=$uuid" -o device); do
	[ "$partition" != "$here" ] || continue
	mount -t vfat -o umask=0077 "$partition" "$there"
	update "$there" /boot/efi
	update /boot/efi "$there"
	umount "$there"
done
`;

/** At each start, too: the machine may have stopped between an update of the boot loader and its copies. */
const service = `[Unit]
Description=Copies of the EFI partition on the other disks
ConditionPathIsMountPoint=/boot/efi
StartLimitIntervalSec=0

[Service]
Type=oneshot
# An update of the boot loader writes several files.
ExecStartPre=/bin/sleep 5
ExecStart=${copier}

[Install]
WantedBy=multi-user.target
`;

/**
 * Runs in the new system, in the directory with the files above. A system that starts by BIOS may have EFI partitions, too,
 * and must start without the one on a missing disk.
 */
const install = String.raw`#!/bin/sh
set -e
grep -q '^[^#].*[[:space:]]/boot/efi[[:space:]]' /etc/fstab || exit 0
here=$(findmnt -n -o SOURCE /boot/efi)
[ -e /sys/class/block ]
# An array of one's own has its copies by itself.
[ -e "/sys/class/block/$(basename "$here")/partition" ] || exit 0
uuid=$(blkid -p -s UUID -o value "$here")

# partitions_of DEVICE: the names of those that it lies on
partitions_of() {
	[ ! -e "/sys/class/block/$1/partition" ] || echo "$1"
	for below in "/sys/class/block/$1/slaves"/*; do
		[ ! -e "$below" ] || partitions_of "$(basename "$below")"
	done
}

# Only disks that the new system itself is on: they were erased for it.
system=$(readlink -f "$(findmnt -n -v -o SOURCE --target /boot)")
for member in $(partitions_of "$(basename "$system")"); do
	disk=$(dirname "$(readlink -f "/sys/class/block/$member")")
	for number in "$disk"/*/partition; do
		part=$(dirname "$number")
		partition=/dev/$(basename "$part")
		[ "$partition" != "$here" ] && [ ! "$(ls "$part/holders")" ] || continue
		type=$(blkid -p -s PART_ENTRY_TYPE -o value "$partition" || :)
		[ "$type" = c12a7328-f81f-11d2-ba4b-00a0c93ec93b ] || continue
		mkfs.fat -F 32 -i "$(echo "$uuid" | tr -d -)" "$partition"
	done
done

# The first start must not wait for a disk that is missing.
sed -i -E 's|^([^#[:space:]]+[[:space:]]+/boot/efi[[:space:]]+vfat[[:space:]]+[^[:space:]]+)|\1,nofail|' /etc/fstab

mkdir -p /usr/local/sbin
cp esp/copy ${copier}
chmod 755 ${copier}
${copier}

# Without systemd, as in Devuan, this was the only copy.
command -v systemctl >/dev/null || exit 0
units=/etc/systemd/system
mkdir -p "$units"
cp esp/service "$units/kvm-deploy-esp.service"
{
	printf '[Unit]\nDescription=Changes of the EFI partition\n\n[Path]\n'
	find /boot/efi -type d -printf 'PathChanged=%p\n'
	printf '\n[Install]\nWantedBy=multi-user.target\n'
} >"$units/kvm-deploy-esp.path"
chmod 644 "$units/kvm-deploy-esp.service" "$units/kvm-deploy-esp.path"
systemctl enable kvm-deploy-esp.service kvm-deploy-esp.path
`;

/** What a mirrored layout needs for UEFI, below the directory of the hand-over. */
export function mirroredEspFiles(disk: Pick<DiskOptions, "layout">): AddedFile[] {
  if (!isMirrored(disk)) return [];
  return [
    { path: "new-system/esp/copy", content: copy, mode: 0o755 },
    { path: "new-system/esp/service", content: service, mode: 0o644 },
    { path: "new-system/after/000-esp", content: install, mode: 0o700 },
  ];
}
