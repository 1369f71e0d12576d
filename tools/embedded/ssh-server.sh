#!/bin/sh
# ssh-server.sh STATE UNPACKED: prepares the namespaces of an embedded libvirtd for sshd, as another computer.
#
# Its data of kvm-deploy is its own. UNPACKED is a directory with Debian's openssh-server, for a machine without one.
set -eu
state=$1 unpacked=$2

own=$state/ssh/kvm-deploy
mkdir -p "$own/lib" "$own/cache" /var/lib/kvm-deploy /var/cache/kvm-deploy
# The state directory itself may be below what is hidden now.
case $state in
  /var/lib/kvm-deploy/*)
    mkdir -p "$own/lib${state#/var/lib/kvm-deploy}"
    mount --rbind "$state" "$own/lib${state#/var/lib/kvm-deploy}"
    ;;
esac
mount --rbind "$own/lib" /var/lib/kvm-deploy
mount --bind "$own/cache" /var/cache/kvm-deploy

[ -e /usr/sbin/sshd ] || mount -t overlay overlay -o "lowerdir=$unpacked:/usr" /usr
mkdir -p /run/sshd
mkdir "$state/ssh/home"
# Another home for root, and the account of sshd's package, where this machine has none.
{
  sed "s#^\(root:.*\):[^:]*:[^:]*\$#\1:$state/ssh/home:/bin/sh#" /etc/passwd
  echo 'sshd:x:65534:65534::/run/sshd:/bin/false'
} > "$state/ssh/passwd"
mount --bind "$state/ssh/passwd" /etc/passwd
