import { readFileSync } from "node:fs";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Interruption {
  /** Aborted by the first signal that this process must pass on to the programs that it has started. */
  readonly signal: AbortSignal;
  /** No longer listens. */
  end(): void;
}

/**
 * Listens for the user's interruptions, which no longer end this process.
 * @param onSignal is called for each
 */
export function listenForInterruption(onSignal: () => void): Interruption {
  const passing = new AbortController();
  const listener = (signal: NodeJS.Signals) => {
    // A terminal's Ctrl-C reaches the started programs by itself, and to Pulumi a second one means an immediate end.
    if (signal !== "SIGINT" || !isInForeground()) passing.abort();
    onSignal();
  };
  for (const signal of signals) process.on(signal, listener);
  const end = () => {
    for (const signal of signals) process.off(signal, listener);
  };
  return { signal: passing.signal, end };
}

/** Whether this process belongs to the group that the terminal's keys send signals to. */
function isInForeground(): boolean {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  const [, , group, , , foreground] = fields;
  return group === foreground;
}
