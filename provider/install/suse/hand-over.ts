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
import { addressingOf, isMember } from "../shared/links";
import { mirroredEspFiles } from "../shared/mirrored-esp";
import { type FileSays, nothing } from "../shared/own-file";
import type { SystemOptions } from "../shared/system";

/** The initrd's files stay where they are when the installer takes over from it. */
const folder = `/${handOverFolder}`;
/** Where the new system keeps them meanwhile. */
const copy = "/var/lib/kvm-deploy-source";
/** Where YaST looks for hooks: in the installer by name, and in the new system, once that is its root, to run them. */
const hooks = "/var/lib/YaST2/hooks/installation";
const hookNamed = (event: string) => `${event}_90_kvm-deploy`;
/** Scripts in the profile run before the boot loader is installed; this hook of YaST's runs after it, in the new system. */
const lastHook = hookNamed("before_copy_logs_finish");

/** The scripts that the profile runs: in the installer before anything else, and when the new system is mounted at /mnt. */
export const profileScripts = { start: `sh ${folder}/start`, copy: `sh ${folder}/copy` };

const tellFailure = String.raw`printf '\nkvm-deploy: failed: %s\n'`;

/** After a failure the installer must not go on to the disk, and YaST would. */
const start = `#!/bin/sh
sh ${folder}/ship-log </dev/null >/dev/null 2>&1 &
if [ ! -x ${hooks}/${lastHook} ]; then
	${tellFailure} 'the hooks are not in the installer' >/dev/ttyS1
	sleep infinity
fi
sh ${folder}/run-before || sleep infinity
`;

/**
 * YaST logs its whole profile, passphrases and all, and its errors may quote it. So of the log only what can't hold a value
 * leaves the machine: which client was called, and where in YaST's source there was an error.
 */
const logFilter = String.raw`s/^([-0-9]+ [0-9:]+ <[0-9]>) [^ ]+ \[Ruby\] [^ ]*wfm\.rb[^ ]* Call client ([^ ]*\/)?([A-Za-z0-9_-]+).*/\1 Call client \3/p
t
s/^([-0-9]+ [0-9:]+ <[35]> [^ ]+ \[[A-Za-z0-9_+.-]+\] [A-Za-z0-9_./+()-]+:[0-9]+)( .*)?$/\1/p
`;

const shipLog = `#!/bin/sh
tail -n +1 -F /var/log/YaST2/y2log 2>/dev/null | sed -n -u -E -f ${folder}/log-filter >/dev/ttyS1
`;

const copyOver = `#!/bin/sh
set -e
trap end EXIT
end() {
	[ $? = 0 ] || ${tellFailure} 'the hand-over could not be copied' >/dev/ttyS1
}
mkdir -p /mnt${copy} /mnt${hooks}
chmod 700 /mnt${copy}
cp -R ${folder}/. /mnt${copy}/
cp ${hooks}/${hookNamed("*")} /mnt${hooks}/
`;

/** YaST keeps its profile in the new system, with all that it holds. */
const forgetProfile = `step='copies of the profile'
rm -f /var/adm/autoinstall/cache/*.xml`;

const finish = ({ ntp }: SystemOptions) =>
  `${deliveryScript({ folder: copy, target: "/" }, `${timeService(ntp)}${forgetProfile}`)}rm -rf ${copy} ${hooks}/${hookNamed("*")}
`;

/** AutoYaST reads its section of time servers in the second stage only, and there is none. */
function timeService(ntp: SystemOptions["ntp"]): string {
  if (ntp === undefined) return "";
  const command = ntp === false ? "systemctl disable chronyd.service || :" : "systemctl enable chronyd.service";
  return `step='time servers'\n${command}\n`;
}

const failed = `#!/bin/sh
place=$(sed -n -E -f ${folder}/log-filter /var/log/YaST2/y2log 2>/dev/null | grep ' <[35]> ' | tail -n 1)
${tellFailure} "\${place:-YaST gave up}; the console shows what it was" >/dev/ttyS1
`;

/** wicked sets them when it starts the interface. */
function kernelSettings({ network = { interfaces: [] } }: SystemOptions): AddedFile[] {
  const { interfaces } = network;
  return interfaces.flatMap((one) => {
    const { acceptRa, isBare } = addressingOf(one, interfaces);
    if (acceptRa === undefined || isMember(one, interfaces)) return [];
    const { name = "eth0" } = one;
    const key = `net.ipv6.conf.${name.replaceAll(".", "/")}`;
    return etcFile(`sysconfig/network/ifsysctl-${name}`, [
      `${key}.accept_ra = ${acceptRa ? 1 : 0}`,
      ...(isBare ? [`${key}.autoconf = 0`] : []),
    ]);
  });
}

export function suseHandOver(system: SystemOptions, mark: string, says: FileSays = nothing): AddedFile[] {
  const files = handOverFiles(system, mark, [
    scriptFile("start", start),
    scriptFile("ship-log", shipLog),
    scriptFile("run-before", beforeScript({ folder })),
    scriptFile("copy", copyOver),
    { path: "log-filter", content: logFilter, mode: 0o600 },
    ...(says.locale ? [] : [etcFile("locale.conf", [`LANG=${localeOf(system.locale)}`])]),
    ...chronyPool(system),
    ...mirroredEspFiles(system.disk),
    ...kernelSettings(system),
  ]);
  return [
    ...files,
    hook(lastHook, finish(system)),
    ...["installation_failure", "installation_aborted"].map(failureHook),
  ];
}

function failureHook(event: string): AddedFile {
  return hook(hookNamed(event), failed);
}

/** In the initrd already: on most releases YaST's own directory for hooks would be a link into a read-only image. */
function hook(name: string, content: string): AddedFile {
  return scriptFile(`${hooks}/${name}`.slice(1), content);
}
