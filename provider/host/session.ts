import { randomUUID } from "node:crypto";
import { on } from "node:events";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Program, StartProgram } from "./run";

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that keeps running and answers one question at a time. It ends with this process. */
export interface Session {
  /** A text that no output contained before, to separate answers. */
  token(): string;
  /**
   * The program's output until `end` is in both of its streams.
   * @throws if the program can't be started, ends, or takes longer; the next question starts it again
   */
  ask(question: string, end: string, timeoutMs: number): Promise<Printed>;
}

export type OpenSession = (program: string, args: readonly string[], env: Readonly<Record<string, string>>) => Session;

export const sessionsBy =
  (start: StartProgram): OpenSession =>
  (program, args, env) => {
    let running: Promise<Program> | undefined;
    return {
      token: randomUUID,
      ask: async (question, end, timeoutMs) => {
        running ??= start(program, args, env);
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

async function answerOf(child: Program["child"], question: string, end: string, signal: AbortSignal): Promise<Printed> {
  const { stdin, stdout, stderr } = child;
  // It keeps this process from ending only while it has a question to answer.
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
    const start = Math.max(0, text.length - end.length);
    text += String(chunk);
    if (text.includes(end, start)) break;
  }
  return text;
}
