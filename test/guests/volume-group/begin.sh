#!/bin/sh
# In the guest: makes a volume group on its disk, starts a libvirtd, and runs what is to be tested.
set -e
cd "$(dirname "$0")/../../.."
export PATH="$PWD/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root
# There is no udev in the guest.
cat >/etc/lvm/lvm.conf <<END
activation { udev_sync=0 udev_rules=0 }
devices { use_devicesfile=0 obtain_device_list_from_udev=0 external_device_info_source="none" }
END
vgcreate -q group /dev/vda
mkdir -p /run/libvirt-test
cat >/run/libvirt-test/libvirtd.conf <<END
auth_unix_rw = "none"
log_outputs = "3:stderr"
END
libvirtd --daemon --config /run/libvirt-test/libvirtd.conf
export KVM_DEPLOY_CONNECTION=qemu:///system
exec node --import tsx --test-reporter=tap test/guests/volume-group/inside.ts
