#!/bin/sh
# namespace.sh STATE process|detached [SERVER ARGUMENT...]
#
# Runs a libvirtd with network, mount and process namespaces of its own and all of its state in the directory STATE. The
# caller holds a lock on STATE, which every process in here inherits. "ready" on standard output says that it answers.
# The log daemon starts a new file for a console when the old one has LOG_BYTES bytes, a variable of the environment.
# With "process" it ends when standard input does, which also happens when the caller is killed.
set -eu

if [ "${1:-}" != --inside ]; then
  state=$1
  if [ -e "$state" ] && [ ! -e "$state/.kvm-deploy-embedded" ]; then
    echo "$state exists and is not the state directory of an embedded libvirt: name another directory, or remove it" >&2
    exit 1
  fi
  rm -rf --one-file-system "$state" # what a killed one left
  mkdir -p "$(dirname "$state")"
  mkdir -m 700 "$state"
  : > "$state/.kvm-deploy-embedded"
  status=0
  # unshare outlives the namespace's first process, and that one every other: afterwards nothing uses the directory.
  unshare --net --mount --pid --fork --kill-child sh "$0" --inside "$@" <&0 || status=$?
  rm -rf --one-file-system "$state"
  exit $status
fi
state=$2 lifetime=$3
shift 3

# /proc still is the one outside, so this is our process id there, and the time that tells it from a later process.
read -r stat < /proc/self/stat
echo "$lifetime $stat" > "$state/record.part"
mv "$state/record.part" "$state/record"

mount -t proc proc /proc
mount -t sysfs sysfs /sys # the old one shows the interfaces outside; without cgroups libvirt does without, too
mount -t tmpfs -o mode=755 tmpfs /run # hides D-Bus and with it systemd, polkit and a firewall daemon
for name in run lib cache log etc; do
  case $name in run) target=/run/libvirt ;; etc) target=/etc/libvirt ;; *) target=/var/$name/libvirt ;; esac
  mkdir -p "$state/$name" "$target"
  mount --bind "$state/$name" "$target"
done
mkdir "$state/images"
ip link set lo up

# Guests run as root: disks and media may lie in directories that only root enters, their owners stay as they are, and libvirt
# need not probe QEMU again at each start because /dev/kvm is closed to another user. The socket is for root only.
cat > /etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
CONF
cat > /etc/libvirt/virtlogd.conf <<CONF
max_size = $LOG_BYTES
max_backups = 3
CONF
cat > /etc/libvirt/libvirtd.conf <<'CONF'
auth_unix_ro = "none"
auth_unix_rw = "none"
unix_sock_ro_perms = "0700"
unix_sock_rw_perms = "0700"
log_outputs = "3:file:/var/log/libvirt/libvirtd.log"
CONF

log=/var/log/libvirt
virsh() { command virsh -q -c qemu:///system "$@" < /dev/null; }
fail() {
  echo "$1"
  tail -qn 15 $log/*.log
  exit 1
} >&2

# await PROCESS NAME COMMAND...: until the command succeeds, which that process has 20 s for
await() {
  process=$1 name=$2 tries=200
  shift 2
  until "$@" > $log/client.log 2>&1; do
    kill -0 "$process" 2> /dev/null || fail "$name ended at its start"
    tries=$((tries - 1))
    [ $tries -gt 0 ] || fail "$name did not answer within 20 s"
    sleep 0.1
  done
}

virtlogd --pid-file /run/virtlogd.pid < /dev/null > $log/virtlogd-start.log 2>&1 &
await $! virtlogd test -S /run/libvirt/virtlogd-sock

exec 3<&0 # standard input of a background process is /dev/null
libvirtd --pid-file /run/libvirtd.pid < /dev/null > $log/start.log 2>&1 &
daemon=$!
if [ $# -gt 0 ]; then
  "$@" < /dev/null > $log/server.log 2>&1 &
  await $! "the HTTP server" grep -q listening $log/server.log
fi
await $daemon libvirtd virsh version
virsh pool-define-as default dir --target "$state/images"
virsh pool-autostart default
virsh pool-start default

: > "$state/ready"
echo ready
exec > /dev/null 2>&1
# A background process, so that the shell waits, and by that takes up every process left to it.
if [ "$lifetime" = process ]; then cat <&3 & else sleep infinity & fi
wait $!
