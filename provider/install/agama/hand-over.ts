import type { AddedFile } from "../family";
import { localeOf } from "../shared/names/locale";
import {
  beforeScript,
  chronyPool,
  deliveryScript,
  etcFile,
  handOverFiles,
  handOverFolder,
  scriptFile,
} from "../shared/hand-over";
import { mirroredEspFiles } from "../shared/mirrored-esp";
import { keyfileScript } from "../shared/network-manager";
import { type FileSays, nothing } from "../shared/own-file";
import type { SystemOptions } from "../shared/system";
import { additionsTo } from "./network";

/** Where the live system has mounted the ISO that it was started from. */
export const folder = `/run/initramfs/live/${handOverFolder}`;

/** Runs before Agama reads its profile. After a script that failed it must not go on to the disk, and it would. */
const start = `#!/bin/sh
systemd-run --quiet --unit=kvm-deploy-log sh ${folder}/ship-log
sh ${folder}/run-before || sleep infinity
`;

/**
 * Agama logs its profile, passphrases and all, and its errors may quote it. So of the journal only what can't hold a
 * value leaves the machine: what kernel and systemd say, the beginnings of stages, and that there will be no whole system.
 * Not each failure ends the unit of the installation: some wait for an answer that is never given, some power off as if all
 * were well.
 */
const logFilter = String.raw`/^[^ ]+ [^ ]+ kernel: /p
/^[^ ]+ [^ ]+ systemd\[[0-9]+\]: /{
	p
	s/.*(agama-autoinstall\.service: Failed with result '[a-z-]+').*/\nkvm-deploy: failed: \1/p
}
/^[^ ]+ [^ ]+ agama[a-z-]*\[[0-9]+\]: /!d
s/^([^]]+\]: ).*(Installation started|Installing package [A-Za-z0-9+._-]+|scripts to run in group post).*/\1\2/p
t
s/.*(Could not load configuration from [^ ]*[^ :]|Skipping the auto-installation|Installation error: #?<?[A-Za-z:]*).*/\nkvm-deploy: failed: \1/p
t
s/.*(Error while running on target tasks: #?<?[A-Za-z:]*|Task '[A-Za-z0-9 _-]+' failed).*/\nkvm-deploy: failed: \1/p
t
s/.*Asking question: .*class: "([a-z0-9._]+)".*answer: None.*/\nkvm-deploy: failed: Agama asks \1, and nobody answers/p
`;

/** In a unit of its own: what Agama starts ends with it, and its end has to be reported. */
const shipLog = `#!/bin/sh
journalctl --follow --no-tail --output=short-iso | sed -n -u -E -f ${folder}/log-filter >/dev/ttyS1
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

export function agamaHandOver(system: SystemOptions, mark: string, says: FileSays = nothing): AddedFile[] {
  return handOverFiles(system, mark, [
    scriptFile("start", start),
    scriptFile("ship-log", shipLog),
    { path: "log-filter", content: logFilter, mode: 0o600 },
    scriptFile("run-before", beforeScript({ folder })),
    scriptFile("finish", deliveryScript({ folder, target: "/mnt", prepare: dns }, lastSteps(system))),
    ...(says.locale ? [] : [etcFile("locale.conf", [`LANG=${localeOf(system.locale)}`])]),
    ...chronyPool(system),
    ...mirroredEspFiles(system.disk),
    ...(system.network === undefined ? [] : keyfileScript(additionsTo(system.network))),
  ]);
}

function lastSteps({ ntp }: SystemOptions): string {
  return openSsh + (ntp === false ? noClock : "") + noDns;
}
