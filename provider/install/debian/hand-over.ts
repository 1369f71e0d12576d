import type { AddedFile } from "../family";
import { beforeScript, deliveryScript, handOverFiles, handOverFolder, scriptFiles } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";
import { networkFiles } from "./network";
import { isNamed } from "./recipe";
import type { DebianOptions } from "./schema";

/**
 * Sends the installer's log to the second serial port from the moment that it is written. Early hooks have nothing of
 * debconf's open, so that no hook waits for what runs in the background.
 */
const shipLog = String.raw`#!/bin/sh
: >>/var/log/syslog
(exec tail -n +1 -f /var/log/syslog >/dev/ttyS1 2>/dev/null </dev/null) &
`;

const lateCommands = String.raw`for script in /${handOverFolder}/late/*; do
	[ -e "$script" ] || continue
	step="late command $(basename "$script")"
	sh "$script"
done`;

/** With an exit code of 10 or 11 the installer would go back to its menu or end; the script's own is 1. */
const finish = deliveryScript({ folder: `/${handOverFolder}`, target: "/target" }, lateCommands);

/** Answers of the user's own that describe arrays, or name several disks otherwise, stay as they are. */
const keepOwnDisks = `
if [ "$(debconf-get partman-auto-raid/recipe)" ]; then exit 0; fi
if [ "$(debconf-get partman-auto/method)" != raid ] && [ "$(debconf-get partman-auto/disk | wc -w)" -gt 1 ]; then exit 0; fi
`;

/** Run by the answers' partman/early_command. Where no disk is named, the first one is taken, for an array the first two. */
const beforePartitioning = (exceptions = "") => `#!/bin/sh
${beforeScript({ folder: `/${handOverFolder}` })}${exceptions}
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

/** For a disk that an expert recipe doesn't fit on, the installer would take a recipe of its own without a word. */
const tooSmall = String.raw`#!/bin/sh
printf '\nkvm-deploy: failed: the disk has %s MB, and the recipe needs %s MB\n' "$2" "$3" >/dev/ttyS1
`;

/** The directory comes with the installer's partitioning, later; an archive over the initrd can't make it below /lib. */
const linkTooSmall = `#!/bin/sh
hooks=/lib/partman/not-enough-space.d
mkdir -p $hooks
ln -sf /${handOverFolder}/too-small $hooks/kvm-deploy
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
 * @param isOwn whether the answers are of the user's own template
 */
export function debianHandOver(system: SystemOptions, own: DebianOptions, mark: string, isOwn = false): AddedFile[] {
  const mayBeTooSmall = isOwn || !isNamed(own.recipe);
  return [
    { path: "lib/debian-installer-startup.d/S11kvm-deploy", content: shipLog, mode: 0o755 },
    { path: "usr/lib/finish-install.d/93kvm-deploy", content: finish, mode: 0o755 },
    ...(mayBeTooSmall
      ? [{ path: "lib/debian-installer-startup.d/S12kvm-deploy", content: linkTooSmall, mode: 0o755 }]
      : []),
    ...handOverFiles(system, mark, [
      { path: "before-partitioning", content: beforePartitioning(isOwn ? keepOwnDisks : ""), mode: 0o700 },
      ...(mayBeTooSmall ? [{ path: "too-small", content: tooSmall, mode: 0o700 }] : []),
      ...timeFiles(system),
      ...networkFiles(system.network),
      ...scriptFiles("late", own.lateCommands),
    ]),
  ];
}
