#!/bin/busybox sh
# Stands in for an installer: tells on the console how it was booted and which files it can see, then powers off.
/bin/busybox mkdir -p /proc /dev /iso
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
echo 1 >/proc/sys/kernel/printk
while read -r module; do insmod "/modules/$module"; done </modules/order
exec </dev/console >/dev/console 2>&1

tell() { printf 'fixture %s\n' "$*"; }

# The firmware's device may come up a moment later than its driver.
for try in 1 2 3 4 5 6 7 8 9 10; do
	for device in /dev/sr0 /dev/vda /dev/sda; do
		[ -b $device ] && mount -t iso9660 -o ro $device /iso 2>/dev/null && break 2
	done
	sleep 1
done

echo
tell "name $(cat /name)"
tell "cmdline $(cat /proc/cmdline)"
[ -d /sys ] || { mkdir /sys && mount -t sysfs sys /sys; }
[ -d /sys/firmware/efi ] && tell "firmware uefi" || tell "firmware bios"
dmesg | grep -q 'Secure boot enabled' && tell "secure boot"
tell "device $device"
echo "<0>fixture on all consoles" >/dev/kmsg
screen=$(dmesg | sed -n 's/.*Console: .*colour //p' | tail -n 1)
grep -q 'fixture on all consoles' /dev/vcs1 && tell "screen $screen"
find / -xdev -type f ! -path '/bin/*' ! -path '/modules/*' | sort | while read -r file; do
	tell "initrd $(md5sum <"$file" | cut -c1-32) $(stat -c %a "$file") ${file#/}"
done
find /iso -type f -size -64k | sort | while read -r file; do
	tell "iso $(md5sum <"$file" | cut -c1-32) $(stat -c %a "$file") ${file#/iso/}"
done
tell end
poweroff -f
