import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Identifies this process among all: its PID namespace, its number there, and its start time. After a reboot, another
 * process would have to start at the very same tick.
 */
export function thisProcess(): string {
  own ??= [namespaceOf("self"), readlinkSync("/proc/self"), startOf("self") ?? "0"].join("-");
  return own;
}

let own: string | undefined;

export const processPattern = /\d+-\d+-\d+/;

/** True only if it is certain: processes of another namespace may be invisible and alive. */
export function isDeadProcess(id: string): boolean {
  const [namespace = "", pid = "", start] = id.split("-");
  if (namespace === namespaceOf("self")) return startOf(pid) !== start;
  return seesAll() && !namespacesInUse().has(namespace);
}

/**
 * The kernel has fixed that number. The first namespace sees the processes of all, and root may read their namespaces.
 */
const firstNamespace = "4026531836";

function seesAll(): boolean {
  return namespaceOf("self") === firstNamespace && process.getuid?.() === 0;
}

function namespacesInUse(): Set<string | undefined> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Set(pids.map(namespaceOf));
}

/** Undefined if the process has ended. */
function namespaceOf(pid: string): string | undefined {
  try {
    return /\d+/.exec(readlinkSync(`/proc/${pid}/ns/pid`))?.[0];
  } catch {
    return undefined;
  }
}

/**
 * In ticks since the host's boot: the 22nd field, counted after the name, which may contain any character. Undefined if
 * the process has ended.
 */
function startOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
