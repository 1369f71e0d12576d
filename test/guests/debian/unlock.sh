#!/bin/sh
# The first program in a guest with Debian's clevis and Tang, and a TPM: an encrypted disk, a system on it as the installer
# leaves it, and the script that the hand-over runs in it. One line for each case. The last binding is for the next start.
export PATH=/test/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DM_DISABLE_UDEV=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
depmod -a
for module in virtio_pci virtio_blk virtio_net dm_mod dm_crypt xts aes_generic algif_skcipher ext4; do modprobe -q "$module"; done
mkdir -p /tmp /run /var/lib /tang /target
: >/etc/mtab
busybox ip link set lo up
busybox ip link set eth0 up
busybox ip addr add 10.0.2.15/24 dev eth0

check() {
	title=$1
	shift
	if "$@"; then echo "case: $title: fine"; else echo "case: $title: BAD ($(cat /target/work/step))"; fi
}

disk=/dev/vda
cryptsetup luksFormat -q --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /test/passphrase $disk
cryptsetup open --key-file /test/passphrase $disk crypt
dmsetup create root --table "0 $(busybox blockdev --getsz /dev/mapper/crypt) linear /dev/mapper/crypt 0"
mkfs.ext4 -q /dev/mapper/root
mount /dev/mapper/root /target

# A system that says from where it was started.
mkdir -p /target/usr/bin /target/usr/sbin /target/usr/lib64 /target/usr/lib/x86_64-linux-gnu
cp /usr/bin/busybox /target/usr/bin/
cp /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/libresolv.so.2 /target/usr/lib/x86_64-linux-gnu/
cp -L /usr/lib64/ld-linux-x86-64.so.2 /target/usr/lib64/
cat >/target/usr/sbin/init <<'END'
#!/bin/busybox sh
busybox mount -t proc proc /proc
echo "started from $(busybox sed -n 's/ \/ ext4 .*//p' /proc/mounts)" >/dev/console
busybox poweroff -f
END
chmod 755 /target/usr/sbin/init

for name in usr dev proc sys test etc tmp run var; do
	mkdir -p /target/$name
	mount --rbind /$name /target/$name
done
for name in bin sbin lib lib64; do ln -s usr/$name /target/$name; done

/usr/libexec/tangd-keygen /tang
/usr/libexec/tangd -l -p 7500 /tang 2>/dev/null &
thumbprint=$(for key in /tang/*.jwk; do
	! jose jwk use -i "$key" -r -u verify -o /dev/null 2>/dev/null || jose jwk thp -i "$key" -a S256
done)
sed -i "s/A\{43\}/$thumbprint/" /test/cases/*/new-system/unlock/config

# bind CASE: as the hand-over runs the script
bind() {
	rm -rf /target/work /etc/initramfs-tools/updated
	cp -R "/test/cases/$1/new-system" /target/work
	chroot /target /bin/sh -c 'cd /work && exec after/000-unlock'
}

# seal CASE: as the new system runs the script at its first start
seal() {
	chroot /target /bin/sh "/test/cases/$1/seal" >/tmp/sealed 2>&1
}

# opens SLOT: whether clevis finds a key of this slot that opens the disk
opens() {
	clevis luks pass -d $disk -s "$1" >/tmp/key 2>/dev/null && cryptsetup open --test-passphrase --key-file /tmp/key $disk
}

tokens() {
	cryptsetup luksDump $disk | grep -c ': clevis$'
}

by_passphrase() {
	cryptsetup open --test-passphrase --key-file /test/passphrase $disk
}

slots() {
	clevis luks list -d $disk | cut -d : -f 1
}

unbind() {
	for slot in $(slots); do clevis luks unbind -f -d $disk -s "$slot" >/dev/null 2>&1; done
}

change_register() {
	tpm2_pcrextend 7:sha256=0000000000000000000000000000000000000000000000000000000000000001
}

nothing_opens() {
	for slot in $(slots); do ! opens "$slot" || return 1; done
}

check 'a TPM: the script ends' bind tpm
check 'a TPM: its key opens the disk' opens 1
check 'a TPM: the passphrase stays valid' by_passphrase
check 'a TPM: the passphrase is removed' [ ! -e /target/work/unlock/passphrase ]
check 'a TPM: the initial RAM disk is written again' grep -qx -- '-u -k all' /etc/initramfs-tools/updated
check 'a TPM: no network is set up' [ ! -e /etc/initramfs-tools/conf.d/kvm-deploy-unlock ]
unbind

check 'a register: the script ends' bind pcr
change_register
check 'a register: the first start has another value' opens 1
check 'a register: sealing ends' seal pcr
check 'a register: one binding is left' [ "$(tokens)" = 1 ]
check 'a register: its key opens the disk' opens "$(slots)"
change_register
check 'a register: nothing opens the disk after a change' nothing_opens
check 'a register: the passphrase does' by_passphrase
check 'a register: it is not sealed again without its key' sh -c "! chroot /target /bin/sh /test/cases/pcr/seal 2>/tmp/sealed"
check 'a register: the reason is reported' grep -q 'asks for its passphrase: neither the TPM nor a server opens it$' /tmp/sealed
check 'a register: nothing is bound then' [ "$(tokens)" = 0 ]

check 'Tang: the script ends' bind tang
check 'Tang: its key opens the disk' opens 1
check 'Tang: the card is found by its MAC address' \
	grep -qx 'IP=10.0.2.15::10.0.2.2:255.255.255.0::eth0:off:10.0.2.3' /etc/initramfs-tools/conf.d/kvm-deploy-unlock
check "Tang: the card's driver is in the initial RAM disk" grep -qx virtio_net /etc/initramfs-tools/modules
unbind

check 'both: the script ends' bind both
check 'both: they open the disk together' opens 1
kill $!
check 'both: the TPM alone does not' sh -c '! clevis luks pass -d /dev/vda -s 1 >/dev/null 2>&1'
unbind
/usr/libexec/tangd -l -p 7500 /tang 2>/dev/null &

bind foreign
check 'another server: it fails' [ $? -ne 0 ]
check 'another server: the reason is reported' grep -qE '^system.disk.unlock: clevis: .*(did not sign|Unable to fetch)' /target/work/step
check 'another server: nothing is bound' [ "$(tokens)" = 0 ]
bind away
check 'no server: it fails' [ $? -ne 0 ]
check 'no server: the reason is reported' grep -q "^system.disk.unlock: clevis: Unable to fetch advertisement: 'http://127.0.0.1:7501/adv/" /target/work/step

check 'one of both: the script ends' bind either

mv /dev/tpmrm0 /dev/other
bind tpm
check 'no TPM: it fails' [ $? -ne 0 ]
check 'no TPM: the reason is reported' grep -qx 'system.disk.unlock: the machine has no TPM 2.0; give the Machine a tpm' /target/work/step

check 'programs were watched' grep -q '^/test/bin/cryptsetup luksAddKey' /tmp/arguments
check 'no program had the passphrase as an argument' sh -c '! grep -qF "a\\b" /tmp/arguments'
echo 'all cases were run'
umount -R /target
sync
busybox reboot -f
