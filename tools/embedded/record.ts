import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What the namespace's first process wrote about itself. */
export interface EmbeddedRecord {
  readonly lifetime: string;
  readonly pid: number;
  /** In clock ticks since the boot: with it a process id names one process and never a later one. */
  readonly startTime: string;
}

/** The numbers of a line of /proc/PID/stat; the name in brackets may hold spaces and brackets itself. */
function parseStat(line: string): Omit<EmbeddedRecord, "lifetime"> | undefined {
  const found = /^(\d+) \(.*\) (.*)$/s.exec(line.trim());
  const startTime = found?.[2]?.split(" ")[19];
  return found && startTime !== undefined ? { pid: Number(found[1]), startTime } : undefined;
}

export function parseRecord(text: string): EmbeddedRecord | undefined {
  const [, lifetime, line] = /^(\w+) (.*)$/s.exec(text) ?? [];
  const process = line === undefined ? undefined : parseStat(line);
  return lifetime !== undefined && process ? { lifetime, ...process } : undefined;
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

/** The recorded process if it still is the one that runs under this id. */
export async function readLiveRecord(stateDir: string): Promise<EmbeddedRecord | undefined> {
  const record = parseRecord(await readIfThere(join(stateDir, "record")));
  if (!record) return undefined;
  const now = parseStat(await readIfThere(`/proc/${record.pid}/stat`));
  return now?.startTime === record.startTime ? record : undefined;
}
