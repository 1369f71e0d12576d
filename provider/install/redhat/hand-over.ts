import type { AddedFile } from "../family";
import { localeOf } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import {
  beforeScript,
  deliveryScript,
  etcFile,
  handOverFiles,
  handOverFolder,
  withoutLogins,
} from "../shared/hand-over";
import { keyfileScript } from "../shared/network-manager";
import { type FileSays, nothing } from "../shared/own-file";
import type { SystemOptions } from "../shared/system";
import { unlockFiles } from "../shared/unlock/files";
import { additionsTo } from "./network";

/** Where the installer has mounted the ISO that it was started from, and where the new system. */
const places = { folder: `/run/install/repo/${handOverFolder}`, target: "/mnt/sysroot" };

/**
 * One line that says what stopped the installer: of a question that the answers leave open what the last check found, of a
 * traceback its last line (its lines have no time), else the last error of the log. What stands wrong in the kickstart file
 * may be a secret: of that, the log's first line names the place alone.
 */
const reasonFunction = String.raw`reason() {
	{
		if grep -q 'mandatory spokes are not completed' /tmp/anaconda.log; then
			grep -o 'ValidationReport(error_messages=\[[^]].*' /tmp/anaconda.log | tail -n 1
		fi
		sed -E -n '/^[0-9:]{8},[0-9]+ CRT /,/^[0-9:]{8},[0-9]+ [^C]/ { /^[0-9:]{8},/!{ /[^ ]/p } }' /tmp/anaconda.log | tail -n 1
		grep -h -E ' (ERR|CRT) ' /tmp/anaconda.log /tmp/packaging.log | tail -n 1
		echo 'an error that the installer shows on the console'
	} 2>/dev/null | head -n 1 | ${withoutLogins} | cut -c 1-300
}`;

/** Of a time zone that it doesn't know Anaconda makes America/New_York. */
const timeZone = `zone=$(cat ${places.folder}/time-zone)
step="the new system knows no time zone $zone"
[ -e ${places.target}/usr/share/zoneinfo/$zone ]
[ "$(readlink ${places.target}/etc/localtime)" = ../usr/share/zoneinfo/$zone ] ||
	ln -snf ../usr/share/zoneinfo/$zone ${places.target}/etc/localtime
`;

/** Exists when the end of the installation has been reported. */
const toldFile = "/tmp/kvm-deploy-told";

/**
 * Goes before whatever the template says: the installer's log is sent to the second serial port, with the stages, which
 * Fedora's writes to another file. What runs this script is the installer itself: when that ends, and no script has reported how,
 * it has failed. (The end of a terminal's first program hangs up its group, hence the trap.)
 */
export const startSection = String.raw`%pre
${reasonFunction}
(
	trap '' HUP
	tail -q -n +1 --pid=$PPID -F /tmp/syslog | grep --line-buffered 'Queue started:' &
	tail -q -n +1 --pid=$PPID -F /tmp/anaconda.log /tmp/packaging.log | ${withoutLogins}
	[ -e ${toldFile} ] || printf '\nkvm-deploy: failed: %s\n' "$(reason)"
) >/dev/ttyS1 2>/dev/null </dev/null &
%end
`;

/**
 * Sections after the template: they report success and failure. After an error of its own the installer waits three
 * minutes, then ends as after a success. A %post that fails must not be an error to it: some releases would show a dialog
 * and wait for ever. So it ends as usual, and switches the machine off.
 */
const sectionsWith = (lastStep: string) => String.raw`
%pre --erroronfail
${beforeScript(places)}%end

%onerror
${reasonFunction}
printf '\nkvm-deploy: failed: %s\n' "$(reason)" >/dev/ttyS1
: >${toldFile}
%end

%post --nochroot
(
${deliveryScript(places, lastStep)})
code=$?
: >${toldFile}
exit $code
%end
`;

export const handOverSections = sectionsWith(timeZone);

/** The sections after a file that sets the time zone itself. */
export const sectionsWithoutTimeZone = sectionsWith("");

export function redhatHandOver(system: SystemOptions, mark: string, says: FileSays = nothing): AddedFile[] {
  const { network = { interfaces: [] } } = system;
  return handOverFiles(system, mark, [
    { path: "time-zone", content: `${timeZoneOf(system.timezone)}\n`, mode: 0o600 },
    // Of C.UTF-8 Anaconda would make en_US.UTF-8.
    ...(says.locale ? [] : [etcFile("locale.conf", [`LANG=${localeOf(system.locale)}`])]),
    ...(Array.isArray(system.ntp) ? [timeServers(system.ntp)] : []),
    ...unlockFiles(system),
    ...keyfileScript(network.interfaces.flatMap((one) => additionsTo(one, network) ?? [])),
  ]);
}

/** Takes the place of the distribution's own file, whose other lines are the same in all releases. */
function timeServers(servers: readonly string[]): AddedFile {
  return etcFile("chrony.conf", [
    ...servers.map((server) => `server ${server} iburst`),
    "driftfile /var/lib/chrony/drift",
    "makestep 1.0 3",
    "rtcsync",
  ]);
}
