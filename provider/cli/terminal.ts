import { createInterface } from "node:readline/promises";
import { environmentVariable } from "../host/program-files";
import { KvmError } from "../values/errors";
import type { Screen } from "./rows/painter";

/** The input and output of a command. */
export interface Terminal {
  /** Prints a line of the answer. */
  print(line: string): void;
  /** Prints a line about progress or a failure. */
  report(line: string): void;
  /** Whether a user can answer questions. */
  readonly isInteractive: boolean;
  /** Where the answer is shown, if it is a terminal on which lines can be written again. */
  readonly screen: Screen | undefined;
  /** Whether the answer may have colours. */
  readonly hasColours: boolean;
  /** @returns whether the user answered yes */
  confirm(question: string): Promise<boolean>;
  /** @returns the user's answer, without white space around it */
  ask(question: string): Promise<string>;
  /** Everything that is piped in. */
  input(): Promise<string>;
}

const { stdin, stdout, stderr } = process;

export const processTerminal: Terminal = {
  print: (line) => void stdout.write(`${line}\n`),
  report: (line) => void stderr.write(`${line}\n`),
  isInteractive: stdin.isTTY && stderr.isTTY,
  // A dumb terminal has no cursor that moves.
  screen: stdout.isTTY && environmentVariable("TERM") !== "dumb" ? screen() : undefined,
  hasColours: stdout.isTTY && stdout.hasColors(),
  confirm: async (question) => /^y(es)?$/i.test(await ask(`${question} [y/N] `)),
  ask: (question) => ask(`${question} `),
  async input() {
    const pieces: Buffer[] = [];
    for await (const piece of stdin) pieces.push(Buffer.from(piece as Buffer));
    return Buffer.concat(pieces).toString("utf8");
  },
};

function screen(): Screen {
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    write: (text) => void stdout.write(text),
  };
}

async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: stdin, output: stderr });
  // Ctrl-C and Ctrl-D abort the question; after the end of the input it would never be answered.
  const end = new Promise<never>((_resolve, reject) => void lines.once("close", () => reject(new Error("closed"))));
  try {
    return (await Promise.race([lines.question(question), end])).trim();
  } catch (cause) {
    stderr.write("\n");
    throw new KvmError("interrupted", "the question was not answered, so nothing is done", { cause });
  } finally {
    lines.close();
  }
}
