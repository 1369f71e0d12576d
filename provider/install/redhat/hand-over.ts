import type { AddedFile } from "../family";
import { beforeScript, deliveryScript, handOverFiles, handOverFolder } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";

/** Where the installer has mounted the ISO that it was started from, and where the new system. */
const places = { folder: `/run/install/repo/${handOverFolder}`, target: "/mnt/sysroot" };

/**
 * Sections that go behind whatever the template says: the installer's log is sent to the second serial port, and success
 * and failure are told there. After an error the installer itself waits three minutes, then ends as after a success.
 */
export const handOverSections = String.raw`
%pre
(exec tail -q -n +1 -F /tmp/anaconda.log /tmp/packaging.log >/dev/ttyS1 2>/dev/null </dev/null) &
%end

%pre --erroronfail
${beforeScript(places)}%end

%onerror
reason=$(grep -h -E ' (ERR|CRT) ' /tmp/anaconda.log /tmp/packaging.log | tail -n 1 | cut -c 1-300)
printf '\nkvm-deploy: failed: %s\n' "${"${reason:-an error that the installer shows on the console}"}" >/dev/ttyS1
%end

%post --nochroot --erroronfail
${deliveryScript(places)}%end
`;

export function redhatHandOver(system: SystemOptions, mark: string): AddedFile[] {
  return handOverFiles(system, mark, Array.isArray(system.ntp) ? [timeServers(system.ntp)] : []);
}

/** Takes the place of the distribution's own file, whose other lines are the same in all releases. */
function timeServers(servers: readonly string[]): AddedFile {
  const lines = [
    ...servers.map((server) => `server ${server} iburst`),
    "driftfile /var/lib/chrony/drift",
    "makestep 1.0 3",
    "rtcsync",
  ];
  return { path: "new-system/etc/chrony.conf", content: `${lines.join("\n")}\n`, mode: 0o644 };
}
