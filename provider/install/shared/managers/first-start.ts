import type { AddedFile } from "../../family";
import { openFile } from "./manager";

/** What runs at the first start, until it has succeeded. It may hold secrets. */
const folder = "var/lib/kvm-deploy-first-start";
const unit = "kvm-deploy-hand-over.service";

/** A unit that runs a script at the first start that has a network, and at the next ones as long as the script fails. */
export function firstStart(title: string, script: string): { files: AddedFile[]; unit: string } {
  const lines = [
    "[Unit]",
    `Description=Hand-over to ${title}`,
    "Wants=network-online.target",
    "After=network-online.target kvm-deploy-first-boot.service",
    `ConditionPathExists=/${folder}/run`,
    "",
    "[Service]",
    "Type=oneshot",
    "Environment=HOME=/root",
    // With SELinux systemd itself starts no program below /var, and a shell that it has started does.
    `ExecStart=/bin/sh -c /${folder}/run`,
    `ExecStart=/bin/rm -rf /${folder}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ];
  const files = [
    { path: `${folder}/run`, content: withProgram(script), mode: 0o700 },
    openFile(`etc/systemd/system/${unit}`, lines),
  ];
  return { files, unit };
}

/** systemd starts no file without a first line that names a program. */
function withProgram(script: string): string {
  const whole = script.startsWith("#!") ? script : `#!/bin/sh\n${script}`;
  return whole.endsWith("\n") ? whole : `${whole}\n`;
}
