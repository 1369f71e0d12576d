import type { AddedFile } from "../family";
import {
  beforeScript,
  deliveryScript,
  etcFile,
  handOverFiles,
  handOverFolder,
  withoutLogins,
} from "../shared/hand-over";
import { mirroredEspFiles } from "../shared/mirrored-esp";
import type { SystemOptions } from "../shared/system";
import { packagesByApt, unlockFiles } from "../shared/unlock/files";
import { byFirmware, firstDisk, isDescribed } from "./storage";

/** Where the installer has the ISO mounted. */
const folder = `/cdrom/${handOverFolder}`;

/** The installer's commands, by the key that runs them. A command that a key names itself would stand in the log. */
export const commands = {
  "early-commands": `sh ${folder}/early`,
  "late-commands": `sh ${folder}/finish`,
  "error-commands": `sh ${folder}/failed`,
} as const;

/** The installer reads its answers again when the early commands are done: by then they name the first disk. */
const chooseDisk = `answers=/autoinstall.yaml
if grep -q ${firstDisk} $answers; then
	disk=$(lsblk -dnrx NAME -o NAME,TYPE,RM,RO | while read -r name facts; do
		case "$name $facts" in
		zram*) ;;
		*' disk 0 0') echo "$name" && break ;;
		esac
	done)
	[ "$disk" ] || {
		printf '\\nkvm-deploy: failed: there is no disk to install on\\n' >/dev/ttyS1
		exit 1
	}
	sed -i "s|${firstDisk}|/dev/$disk|g" $answers
fi
`;

/** Only partitions and disks that the firmware starts from may be named as places of the boot loader. */
const chooseBootPlaces = `uefi=false
bios=true
[ ! -d /sys/firmware/efi ] || { uefi=true; bios=false; }
sed -i -E "s/[\\"']?${byFirmware.uefi}[\\"']?/$uefi/g; s/[\\"']?${byFirmware.bios}[\\"']?/$bios/g" $answers
`;

/** Sends the journal to the second serial port, then runs the scripts of the user's own. */
function earlyOf({ disk }: SystemOptions): string {
  return `#!/bin/sh
systemd-run --quiet --unit=kvm-deploy-log sh ${folder}/ship-log
${beforeScript({ folder })}${chooseDisk}${isDescribed(disk) ? chooseBootPlaces : ""}`;
}

const shipLog = `#!/bin/sh
journalctl --boot --lines=all --follow | ${withoutLogins} >/dev/ttyS1
`;

/** Before 22.04.3 the installer leaves half of the group for later. */
const wholeGroup = `step='size of the logical volume'
free=$(vgs --noheadings -o vg_free_count ubuntu-vg 2>/dev/null || echo 0)
[ "$free" -eq 0 ] || lvextend --quiet --resizefs --extents +100%FREE ubuntu-vg/ubuntu-lv`;

function finishOf({ disk }: SystemOptions): string {
  const places = { folder, target: "/target", enter: "curtin in-target --target=/target --" };
  return deliveryScript(places, disk.layout === "lvm" && !isDescribed(disk) ? wholeGroup : "");
}

/** What went wrong stands in the log before it. */
const failed = `#!/bin/sh
printf '\\nkvm-deploy: failed: the installer gave up\\n' >/dev/ttyS1
`;

/** @param isWholeFile whether the user's own file is the answers: cloud-init's settings in it are not kvm-deploy's */
export function ubuntuHandOver(system: SystemOptions, mark: string, isWholeFile = false): AddedFile[] {
  return [
    { path: `${handOverFolder}/early`, content: earlyOf(system), mode: 0o500 },
    { path: `${handOverFolder}/ship-log`, content: shipLog, mode: 0o500 },
    { path: `${handOverFolder}/finish`, content: finishOf(system), mode: 0o500 },
    { path: `${handOverFolder}/failed`, content: failed, mode: 0o500 },
    ...handOverFiles(system, mark, [
      ...rootPassword(system),
      ...withoutTimeService(system),
      ...mirroredEspFiles(system.disk),
      ...unlockFiles(system, packagesByApt),
      ...(isWholeFile ? [keptKeys] : []),
    ]),
  ];
}

/** At the first start cloud-init would make other host keys, and close root's account. */
const keptKeys = etcFile("cloud/cloud.cfg.d/99-kvm-deploy.cfg", ["ssh_deletekeys: false", "disable_root: false"]);

/** The account is there already, so that only its password is set. */
function rootPassword({ rootPassword: hash }: SystemOptions): AddedFile[] {
  if (hash === undefined) return [];
  return [{ path: "new-system/users/root/password", content: `root:${hash}\n`, mode: 0o600 }];
}

/** One of them is there, by the release. */
function withoutTimeService({ ntp }: SystemOptions): AddedFile[] {
  if (ntp !== false) return [];
  return [
    { path: "new-system/after/000", content: "systemctl mask systemd-timesyncd.service chrony.service\n", mode: 0o700 },
  ];
}
