import type { Printed, Session } from "../../host/session";
import type { Command } from "./call";

/** What is read one right after another, in virsh's own syntax, by all of its text: the same has the same answer. */
type Reads = Map<string, readonly string[]>;

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
    const scripts = commands.map((command) => command.map(quote).join(" "));
    const text = scripts.join("; ");
    if (!isPlain(text)) return undefined;
    next ??= open();
    const { reads, answers } = next;
    reads.set(text, scripts);
    return (await answers).get(text);
  };
}

/** Short: where virsh hangs at one of the reads it is left, and each read goes alone. */
const timeoutMs = 20_000;

async function answersTo(
  reads: readonly (readonly [text: string, scripts: readonly string[]])[],
  session: Session,
): Promise<Map<string, readonly string[]>> {
  const mark = marksWith(session.token());
  const lines = reads.map(([, scripts], index) => {
    const script = scripts.join(`; echo ${assembled(mark("next"))}; `);
    return `${telling(mark("begin", index))}; ${script}; ${telling(mark("end", index))}`;
  });
  const question = [...lines, telling(mark("end")), ""].join("\n");
  // A failure of all of it is told by each read's own process.
  const printed = await session.ask(question, mark("end"), timeoutMs).catch(() => ({ stdout: "", stderr: "" }));
  const answers = new Map<string, readonly string[]>();
  for (const [index, [text, { length }]] of reads.entries()) {
    const answer = answerIn(printed, mark, index, length);
    if (answer !== undefined) answers.set(text, answer);
  }
  return answers;
}

/** What the commands of a read printed; undefined when one of them complained. */
function answerIn({ stdout, stderr }: Printed, mark: Mark, index: number, count: number): string[] | undefined {
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

/** Parts the outputs. */
type Mark = (place: "begin" | "next" | "end", index?: number) => string;

/** @param token a question's own: no text holds it, and nothing that an earlier one has left is taken for an answer */
function marksWith(token: string): Mark {
  return (place, index) => `@@${token} ${place} ${index ?? "of all"}@@`;
}

/** Prints a mark to both outputs. */
function telling(mark: string): string {
  return `echo ${assembled(mark)}; echo --err ${assembled(mark)}`;
}

/** virsh repeats what it is asked, but not the mark, which it puts together. */
function assembled(mark: string): string {
  return `'@@''${mark.slice(2)}'`;
}

/** virsh itself reads it like a shell would. */
function quote(argument: string): string {
  return `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

/** virsh reads a line as a terminal does: other signs are commands there, and it is slow with long ones. */
function isPlain(script: string): boolean {
  return /^[ -~]{1,4000}$/.test(script);
}
