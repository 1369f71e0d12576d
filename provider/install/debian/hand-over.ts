import type { AddedFile } from "../family";
import { deliveryScript, handOverFiles, handOverFolder, scriptFiles } from "../shared/hand-over";
import { mirroredEspFiles } from "../shared/mirrored-esp";
import type { SystemOptions } from "../shared/system";
import { unlockFiles } from "../shared/unlock/files";
import { diskFiles } from "./disks";
import { networkFiles } from "./network";
import { isDescribed, isNamed } from "./recipe";
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

/** The installer mounts it for each of its own steps; the end of the installation unmounts it. */
const withDevices = "[ -e /target/sys/class ] || mount -t sysfs sysfs /target/sys\n";

/** With an exit code of 10 or 11 the installer would go back to its menu or end; the script's own is 1. */
const finish = deliveryScript({ folder: `/${handOverFolder}`, target: "/target", prepare: withDevices }, lateCommands);

/** For a disk that an expert recipe doesn't fit on, the installer would take a recipe of its own without a word. */
const tooSmall = String.raw`#!/bin/sh
printf '\nkvm-deploy: failed: the disk has %s MB, and the recipe needs %s MB\n' "$2" "$3" >/dev/ttyS1
`;

/**
 * What Secure Boot starts is only recommended by the packages that the installer installs: without recommendations, the
 * firmware would refuse the new system's boot loader.
 */
const signedBootLoader = `#!/bin/sh
[ ! -d /sys/firmware/efi ] || apt-install grub-efi-amd64-signed shim-signed || true
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
  const mayBeTooSmall = isOwn || !isNamed(own.recipe) || isDescribed(system.disk);
  return [
    { path: "lib/debian-installer-startup.d/S11kvm-deploy", content: shipLog, mode: 0o755 },
    { path: "lib/debian-installer-startup.d/S36kvm-deploy", content: answerLowMemory, mode: 0o755 },
    { path: "usr/lib/finish-install.d/93kvm-deploy", content: finish, mode: 0o755 },
    ...(own.recommends ? [] : [{ path: "usr/lib/pre-pkgsel.d/50kvm-deploy", content: signedBootLoader, mode: 0o755 }]),
    ...(mayBeTooSmall
      ? [{ path: "lib/debian-installer-startup.d/S12kvm-deploy", content: linkTooSmall, mode: 0o755 }]
      : []),
    ...handOverFiles(system, mark, [
      ...diskFiles(system.disk),
      ...(mayBeTooSmall ? [{ path: "too-small", content: tooSmall, mode: 0o700 }] : []),
      ...mirroredEspFiles(system.disk),
      ...unlockFiles(system),
      ...timeFiles(system),
      ...networkFiles(system.network),
      ...scriptFiles("late", own.lateCommands),
    ]),
  ];
}
