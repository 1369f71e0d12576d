import type { AddedFile } from "../family";
import { beforeScript, deliveryScript, handOverFiles, handOverFolder, scriptFiles } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";
import { networkFiles } from "./network";
import type { DebianOptions } from "./schema";

/**
 * Sends the installer's log to the second serial port from the moment that it is written. Early hooks have nothing of
 * debconf's open, so that no hook waits for what runs in the background.
 */
const shipLog = String.raw`#!/bin/sh
: >>/var/log/syslog
(exec tail -n +1 -f /var/log/syslog >/dev/ttyS1 2>/dev/null </dev/null) &
`;

/**
 * Answers the note "Low memory", at which the installer of a small machine would wait, whatever template the answers come
 * from. It runs after the installer has loaded its questions, and before it shows that one.
 */
const answerLowMemory = `#!/bin/sh
answer=/tmp/kvm-deploy-low-memory
echo "d-i lowmem/low note" >$answer
debconf-set-selections $answer || true
rm $answer
`;

const lateCommands = String.raw`for script in /${handOverFolder}/late/*; do
	[ -e "$script" ] || continue
	step="late command $(basename "$script")"
	sh "$script"
done`;

/** With an exit code of 10 or 11 the installer would go back to its menu or end; the script's own is 1. */
const finish = deliveryScript({ folder: `/${handOverFolder}`, target: "/target" }, lateCommands);

/** Run by the answers' partman/early_command. Where no disk is named, the first one is taken, for an array the first two. */
const beforePartitioning = `#!/bin/sh
${beforeScript({ folder: `/${handOverFolder}` })}
count=1
[ "$(debconf-get partman-auto/method)" != raid ] || count=2
disks=$(debconf-get partman-auto/disk)
[ "$disks" ] || disks=$(echo $(list-devices disk | head -n $count))
if [ "$(echo $disks | wc -w)" != $count ]; then
	printf '\nkvm-deploy: failed: the layout needs %s disks, and there are: %s\n' $count "$disks" >/dev/ttyS1
	exit 1
fi
debconf-set partman-auto/disk "$disks"
[ $count = 2 ] || exit 0
parts=
for disk in $disks; do
	disk=$(readlink -f "$disk")
	case $disk in
	*[0-9]) parts="$parts#\${disk}p1" ;;
	*) parts="$parts#\${disk}1" ;;
	esac
done
debconf-set partman-auto-raid/recipe "1 2 0 $(debconf-get partman/default_filesystem) / \${parts#?} ."
debconf-set grub-installer/bootdev "$disks"
`;

/** The servers for systemd's time service; or none of it, also where something else brings it in. */
function timeFiles({ ntp }: SystemOptions): AddedFile[] {
  if (ntp === undefined) return [];
  if (ntp === false) {
    return [{ path: "new-system/after/000", content: "systemctl mask systemd-timesyncd.service\n", mode: 0o700 }];
  }
  const content = `[Time]\nNTP=${ntp.join(" ")}\n`;
  return [{ path: "new-system/etc/systemd/timesyncd.conf.d/kvm-deploy.conf", content, mode: 0o644 }];
}

/**
 * Hooks of the installer's own directories and their data. The first starts right after the log's daemon; the last one runs
 * after the installer's own configuration of the new system, before the new system's directories are unmounted.
 */
export function debianHandOver(system: SystemOptions, own: DebianOptions, mark: string): AddedFile[] {
  return [
    { path: "lib/debian-installer-startup.d/S11kvm-deploy", content: shipLog, mode: 0o755 },
    { path: "lib/debian-installer-startup.d/S36kvm-deploy", content: answerLowMemory, mode: 0o755 },
    { path: "usr/lib/finish-install.d/93kvm-deploy", content: finish, mode: 0o755 },
    ...handOverFiles(system, mark, [
      { path: "before-partitioning", content: beforePartitioning, mode: 0o700 },
      ...timeFiles(system),
      ...networkFiles(system.network),
      ...scriptFiles("late", own.lateCommands),
    ]),
  ];
}
