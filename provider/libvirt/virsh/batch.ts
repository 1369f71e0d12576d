import type { RunResult } from "../../host/run";
import type { Command } from "./call";

interface Processes {
  /** Runs commands in virsh's own syntax. It goes on after a failed one, and the exit code tells only of the last. */
  readonly runScript: (script: string) => Promise<RunResult>;
}

/** Commands that are read one right after another, by their script: the same question has the same answer. */
type Reads = Map<string, readonly Command[]>;

interface Batch {
  readonly reads: Reads;
  /** What was printed, of the reads without any doubt. */
  readonly answers: Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Reads that belong together; undefined when one of them fails, or when it isn't certain what they printed. */
type TryRead = (...commands: readonly Command[]) => Promise<readonly string[] | undefined>;

/**
 * Most of a virsh call is its loading, so reads share processes: what is asked while one is under way waits for the next.
 * It is read after it was asked for, so that no answer is older than its question.
 */
export function batching(processes: Processes): TryRead {
  let next: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const open = (): Batch => {
    const reads: Reads = new Map();
    const answer = async (previous: Promise<unknown>) => {
      await previous;
      // All that is asked in this turn of the event loop comes along.
      await new Promise(setImmediate);
      next = undefined;
      return answersTo(reads, processes);
    };
    const answers = answer(last);
    last = answers;
    return { reads, answers };
  };
  return async (...commands) => {
    const script = scriptOf(commands);
    next ??= open();
    const { reads, answers } = next;
    reads.set(script, commands);
    return (await answers).get(script);
  };
}

async function answersTo(reads: Reads, { runScript }: Processes): Promise<Map<string, readonly string[]>> {
  const answers = new Map<string, readonly string[]>();
  for (const portion of portionsOf([...reads])) {
    // A failure of all of it is told by each read's own process.
    const result = await runScript(portion.map(([script]) => script).join("; ")).catch(() => undefined);
    if (result !== undefined) collect(portion, result, answers);
  }
  return answers;
}

/** A program's argument has up to 128 KiB. */
const longestScript = 100_000;

function portionsOf<T extends readonly [script: string, unknown]>(reads: readonly T[]): T[][] {
  const portions: T[][] = [];
  let length = Infinity;
  for (const read of reads) {
    length += read[0].length;
    if (length > longestScript) {
      portions.push([]);
      length = read[0].length;
    }
    portions.at(-1)?.push(read);
  }
  return portions;
}

/** Ends a command's part of both outputs. Where somebody has it in a text, nothing is certain, and reads go alone. */
const mark = "@@kvm-deploy@@";

function scriptOf(commands: readonly Command[]): string {
  return commands.map((command) => `${command.map(quote).join(" ")}; echo ${mark}; echo --err ${mark}`).join("; ");
}

/** virsh itself reads it like a shell would. */
function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** Adds the outputs of those reads that complained of nothing. */
function collect(
  portion: readonly (readonly [script: string, commands: readonly Command[]])[],
  { stdout, stderr }: RunResult,
  answers: Map<string, readonly string[]>,
): void {
  const printed = stdout.split(mark);
  const complaints = stderr.split(`error: ${mark}\n`);
  const count = portion.reduce((sum, [, commands]) => sum + commands.length, 0);
  if (printed.length !== count + 1 || complaints.length !== count + 1) return;
  let begin = 0;
  for (const [script, { length }] of portion) {
    const end = begin + length;
    if (complaints.slice(begin, end).every((text) => text === "")) answers.set(script, printed.slice(begin, end));
    begin = end;
  }
}
