import type { AddedFile } from "../family";
import { deliveryScript, handOverFiles, handOverFolder, scriptFiles } from "../shared/hand-over";
import type { SystemOptions } from "../shared/system";
import type { DebianOptions } from "./schema";

/**
 * Sends the installer's log to the second serial port from the moment that it is written. Early hooks have nothing of
 * debconf's open, so that nobody waits for what goes on in the background.
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

/**
 * Hooks of the installer's own folders and their data. The first begins right after the log's daemon; the last one runs
 * behind the installer's own configuration of the new system, before the folders of it are unmounted.
 */
export function debianHandOver(system: SystemOptions, own: DebianOptions, mark: string): AddedFile[] {
  return [
    { path: "lib/debian-installer-startup.d/S11kvm-deploy", content: shipLog, mode: 0o755 },
    { path: "usr/lib/finish-install.d/93kvm-deploy", content: finish, mode: 0o755 },
    ...handOverFiles(system, mark, scriptFiles("late", own.lateCommands)),
  ];
}
