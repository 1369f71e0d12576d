#!/bin/sh
# The first program in a guest with the tools of Debian's installer: puts old systems on its disks, has them erased by the
# script that runs before the partitioning, and reports what is left. One line for each case.
export PATH=/test/bin:/usr/sbin:/usr/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
/usr/lib/debian-installer/start-udev
exec </dev/console >/dev/console 2>&1
depmod -a
for module in virtio_blk dm_mod dm_crypt md_mod raid0 raid1; do modprobe "$module"; done
update-dev --settle
mkdir -p /lib/partman/display.d /test/answers
echo used >/etc/hostname

export DISKS='/dev/vda /dev/vdb /dev/vdc'

fresh() {
	vgchange -q -a n
	for name in $(dmsetup ls | cut -f 1 | grep -v '^No '); do dmsetup remove "$name"; done
	for array in $(ls -d /dev/md[0-9]* 2>/dev/null); do mdadm --stop "$array"; done
	for disk in $DISKS; do
		blkdiscard "$disk"
		blockdev --rereadpt "$disk"
	done
	rm -rf /test/answers/* /dev/used-vg /dev/data
	update-dev --settle
} >/dev/null 2>&1

# Two partitions of 23 MiB on each disk.
part() {
	for disk; do
		{
			dd if=/dev/zero bs=446 count=1
			printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\270\0\0'
			printf '\0\0\0\0\203\0\0\0\0\300\0\0\0\270\0\0'
			dd if=/dev/zero bs=32 count=1
			printf '\125\252'
		} 2>/dev/null | dd of="$disk" conv=notrunc 2>/dev/null
		blockdev --rereadpt "$disk"
	done
	update-dev --settle
}

mirror() {
	yes | mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --assume-clean "$@"
	update-dev --settle
} >/dev/null 2>&1

group() {
	name=$1
	shift
	vgcreate -q "$name" "$@" && lvcreate -q -y -n root -L 8M "$name" || echo "case: $title: BAD: no volume group"
	update-dev --settle
}

stop() {
	vgchange -q -a n
	[ ! -b /dev/md0 ] || mdadm --stop /dev/md0
	update-dev --settle
} >/dev/null 2>&1

sum() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	md5sum <"$1"
}

# METHOD DISK...: the script's exit code is in $code.
install() {
	echo "$1" >/test/answers/partman-auto_method
	shift
	echo "$*" >/test/answers/partman-auto_disk
	: >/dev/ttyS1
	sh /kvm-deploy/before-partitioning
	code=$?
}

erased() {
	for disk; do
		[ -z "$(ls -d "$disk"[0-9] 2>/dev/null)" ] || return 1
		[ -z "$(blkid -p "$disk" 2>/dev/null)" ] || return 1
		[ -z "$(ls "/sys/class/block/$(basename "$disk")/holders")" ] || return 1
	done
}

report() {
	"$@" && echo "case: $title: fine" || echo "case: $title: BAD (code $code)"
}

title='a volume group in use'
fresh
part /dev/vda
group used-vg /dev/vda1 /dev/vda2
install lvm /dev/vda
gone() { [ $code = 0 ] && erased /dev/vda && ! vgs used-vg >/dev/null 2>&1 && [ ! -e /dev/used-vg ]; }
report gone

title='an opened LUKS partition'
fresh
part /dev/vda
echo passphrase | cryptsetup -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --luks2-metadata-size 16k --luks2-keyslots-size 256k luksFormat /dev/vda2
echo passphrase | cryptsetup open /dev/vda2 old
group used-vg /dev/mapper/old
install crypto /dev/vda
closed() { [ $code = 0 ] && erased /dev/vda && [ ! -e /dev/mapper/old ]; }
report closed

title='a mirror with a volume group, on both of its disks'
fresh
part /dev/vda /dev/vdb
mirror /dev/vda1 /dev/vdb1
group used-vg /dev/md0
install raid /dev/vda /dev/vdb
bare() { [ $code = 0 ] && erased /dev/vda /dev/vdb && ! grep -q '^md' /proc/mdstat; }
report bare

title='a stopped mirror, which the installer would start'
fresh
part /dev/vda /dev/vdb
mirror /dev/vda1 /dev/vdb1
stop
install raid /dev/vda /dev/vdb
report bare

title='a mirror of which the other member is missing'
fresh
part /dev/vda
mirror /dev/vda1 missing
stop
install lvm /dev/vda
report bare

title='a mirror, on one of its disks'
fresh
part /dev/vda /dev/vdb
mirror /dev/vda1 /dev/vdb1
group used-vg /dev/md0
stop
before=$(sum /dev/vdb)
install lvm /dev/vda
halved() {
	[ $code = 0 ] && erased /dev/vda && grep -q 'vdb1' /proc/mdstat && ! grep -q 'vda1' /proc/mdstat &&
		[ "$(cat /test/answers/partman-auto-lvm_new_vg_name)" = used-vg2 ] && [ "$before" = "$(sum /dev/vdb)" ]
}
report halved

title='a volume group on another disk, too'
fresh
part /dev/vda /dev/vdb
group data /dev/vda1 /dev/vdb1
stop
before="$(sum /dev/vda) $(sum /dev/vdb)"
install lvm /dev/vda
refused() { [ $code = 1 ] && [ "$before" = "$(sum /dev/vda) $(sum /dev/vdb)" ]; }
report refused

title='stripes on another disk, too'
fresh
part /dev/vda /dev/vdb
mdadm --create /dev/md0 --run --level=0 --raid-devices=2 /dev/vda1 /dev/vdb1 >/dev/null 2>&1
stop
before="$(sum /dev/vda) $(sum /dev/vdb)"
install regular /dev/vda
report refused

title='a volume group of the same name on another disk'
fresh
part /dev/vda /dev/vdb
group used-vg /dev/vdb1
stop
before=$(sum /dev/vdb)
install lvm /dev/vda
renamed() {
	[ $code = 0 ] && [ "$before" = "$(sum /dev/vdb)" ] &&
		[ "$(cat /test/answers/partman-auto-lvm_new_vg_name)" = used-vg2 ]
}
report renamed

title='empty disks'
fresh
install lvm /dev/vda
untouched() { [ $code = 0 ] && [ ! -e /test/answers/partman-auto-lvm_new_vg_name ]; }
report untouched

echo 'all cases were run'
poweroff -f
