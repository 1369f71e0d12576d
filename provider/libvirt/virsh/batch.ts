import { shellWord } from "../../format/shell-word";
import type { Printed, Session } from "../../host/session";
import type { Command } from "./call";

/**
 * Commands that are read one right after another, in virsh's own syntax. Requests with the same text get the same
 * answer.
 */
type Reads = Map<string, readonly string[]>;

interface Batch {
  readonly reads: Reads;
  /** The outputs of the reads that have a certain answer. */
  readonly answers: Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Reads that belong together; undefined if one of them fails, or if their output isn't certain. */
type TryRead = (...commands: readonly Command[]) => Promise<readonly string[] | undefined>;

/**
 * Loading and connecting is most of a virsh call, so reads share one virsh that keeps running. Requests during an
 * answer wait, and are sent together. Every read starts after its request, so no answer is older than its question.
 */
export function batching(session: Session): TryRead {
  let next: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const open = (): Batch => {
    const reads: Reads = new Map();
    const answer = async (previous: Promise<unknown>) => {
      await previous;
      // All requests of this turn of the event loop are in the same batch.
      await new Promise(setImmediate);
      next = undefined;
      return answersTo([...reads], session);
    };
    const answers = answer(last);
    last = answers;
    return { reads, answers };
  };
  return async (...commands) => {
    // virsh parses it like a shell.
    const scripts = commands.map((command) => command.map(shellWord).join(" "));
    const text = scripts.join("; ");
    if (!isPlain(text)) return undefined;
    next ??= open();
    const { reads, answers } = next;
    reads.set(text, scripts);
    return (await answers).get(text);
  };
}

/** Short: if virsh hangs at one of the reads, it is abandoned, and each read gets its own process. */
const timeoutMs = 20_000;

async function answersTo(
  reads: readonly (readonly [text: string, scripts: readonly string[]])[],
  session: Session,
): Promise<Map<string, readonly string[]>> {
  const mark = marksWith(session.token());
  const lines = reads.map(([, scripts], index) => {
    const script = scripts.join(`; echo ${assembled(mark("next"))}; `);
    return `${printing(mark("start", index))}; ${script}; ${printing(mark("end", index))}`;
  });
  const question = [...lines, printing(mark("end")), ""].join("\n");
  // Each read's own process reports a failure of all of them.
  const printed = await session.ask(question, mark("end"), timeoutMs).catch(() => ({ stdout: "", stderr: "" }));
  const answers = new Map<string, readonly string[]>();
  for (const [index, [text, { length }]] of reads.entries()) {
    const answer = answerIn(printed, mark, index, length);
    if (answer !== undefined) answers.set(text, answer);
  }
  return answers;
}

/** The output of a read's commands; undefined if one of them printed an error. */
function answerIn({ stdout, stderr }: Printed, mark: Mark, index: number, count: number): string[] | undefined {
  const complaints = between(stderr, `error: ${mark("start", index)}\n`, `error: ${mark("end", index)}\n`);
  const parts = between(stdout, mark("start", index), mark("end", index))?.split(mark("next"));
  return complaints === "" && parts?.length === count ? parts : undefined;
}

/** Undefined if there is none, or more than one. */
function between(text: string, start: string, end: string): string | undefined {
  const [, after, ...others] = text.split(start);
  const [inside, rest, ...more] = after?.split(end) ?? [];
  return rest === undefined || others.length + more.length > 0 ? undefined : inside;
}

/** Separates the outputs. */
type Mark = (place: "start" | "next" | "end", index?: number) => string;

/** @param token of one question: no text contains it, so the rest of an earlier answer is never taken for this one */
function marksWith(token: string): Mark {
  return (place, index) => `@@${token} ${place} ${index ?? "of all"}@@`;
}

/** Prints a mark to both streams. */
function printing(mark: string): string {
  return `echo ${assembled(mark)}; echo --err ${assembled(mark)}`;
}

/** virsh prints its input again. The mark is not in it, because virsh assembles the mark. */
function assembled(mark: string): string {
  return `'@@''${mark.slice(2)}'`;
}

/** virsh reads a line as a terminal does: other characters are commands there, and long lines are slow. */
function isPlain(script: string): boolean {
  return /^[ -~]{1,4000}$/.test(script);
}
