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

/**
 * Of the journal's lines those, as patterns of the shell, that say that there will be no whole system. Not each of them
 * ends the unit of the installation: some wait for an answer that nobody gives, some power off as if all were well.
 */
const failures = [
  "agama-autoinstall*'Could not load configuration from'",
  "agama-autoinstall*'Skipping the auto-installation'",
  "'agama-autoinstall.service: Failed with result'",
  "agama*'Installation error: '",
  "agama*'Error while running on target tasks: '",
  `agama*"Task '"*"' failed: "`,
  "agama*'Asking question: '*'answer: None'",
];

/** In a unit of its own: what Agama starts ends with it, and the end is what has to be told. */
const shipLog = String.raw`#!/bin/sh
journalctl --follow --no-tail --output=short-iso | while read -r line; do
	printf '%s\n' "$line"
	case $line in
	${failures.map((pattern) => `*${pattern}*`).join(" | ")})
		printf '\nkvm-deploy: failed: %s\n' "${"${line#*]: }"}"
		;;
	esac
done >/dev/ttyS1
`;

/** Newer releases of Agama give their scripts no name servers in the new system. */
const dns = `dns=/mnt/etc/resolv.conf
lent=
if [ ! -e $dns ] && [ ! -L $dns ]; then
	ln -s /run/NetworkManager/resolv.conf $dns
	lent=yes
fi
`;

const noDns = `
[ ! "$lent" ] || rm $dns`;

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
    script("finish", deliveryScript({ folder, target: "/mnt", prepare: dns }, lastSteps(system))),
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

function lastSteps({ ntp }: SystemOptions): string {
  return openSsh + (ntp === false ? noClock : "") + noDns;
}

function script(path: string, content: string): AddedFile {
  return { path, content, mode: 0o700 };
}

function etc(path: string, lines: readonly string[]): AddedFile {
  return { path: `new-system/etc/${path}`, content: lines.map((line) => `${line}\n`).join(""), mode: 0o644 };
}
