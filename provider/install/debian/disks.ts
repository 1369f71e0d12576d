import type { AddedFile } from "../family";
import { beforeScript, handOverFolder } from "../shared/hand-over";
import type { DiskOptions } from "../shared/disk";

const folder = `/${handOverFolder}`;

/**
 * Shell functions that say what erasing the disks in `names` takes of a device: all (erased), nothing (kept), or a part
 * of its data (torn). The kernel lists what a device lies on. Each disk of a mirror has all of its data.
 */
const fates = String.raw`fate() {
	if [ -e "$sys/$1/partition" ]; then
		set -- "$(basename "$(readlink -f "$sys/$1/..")")"
	fi
	below=$(ls "$sys/$1/slaves" 2>/dev/null)
	if [ "$below" ]; then
		fate_of "$(cat "$sys/$1/md/level" 2>/dev/null)" $below
		return
	fi
	case " $names " in
	*" $1 "*) echo erased ;;
	*) echo kept ;;
	esac
}

fate_of() {
	level=$1
	shift
	case " $(for one; do (fate "$one"); done | sort -u | tr '\n' ' ')" in
	*' erased kept '* | *' torn '*) [ "$level" = raid1 ] && echo kept || echo torn ;;
	*' kept '*) echo kept ;;
	*) echo erased ;;
	esac
}

require_whole() {
	[ "$2" != torn ] ||
		fail "$1 is on $disks and on other disks, whose data would be lost, too; name all of its disks, or remove it first"
}`;

/** Shell functions that erase what an installer could take for a system that is still in use. */
const wiping = String.raw`assemble() {
	type mdadm >/dev/null 2>&1 || return 0
	modprobe -q md-mod
	mkdir -p /dev/md
	mdadm --examine --scan --config=partitions >/tmp/kvm-deploy-arrays 2>/dev/null
	log-output -t kvm-deploy mdadm --assemble --scan --run --readonly --config=/tmp/kvm-deploy-arrays --auto=yes
	log-output -t kvm-deploy update-dev --settle
}

parts_of() {
	for part in "$sys/$1/$1"*; do
		[ ! -e "$part/partition" ] || basename "$part"
	done
}

release() {
	local holder
	for holder in $(ls "$sys/$1/holders" 2>/dev/null); do
		[ -e "$sys/$holder" ] || continue
		release "$holder"
		# LVM removes its links in /dev, too, which would count as a volume group.
		case $holder$(cat "$sys/$holder/dm/uuid" 2>/dev/null) in
		md*) log-output -t kvm-deploy mdadm --stop "/dev/$holder" ;;
		*LVM-*) log-output -t kvm-deploy lvchange -a n "/dev/mapper/$(cat "$sys/$holder/dm/name")" ;;
		*) log-output -t kvm-deploy dmsetup remove "$(cat "$sys/$holder/dm/name")" ;;
		esac || fail "$holder, which is on $disks, can't be stopped"
	done
}

zero() {
	log-output -t kvm-deploy dd if=/dev/zero of="/dev/$1" bs=512 seek="$2" count="$3" conv=notrunc,fsync ||
		fail "/dev/$1 can't be written"
}

zero_ends() {
	sectors=$(cat "$sys/$1/size")
	if [ "$sectors" -le 4096 ]; then
		zero "$1" 0 "$sectors"
	else
		zero "$1" 0 2048
		zero "$1" $((sectors - 2048)) 2048
	fi
}

read_table() {
	for try in 1 2 3 4 5; do
		log-output -t kvm-deploy update-dev --settle
		! log-output -t kvm-deploy blockdev --rereadpt "/dev/$1" || return 0
		sleep 1
	done
	fail "/dev/$1 is in use"
}

# The table of the partitions comes last: after an interruption they must be found again.
wipe() {
	for one in $(parts_of "$1") "$1"; do
		release "$one"
	done
	for one in $(parts_of "$1") "$1"; do
		zero_ends "$one"
	done
	read_table "$1"
	log-output -t kvm-deploy update-dev --settle
}`;

/** What is on other disks stays. Where erasing would take a part of it, the installation ends before it erases anything. */
const eraseDisks = String.raw`assemble
for array in "$sys"/md*; do
	[ ! -e "$array/md" ] || require_whole "the array $(basename "$array")" "$(fate "$(basename "$array")")"
done
if type vgs >/dev/null 2>&1; then
	modprobe -q dm-mod
	for group in $(vgs --noheadings -o vg_name 2>/dev/null); do
		volumes=$(pvs --noheadings -o pv_name -S "vg_name=$group" 2>/dev/null | grep -o '/dev/[^ ]*')
		require_whole "the volume group $group" \
			"$(fate_of linear $(for volume in $volumes; do basename "$(readlink -f "$volume")"; done))"
	done
fi
for name in $names; do
	wipe "$name"
done
assemble`;

/** Another disk may have a volume group of the name that the installer would choose: it would stop with a question. */
const nameVolumeGroup = String.raw`if [ -z "$(debconf-get partman-auto-lvm/new_vg_name)" ]; then
	first=$(cat /etc/hostname)-vg
	group=$first
	count=1
	while [ -e "/dev/$group" ] || vgs "$group" >/dev/null 2>&1; do
		count=$((count + 1))
		group=$first$count
	done
	[ "$group" = "$first" ] || debconf-set partman-auto-lvm/new_vg_name "$group"
fi`;

/** The arrays of the shipped recipes, whose members are the first partitions of each disk; a recipe of one's own stays. */
function makeArrays(layout: DiskOptions["layout"]): string {
  const arrays =
    layout === "raid1-lvm"
      ? "1 $count 0 ext4 /boot $(members 1) . 1 $count 0 lvm - $(members 2) ."
      : "1 $count 0 $(debconf-get partman/default_filesystem) / $(members 1) .";
  return String.raw`members() {
	parts=
	for name in $names; do
		case $name in
		*[0-9]) parts="$parts#/dev/$name"p"$1" ;;
		*) parts="$parts#/dev/$name$1" ;;
		esac
	done
	echo "$parts" | cut -c 2-
}

if [ "$method" = raid ] && [ -z "$(debconf-get partman-auto-raid/recipe)" ]; then
	count=$(echo $names | wc -w)
	debconf-set partman-auto-raid/recipe "${arrays}"
	debconf-set grub-installer/bootdev "$disks"
fi`;
}

/**
 * Run by the answers' partman/early_command. Where no disk is named, the first one is taken, for an array the first two.
 * The installer's own removal of old arrays and volume groups ends with an error where they are not complete, and what it
 * starts of them keeps the disks busy. So all of it is erased before the installer looks at the disks.
 */
function beforePartitioning(layout: DiskOptions["layout"]): string {
  return `#!/bin/sh
${beforeScript({ folder })}
fail() {
	printf '\\nkvm-deploy: failed: %s\\n' "$1" >/dev/ttyS1
	exit 1
}

sys=/sys/class/block
method=$(debconf-get partman-auto/method)
least=1
[ "$method" != raid ] || least=2
disks=$(debconf-get partman-auto/disk)
[ "$disks" ] || disks=$(echo $(list-devices disk | head -n $least))
[ "$(echo $disks | wc -w)" -ge $least ] || fail "the layout needs $least disks, and there are: $disks"
names=
for disk in $disks; do
	[ -e "$disk" ] || fail "there is no disk $disk"
	name=$(basename "$(readlink -f "$disk")")
	[ -e "$sys/$name" ] || fail "$disk is no disk"
	[ ! -e "$sys/$name/partition" ] || fail "$disk is a partition; name the whole disk"
	[ "$(cat "$sys/$name/ro")" = 0 ] || fail "$disk is read-only"
	case "$names " in
	*" $name "*) fail "$disk is a disk that is named twice: $disks" ;;
	esac
	! grep -q "^/dev/$name[p0-9]* " /proc/mounts || fail "$disk is in use by the installer"
	names="$names $name"
done
debconf-set partman-auto/disk "$disks"
echo "$names " >${folder}/disks
cp ${folder}/other-disks /lib/partman/display.d/05kvm-deploy

${fates}

${wiping}

${eraseDisks}

${nameVolumeGroup}

${makeArrays(layout)}
`;
}

/**
 * One of the hooks that partman runs after it has read the disks: the first EFI partition that partman finds on any disk
 * would become the new system's.
 */
const otherDisks = String.raw`#!/bin/sh
for mark in /var/lib/partman/devices/*/*/old_efi; do
	[ -e "$mark" ] || continue
	part=$(dirname "$mark")
	disk=$(basename "$(readlink -f "$(cat "$(dirname "$part")/device")")")
	case "$(cat ${folder}/disks)" in
	*" $disk "*) ;;
	*) rm -f "$part/method" ;;
	esac
done
`;

/** What is done with the disks before they are partitioned, as files below the directory of the hand-over. */
export function diskFiles({ layout }: DiskOptions): AddedFile[] {
  return [
    { path: "before-partitioning", content: beforePartitioning(layout), mode: 0o700 },
    { path: "other-disks", content: otherDisks, mode: 0o755 },
  ];
}
