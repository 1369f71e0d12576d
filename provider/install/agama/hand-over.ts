import type { AddedFile } from "../family";
import { beforeScript, deliveryScript, handOverFiles, handOverFolder } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";

/** Where the live system has mounted the ISO that it was started from. */
export const folder = `/run/initramfs/live/${handOverFolder}`;

/** Runs before Agama reads its profile. After a script that failed it must not go on to the disk, and it would. */
const start = `#!/bin/sh
systemd-run --quiet --unit=kvm-deploy-log sh ${folder}/ship-log
sh ${folder}/run-before || sleep infinity
`;

/** In a unit of its own: what Agama starts ends with it, and the end is what has to be told. */
const shipLog = String.raw`#!/bin/sh
journalctl --follow --no-tail --output=short-iso | while read -r line; do
	printf '%s\n' "$line"
	case $line in
	*agama-autoinstall*'Skipping the auto-installation'* | *'agama-autoinstall.service: Failed with result'*)
		printf '\nkvm-deploy: failed: %s\n' "${"${line#*]: }"}"
		;;
	esac
done >/dev/ttyS1
`;

/** Agama lets SSH in by itself only where root has a key. */
const openSsh = `step='SSH server'
if [ -e /mnt/usr/lib/systemd/system/sshd.service ]; then
	chroot /mnt systemctl enable sshd.service
	[ ! -x /mnt/usr/bin/firewall-offline-cmd ] || chroot /mnt firewall-offline-cmd --quiet --add-service=ssh || :
fi`;

const noClock = `
step='time servers'
chroot /mnt systemctl disable chronyd.service || :`;

export function agamaHandOver(system: SystemOptions, mark: string): AddedFile[] {
  return handOverFiles(system, mark, [
    script("start", start),
    script("ship-log", shipLog),
    script("run-before", beforeScript({ folder })),
    script("finish", deliveryScript({ folder, target: "/mnt" }, system.ntp === false ? openSsh + noClock : openSsh)),
    etc("locale.conf", [`LANG=${system.locale}`]),
    ...(Array.isArray(system.ntp)
      ? // The distribution's own servers are in the file of this name.
        [
          etc(
            "chrony.d/pool.conf",
            system.ntp.map((server) => `server ${server} iburst`),
          ),
        ]
      : []),
  ]);
}

function script(path: string, content: string): AddedFile {
  return { path, content, mode: 0o700 };
}

function etc(path: string, lines: readonly string[]): AddedFile {
  return { path: `new-system/etc/${path}`, content: lines.map((line) => `${line}\n`).join(""), mode: 0o644 };
}
