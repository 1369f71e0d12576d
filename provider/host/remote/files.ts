import path from "node:path";
import { explained, realPlaces, unlessAbsent } from "../file-errors";
import { type Files, type FileStat, parseFingerprint } from "../files";
import { isPassing } from "../leftovers";
import type { Run } from "../run";
import { type Connection, passingNameOf } from "./connection";
import { quote as q } from "./quote";
import { read, tell, tellLong } from "./scripts";
import { sweepScript } from "./sweep";

/** Larger contents have a channel of their own, so that they don't delay what else is asked. */
const largeBytes = 2 ** 16;

const longTask = { timeoutMs: 30 * 60_000 };

/** Files of a host by its shell and coreutils. @param temporary the parent of temporary directories on the host */
export function remoteFiles(temporary: string, { connection, run }: { connection: Connection; run: Run }): Files {
  const { shell } = connection;
  const ask = (script: string) => tell(shell, script);
  const long = (program: string, args: readonly string[], input?: Uint8Array) =>
    tellLong(run(program, args, { ...longTask, ...(input && { input }) }));
  const hostPath = async (directory: string) => path.posix.join(directory, passingNameOf(await connection.facts()));

  const write = async (file: string, content: Uint8Array, mode: number) => {
    const passing = await hostPath(path.posix.dirname(file));
    const rights = `chmod ${mode.toString(8)} ${q(passing)}`;
    const settle = `${rights} && sync -- ${q(passing)} && mv -fT -- ${q(passing)} ${q(file)}`;
    const orRemove = `{ code=$?; rm -f -- ${q(passing)}; exit $code; }`;
    // A truncated input is not taken for the whole.
    const isWhole = `[ "$(stat -c %s -- ${q(passing)})" = ${content.length} ]`;
    const steps = (put: string) =>
      `(umask 077; set -C; ${put} > ${q(passing)} && ${isWhole} && ${settle} || ${orRemove})`;
    if (content.length <= largeBytes) await ask(steps(bytes(content)));
    else await long("sh", ["-c", steps("cat")], content);
  };
  const writeAt = async (file: string, offset: number, content: Uint8Array) => {
    const at = ["conv=notrunc,nocreat", "oflag=seek_bytes,nofollow", `seek=${offset}`];
    const dd = ["dd", `of=${q(file)}`, ...at, "bs=64K", "iflag=fullblock", "status=none"].join(" ");
    if (content.length <= largeBytes) await ask(`${bytes(content)} | ${dd}`);
    else await long("sh", ["-c", dd], content);
  };
  const sweep = async (directory: string) => {
    await ask(sweepScript(directory)).catch(() => undefined);
  };
  /** The working directory of a process keeps the path of the directory valid, even if another user replaces it. */
  const withDirectoryIn = async <T>(parent: string, use: (inside: string, place: string) => Promise<T>): Promise<T> => {
    await sweep(parent);
    const place = await hostPath(parent);
    const pid = await explained(parent, "write", () => ask(openDirectory(place)));
    const inside = `/proc/${pid}/cwd`;
    realPlaces.set(inside, place);
    try {
      return await use(inside, place);
    } finally {
      realPlaces.delete(inside);
      await shell(`rm -rf -- ${inside}/* ${inside}/.[!.]*; kill ${pid}; rmdir -- ${q(place)}`).catch(() => undefined);
    }
  };

  return {
    readTextIfPresent: (file) =>
      explained(file, "read", () => unlessAbsent(read(shell, `base64 -w0 -- ${q(file)}`).then(String))),
    readFrom: (file, offset, length = Infinity) =>
      explained(file, "read", async () => {
        const part = length === Infinity ? "" : ` | head -c ${length}`;
        const from = `tail -c +${offset + 1} -- ${q(file)}${part} | base64 -w0`;
        return (await unlessAbsent(read(shell, from))) ?? Buffer.alloc(0);
      }),
    md5OfStarts: (file, lengths) =>
      explained(file, "read", async () => {
        const sums = await long("sh", ["-c", md5Script(temporary, file), "sh", ...lengths.map(String)]);
        return sums.trim().split("\n");
      }),
    write: (file, content, mode = 0o600) => explained(file, "write", () => write(file, Buffer.from(content), mode)),
    writeAt: (file, offset, content) => explained(file, "write", () => writeAt(file, offset, content)),
    stat: (file) =>
      explained(file, "read", async () => {
        const found = await unlessAbsent(ask(`stat -L -c '%s %f %.9Y' -- ${q(file)}`));
        return found === undefined ? undefined : parseStat(found);
      }),
    isLink: (file) =>
      explained(file, "read", async () => (await ask(`[ -L ${q(file)} ] && echo yes || echo no`)) === "yes"),
    fingerprint: (file) =>
      explained(file, "read", async () => {
        const found = await unlessAbsent(ask(`TZ=UTC0 stat -L -c '%f file %i %W %w' -- ${q(file)}`));
        return found === undefined ? undefined : fingerprintIn(found);
      }),
    list: (directory) =>
      explained(directory, "read", async () => {
        const found = (await unlessAbsent(ask(listScript(directory)))) ?? "";
        return found.split("\0").filter((name) => name !== "" && !isPassing(name));
      }),
    createDirectory: async (directory, mode = 0o755) => {
      await explained(directory, "make", () => ask(`mkdir -p -m ${mode.toString(8)} -- ${q(directory)}`));
    },
    copy: (from, to, mode = 0o600) =>
      explained(to, "write", async () => {
        const args = ["--reflink=auto", "--remove-destination", "--no-target-directory", "--", from, to];
        await long("cp", args);
        await ask(`[ ! -L ${q(to)} ] && chmod ${mode.toString(8)} -- ${q(to)}`);
      }),
    rename: async (from, to) => {
      await explained(to, "write", () => ask(`mv -fT -- ${q(from)} ${q(to)}`));
    },
    remove: async (file) => {
      await explained(file, "remove", () => ask(`rm -f -- ${q(file)}`));
    },
    removeEmptyDirectory: async (directory) => {
      await shell(`rmdir -- ${q(directory)}`);
    },
    sha256: (file, onProgress = () => undefined) =>
      explained(file, "read", async () => {
        // By its name, sha256sum would mark some characters.
        const sum = await long("sh", ["-c", `exec sha256sum < ${q(file)}`]);
        onProgress(1);
        return sum.slice(0, 64);
      }),
    freeSpace: (directory) =>
      explained(directory, "read", async () => {
        const [available = 0, size = 0] = (await ask(`stat -f -c '%a %S' -- ${q(directory)}`)).split(" ").map(Number);
        return available * size;
      }),
    withTemporaryDirectory: async (use) => {
      await explained(temporary, "make", () => ask(`mkdir -p -m 700 -- ${q(temporary)}`));
      return withDirectoryIn(temporary, (_inside, place) => use(place));
    },
    withDirectoryNextTo: (file, use) => withDirectoryIn(path.posix.dirname(file), use),
    sweep,
  };
}

/** printf is a part of the shell: the content is in no program's arguments. */
function bytes(content: Uint8Array): string {
  return `printf %s '${Buffer.from(content).toString("base64")}' | base64 -d`;
}

/** Prints the process whose working directory it is; it ends with the shell. */
function openDirectory(place: string): string {
  const check = `[ "$(stat -c '%u %a' .)" = "$(id -u) 700" ]`;
  const stay = `cd -P -- ${q(place)} && ${check} && exec setpriv --pdeathsig KILL sleep infinity`;
  return `mkdir -m 700 -- ${q(place)} && { sh -c ${q(stay)} >/dev/null 2>&1 & printf %s "$!"; }`;
}

/**
 * One pass over the file for all sums: md5sum can't show a sum and continue. Each of them reads only its own part, which
 * is no failure of tee.
 */
function md5Script(temporary: string, file: string): string {
  return `exec 4< ${q(file)} && mkdir -p -m 700 -- ${q(temporary)} && d=$(mktemp -d -p ${q(temporary)}) && trap 'rm -rf -- "$d"' EXIT || exit
    for n; do mkfifo "$d/$n" || exit; head -c "$n" < "$d/$n" | md5sum > "$d/$n.sum" & done
    for n; do set -- "$@" "$d/$n"; shift; done
    tee -p -- "$@" <&4 > /dev/null && wait && for f; do head -c 32 "$f.sum" && echo || exit; done`;
}

/** Patterns without a match stay as they are. */
function listScript(directory: string): string {
  const each = `for name in * .[!.]* ..?*; do if [ -e "$name" ] || [ -L "$name" ]; then printf '%s\\0' "$name"; fi; done`;
  return `(stat -- ${q(`${directory}/.`)} > /dev/null && cd -- ${q(directory)} && ${each})`;
}

const kindOf = (mode: string) => parseInt(mode, 16) & 0o170000;
const kinds = { file: 0o100000, directory: 0o040000 } as const;

function parseStat(text: string): FileStat {
  const [size, mode = "", time = ""] = text.split(" ");
  const [seconds = "0", nanoseconds = "0"] = time.split(".");
  return {
    bytes: Number(size),
    isFile: kindOf(mode) === kinds.file,
    modifiedMs: Number(seconds) * 1000 + Number(nanoseconds) / 1e6,
  };
}

function fingerprintIn(text: string): string | undefined {
  const [mode = ""] = text.split(" ", 1);
  const fingerprint = parseFingerprint(text.slice(mode.length + 1));
  if (kindOf(mode) === kinds.file) return fingerprint;
  return kindOf(mode) === kinds.directory ? fingerprint.replace(/^file/, "folder") : undefined;
}
