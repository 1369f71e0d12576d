import type { AddedFile } from "../family";
import { beforeScript, deliveryScript, handOverFiles, handOverFolder } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";

/** The initrd's files stay where they are when the installer takes over from it. */
const folder = `/${handOverFolder}`;
/** Where the new system keeps them meanwhile. */
const copy = "/var/lib/kvm-deploy-source";
const hooks = "/var/lib/YaST2/hooks/installation";
/** Scripts in the profile run before the boot loader is installed; this hook of YaST's runs behind it, in the new system. */
const lastHook = "before_copy_logs_finish_90_kvm-deploy";

/** The scripts that the profile runs: in the installer before anything else, and when the new system is mounted at /mnt. */
export const profileScripts = { start: `sh ${folder}/start`, copy: `sh ${folder}/copy` };

/** After a script that failed the installer must not go on to the disk, and YaST would. */
const start = `#!/bin/sh
(exec tail -n +1 -F /var/log/YaST2/y2log >/dev/ttyS1 2>/dev/null </dev/null) &
mkdir -p ${hooks}
cp ${folder}/hooks/* ${hooks}/
sh ${folder}/run-before || sleep infinity
`;

const copyOver = `#!/bin/sh
set -e
mkdir -p /mnt${copy} /mnt${hooks}
chmod 700 /mnt${copy}
cp -R ${folder}/. /mnt${copy}/
cp ${folder}/hooks/${lastHook} /mnt${hooks}/
`;

const finish = `${deliveryScript({ folder: copy, target: "/" })}rm -rf ${copy} ${hooks}/${lastHook}
`;

const failed = String.raw`#!/bin/sh
reason=$(grep -h ' <[35]> ' /var/log/YaST2/y2log | tail -n 1 | cut -c 1-300)
printf '\nkvm-deploy: failed: %s\n' "${"${reason:-an error that the installer shows on the console}"}" >/dev/ttyS1
`;

export function suseHandOver(system: SystemOptions, mark: string): AddedFile[] {
  return handOverFiles(system, mark, [
    script("start", start),
    script("run-before", beforeScript({ folder })),
    script("copy", copyOver),
    script(`hooks/${lastHook}`, finish),
    script("hooks/installation_failure_90_kvm-deploy", failed),
    script("hooks/installation_aborted_90_kvm-deploy", failed),
    { path: "new-system/etc/locale.conf", content: `LANG=${system.locale}\n`, mode: 0o644 },
  ]);
}

function script(path: string, content: string): AddedFile {
  return { path, content, mode: 0o700 };
}
