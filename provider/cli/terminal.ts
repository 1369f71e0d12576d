import { createInterface } from "node:readline/promises";

/** The input and output of a command. */
export interface Terminal {
  /** Prints a line of the answer. */
  print(line: string): void;
  /** Prints a line about progress or a failure. */
  report(line: string): void;
  /** Whether a user can answer questions. */
  readonly isInteractive: boolean;
  /** @returns whether the user answered yes */
  confirm(question: string): Promise<boolean>;
  /** Everything that is piped in. */
  input(): Promise<string>;
}

export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  report: (line) => void process.stderr.write(`${line}\n`),
  isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  async confirm(question) {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
    } finally {
      lines.close();
    }
  },
  async input() {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(Buffer.from(piece as Buffer));
    return Buffer.concat(pieces).toString("utf8");
  },
};
