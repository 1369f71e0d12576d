#!/bin/busybox sh
# Begins in a guest that sees the host's files and may change them only for itself, then goes on in begin.sh.
/bin/busybox mkdir -p /proc /dev /host /changes /root
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
while read -r module; do insmod "/modules/$module"; done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=262144 host /host
mount -t tmpfs changes /changes
mkdir /changes/upper /changes/work
mount -t overlay -o lowerdir=/host,upperdir=/changes/upper,workdir=/changes/work root /root
mount -t proc proc /root/proc
mount -t sysfs sys /root/sys
mount -t devtmpfs dev /root/dev
# What the host's own libvirt has there is none of its business.
for folder in run etc/libvirt var/lib/libvirt var/cache/libvirt; do
	mkdir -p "/root/$folder"
	mount -t tmpfs tmpfs "/root/$folder"
done
chroot /root /bin/sh "$(sed 's/.* begin=\([^ ]*\).*/\1/' /proc/cmdline)"
echo "ended with $?"
poweroff -f
