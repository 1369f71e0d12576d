import { createInterface } from "node:readline/promises";

/** Where a command speaks. */
export interface Terminal {
  /** A line of the answer. */
  print(line: string): void;
  /** A line about what is done, or what is wrong. */
  tell(line: string): void;
  /** Whether somebody can be asked. */
  readonly isInteractive: boolean;
  /** @returns whether the answer was yes */
  confirm(question: string): Promise<boolean>;
  /** All of what is piped in. */
  input(): Promise<string>;
}

export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
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
