import type { Printed, Session } from "../../host/session";
import type { Command } from "./call";

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
 * Most of a virsh call is its loading and connecting, so that reads share one virsh that stays: what is asked while it
 * answers waits, and is asked together. It is read after it was asked for, so that no answer is older than its question.
 */
export function batching(session: Session): TryRead {
  let next: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const open = (): Batch => {
    const reads: Reads = new Map();
    const answer = async (previous: Promise<unknown>) => {
      await previous;
      // All that is asked in this turn of the event loop comes along.
      await new Promise(setImmediate);
      next = undefined;
      return answersTo([...reads], session);
    };
    const answers = answer(last);
    last = answers;
    return { reads, answers };
  };
  return async (...commands) => {
    const script = scriptOf(commands);
    if (!isPlain(script)) return undefined;
    next ??= open();
    const { reads, answers } = next;
    reads.set(script, commands);
    return (await answers).get(script);
  };
}

/** Short: where virsh hangs at one of the reads it is left, and each read goes alone. */
const timeoutMs = 20_000;

async function answersTo(
  reads: readonly (readonly [script: string, commands: readonly Command[]])[],
  session: Session,
): Promise<Map<string, readonly string[]>> {
  const lines = reads.map(
    ([script], index) => `${telling(mark("begin", index))}; ${script}; ${telling(mark("end", index))}`,
  );
  const question = [...lines, telling(mark("end")), ""].join("\n");
  // A failure of all of it is told by each read's own process.
  const printed = await session.ask(question, mark("end"), timeoutMs).catch(() => ({ stdout: "", stderr: "" }));
  const answers = new Map<string, readonly string[]>();
  for (const [index, [script, { length }]] of reads.entries()) {
    const answer = answerIn(printed, index, length);
    if (answer !== undefined) answers.set(script, answer);
  }
  return answers;
}

/** What the commands of a read printed; undefined when one of them complained. */
function answerIn({ stdout, stderr }: Printed, index: number, count: number): string[] | undefined {
  const complaints = between(stderr, `error: ${mark("begin", index)}\n`, `error: ${mark("end", index)}\n`);
  const parts = between(stdout, mark("begin", index), mark("end", index))?.split(mark("next"));
  return complaints === "" && parts?.length === count ? parts : undefined;
}

/** Undefined when there is none, or more than one. */
function between(text: string, begin: string, end: string): string | undefined {
  const [, after, ...others] = text.split(begin);
  const [inside, rest, ...more] = after?.split(end) ?? [];
  return rest === undefined || others.length + more.length > 0 ? undefined : inside;
}

/** Parts the outputs. Where somebody has one in a text, nothing is certain, and the read goes alone. */
function mark(place: "begin" | "next" | "end", index?: number): string {
  return `@@kvm-deploy ${place} ${index ?? "of all"}@@`;
}

/** Prints a mark to both outputs. virsh repeats what it is asked, but not the mark, which it puts together. */
function telling(text: string): string {
  const parts = `'@@''${text.slice(2)}'`;
  return `echo ${parts}; echo --err ${parts}`;
}

function scriptOf(commands: readonly Command[]): string {
  return commands.map((command) => command.map(quote).join(" ")).join(`; echo '@@''${mark("next").slice(2)}'; `);
}

/** virsh itself reads it like a shell would. */
function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** virsh reads a line as a terminal does: other signs are commands there, and it is slow with long ones. */
function isPlain(script: string): boolean {
  return /^[ -~]{1,4000}$/.test(script);
}
