import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AddedFile } from "../../../provider/install/family";
import { scratchFolder } from "../../iso/host";

/** What came of a script that runs at the end of an installation. */
export interface Delivered {
  readonly exitCode: number | null;
  readonly output: string;
  /** What the machine's watcher sees. */
  readonly serial: string;
  /** A file that is new or changed in the new system. */
  readonly read: (file: string) => string;
  readonly modeOf: (file: string) => string;
  readonly isThere: (file: string) => boolean;
}

/**
 * Runs a script of the installer over a new system: this machine's own, under a layer that takes every change, so that
 * useradd and its like are real. Only root may; nothing of this machine changes.
 * @param script told where the files lie, where the new system is mounted, and where the serial port is
 */
export function deliver(
  files: readonly AddedFile[],
  script: (places: { folder: string; target: string }) => string,
  then = "true",
): Delivered {
  const root = scratchFolder();
  const at = (file: string) => path.join(root, file);
  for (const { path: file, content, mode } of files) {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
    chmodSync(at(file), mode);
  }
  const target = at("target");
  const text = script({ folder: root, target }).replaceAll("/dev/ttyS1", at("serial"));
  writeFileSync(at("script"), text);
  const { status, stdout, stderr } = spawnSync("unshare", ["--mount", "sh", "-c", overlay, "sh", root, then], {
    // Not the programs that set-up has got for tests.
    env: { ...process.env, PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TARGET: target },
    encoding: "utf8",
  });
  return {
    exitCode: status,
    output: stdout + stderr,
    serial: existsSync(at("serial")) ? readFileSync(at("serial"), "utf8") : "",
    read: (file) => readFileSync(at(`changes/${file}`), "utf8"),
    modeOf: (file) => (statSync(at(`changes/${file}`)).mode & 0o777).toString(8),
    isThere: (file) => existsSync(at(`changes/${file}`)),
  };
}

/** The changes are kept on disk, for they vanish with the namespace. */
const overlay = `
mkdir "$1/layer" "$1/target"
mount -t tmpfs tmpfs "$1/layer"
mkdir "$1/layer/changes" "$1/layer/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/layer/changes,workdir=$1/layer/work" "$1/target"
sh "$1/script"
code=$?
[ $code != 0 ] || chroot "$1/target" sh -c "$2" || code=$?
cp -a "$1/layer/changes" "$1/changes"
exit $code
`;
