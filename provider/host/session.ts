import { on } from "node:events";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Subprocess } from "execa";

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that stays, and answers what is written to it, one question at a time. It ends with this process. */
export interface Session {
  /**
   * What the program prints, until `end` is in both of its outputs.
   * @throws when it can't be started, ends, or takes longer; the next question starts it anew
   */
  ask(question: string, end: string, timeoutMs: number): Promise<Printed>;
}

export type OpenSession = (program: string, args: readonly string[], env: Readonly<Record<string, string>>) => Session;

/** LC_ALL=C, as for all programs. */
export const openSession: OpenSession = (program, args, env) => {
  let running: Promise<Running> | undefined;
  return {
    ask: async (question, end, timeoutMs) => {
      running ??= start(program, args, { ...env, LC_ALL: "C" });
      const { child, hasEnded } = await running;
      try {
        return await answerOf(child, question, end, AbortSignal.any([hasEnded, AbortSignal.timeout(timeoutMs)]));
      } catch (failure) {
        running = undefined;
        child.kill();
        throw failure;
      }
    },
  };
};

type Child = Subprocess<{ stdin: "pipe"; buffer: false; reject: false }>;

interface Running {
  readonly child: Child;
  readonly hasEnded: AbortSignal;
}

async function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const { execa } = await import("execa");
  // A process group of its own: an interruption of the user's is for this process to deal with.
  const child = execa(program, args, {
    stdin: "pipe",
    buffer: false,
    reject: false,
    detached: true,
    cleanup: true,
    env,
  });
  // The outputs tell it as well.
  child.stdin.on("error", () => undefined);
  const ending = new AbortController();
  void child.then(() => ending.abort());
  return { child, hasEnded: ending.signal };
}

async function answerOf(child: Child, question: string, end: string, signal: AbortSignal): Promise<Printed> {
  const { stdin, stdout, stderr } = child;
  // Only while it has a question to answer does it keep this process from ending.
  const handles = [child, ...[stdin, stdout, stderr].filter((stream) => stream instanceof Socket)];
  for (const handle of handles) handle.ref();
  try {
    stdin.write(question);
    const [out, err] = await Promise.all([stdout, stderr].map((stream) => textTo(end, stream, signal)));
    return { stdout: out ?? "", stderr: err ?? "" };
  } finally {
    for (const handle of handles) handle.unref();
  }
}

async function textTo(end: string, stream: Readable, signal: AbortSignal): Promise<string> {
  let text = "";
  for await (const [chunk] of on(stream.setEncoding("utf8"), "data", { signal })) {
    const begin = Math.max(0, text.length - end.length);
    text += String(chunk);
    if (text.includes(end, begin)) break;
  }
  return text;
}
