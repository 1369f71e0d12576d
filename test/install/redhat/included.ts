import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { scratchFolder } from "../../iso/host";

/** What the scripts before the installation find. */
export interface Machine {
  readonly hasEfi?: boolean;
  /** What lsblk tells of the disks: name, type, removable, read-only. */
  readonly disks?: string;
  /** What is in the script, where it writes no file. */
  readonly script?: string;
  /** What os-release calls the installer's system. */
  readonly id?: string;
}

export interface Outcome {
  readonly exitCode: number | null;
  /** The file that the kickstart file includes; empty when it was not written. */
  readonly text: string;
  readonly serial: string;
}

/** Runs the `%pre` that writes a file to be included, in a scratch folder. @param file such as `kvm-deploy-disk` */
export function written(
  kickstart: string,
  file: string,
  { hasEfi = false, disks = "vda disk 0 0", id = '"almalinux"', script: sign = `>/tmp/${file}` }: Machine = {},
): Outcome {
  const root = scratchFolder();
  const script = [...kickstart.matchAll(/^%pre.*\n([^]*?)^%end$/gm)].find(([, body]) => body?.includes(sign));
  mkdirSync(path.join(root, "tmp"));
  writeFileSync(path.join(root, "os-release"), `NAME=x\nID=${id}\nVERSION_ID=1\n`);
  if (hasEfi) mkdirSync(path.join(root, "efi"));
  writeFileSync(path.join(root, "lsblk"), `#!/bin/sh\ncat <<END\n${disks}\nEND\n`, { mode: 0o755 });
  const text = (script?.[1] ?? "exit 99")
    .replaceAll("/tmp/", `${root}/tmp/`)
    .replaceAll("/sys/firmware/efi", `${root}/efi`)
    .replaceAll("/etc/os-release", `${root}/os-release`)
    .replaceAll("/dev/ttyS1", `${root}/serial`);
  const { status } = spawnSync("sh", ["-c", text], { env: { PATH: `${root}:${process.env["PATH"] ?? ""}` } });
  const read = (name: string) =>
    statSync(path.join(root, name), { throwIfNoEntry: false })?.isFile()
      ? readFileSync(path.join(root, name), "utf8")
      : "";
  return { exitCode: status, text: read(`tmp/${file}`), serial: read("serial") };
}

/** The kickstart file as the installer reads it at last: with what its scripts have written. */
export function included(kickstart: string, machine?: Machine): string {
  return kickstart.replaceAll(
    /^%include \/tmp\/(\S+)\n/gm,
    (_line, file: string) => written(kickstart, file, machine).text,
  );
}
