#!/bin/sh
# install-packages.sh PACKAGE...
# Installs Debian packages, as root. A libvirt that comes with them neither starts now nor at the next boot: kvm-deploy
# starts a libvirtd of its own, and a host that should have the system's is its owner's decision.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
policy=/usr/sbin/policy-rc.d

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
libvirt_packages() { dpkg-query -W -f '${Package} ${db:Status-Status}\n' 'libvirt-daemon*' 2>/dev/null | sed -n 's/ installed$//p'; }

fresh=; installed libvirt-daemon-system || fresh=yes
if [ "$fresh" ] && [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  printf '#!/bin/sh\n# Only while kvm-deploy installs packages.\ncase "$1" in libvirt*|virt*) exit 101;; esac\nexit 0\n' > "$policy"
  chmod 755 "$policy"
fi

apt-get update || echo "apt-get update failed; going on with the lists that are here"
apt-get install -y --no-install-recommends "$@"

if [ "$fresh" ] && installed libvirt-daemon-system && command -v systemctl >/dev/null; then
  units=$(dpkg -L $(libvirt_packages) | sed -n 's#^.*/lib/systemd/system/\([a-z-]*\.\(service\|socket\)\)$#\1#p' | sort -u)
  systemctl disable $units || echo "could not disable libvirt's services: $units"
fi
