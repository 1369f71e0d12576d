#!/bin/sh
# The first program in a guest with the programs of an installed Debian: two disks that mirror each other, each with an EFI
# partition, and the script that the hand-over runs. One line for each case.
export PATH=/test/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
depmod -a
for module in virtio_pci virtio_blk md_mod raid1 ext4 vfat nls_cp437 nls_ascii nls_utf8; do modprobe "$module"; done
mkdir -p /etc /boot /tmp /var/lib /run
: >/etc/mtab

check() {
	title=$1
	shift
	if "$@"; then echo "case: $title: fine"; else echo "case: $title: BAD"; fi
}

uuid_of() {
	blkid -p -s UUID -o value "$1"
}

# in_copy COMMAND: runs it in the EFI partition of the second disk
in_copy() {
	mkdir -p /copy
	mount -t vfat /dev/vdb2 /copy
	(cd /copy && eval "$1")
	result=$?
	umount /copy
	return $result
}

copied() {
	kvm-deploy-copy-esp && in_copy "$1"
}

yes | mdadm --create /dev/md0 --run --level=1 --raid-devices=2 --assume-clean /dev/vda1 /dev/vdb1 >/dev/null 2>&1
mkfs.ext4 -q /dev/md0
mount /dev/md0 /boot
mkfs.fat -F 32 /dev/vda2 >/dev/null
mkfs.fat -F 32 /dev/vdc1 >/dev/null
foreign=$(uuid_of /dev/vdc1)
mkdir -p /boot/efi
mount -t vfat /dev/vda2 /boot/efi
mkdir -p /boot/efi/EFI/debian /boot/efi/EFI/BOOT
echo first >/boot/efi/EFI/debian/grubx64.efi
echo first >/boot/efi/EFI/BOOT/BOOTX64.EFI
printf '# /boot/efi was on /dev/vda2\nUUID=%s  /boot/efi       vfat    umask=0077      0       1\n' "$(uuid_of /dev/vda2)" >/etc/fstab

without_sys() {
	umount /sys
	sh after/000-esp 2>/dev/null
	result=$?
	mount -t sysfs sys /sys
	[ $result != 0 ]
}

cd /kvm-deploy/new-system
check 'without /sys, which shows the disks, the script fails' without_sys
check 'the script ends' sh after/000-esp
cd /
check 'both have one UUID' [ "$(uuid_of /dev/vda2)" = "$(uuid_of /dev/vdb2)" ]
check 'the EFI partition of another disk stays' [ "$(uuid_of /dev/vdc1)" = "$foreign" ]
check 'the copy has the boot loader' in_copy 'grep -qx first EFI/BOOT/BOOTX64.EFI && grep -qx first EFI/debian/grubx64.efi'
check 'fstab has nofail once' [ "$(grep -c 'vfat    umask=0077,nofail      0       1' /etc/fstab)" = 1 ]
check 'the units are enabled' grep -qx 'enable kvm-deploy-esp.service kvm-deploy-esp.path' /tmp/systemctl
check 'each directory is watched' [ "$(grep -c '^PathChanged=/boot/efi' /etc/systemd/system/kvm-deploy-esp.path)" = 4 ]

sleep 3
echo second >/boot/efi/EFI/debian/grubx64.efi
mkdir /boot/efi/EFI/new
echo new >'/boot/efi/EFI/new/a file'
check 'an update is copied' copied 'grep -qx second EFI/debian/grubx64.efi && grep -qx new "EFI/new/a file" && [ ! -e EFI/debian/*.kvm-deploy ]'

sleep 3
in_copy 'echo third >EFI/debian/grubx64.efi'
check 'a disk that was away takes the newer one' copied 'grep -qx third EFI/debian/grubx64.efi'
check 'and so does the mounted one' grep -qx third /boot/efi/EFI/debian/grubx64.efi
check 'nothing stays mounted' [ "$(grep -c vfat /proc/mounts)" = 1 ]

umount /boot/efi
check 'without its mount it fails' sh -c '! kvm-deploy-copy-esp'
mount -t vfat /dev/vdb2 /boot/efi
sleep 3
echo fourth >/boot/efi/EFI/BOOT/BOOTX64.EFI
check 'the second disk may be the mounted one' kvm-deploy-copy-esp
umount /boot/efi
mount -t vfat /dev/vda2 /boot/efi
check 'the first one has it then' grep -qx fourth /boot/efi/EFI/BOOT/BOOTX64.EFI
echo 'all cases were run'
sync
reboot -f
