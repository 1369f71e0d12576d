import type { Terminal } from "../../provider/cli/terminal";

export interface TestTerminal extends Terminal {
  readonly printed: string[];
  readonly told: string[];
  readonly asked: string[];
}

/** @param answer what somebody says when asked; without one nobody is there */
export function testTerminal({ answer, input = "" }: { answer?: boolean; input?: string } = {}): TestTerminal {
  const [printed, told, asked]: string[][] = [[], [], []];
  return {
    ...{ printed: printed ?? [], told: told ?? [], asked: asked ?? [] },
    print: (line) => void printed?.push(line),
    tell: (line) => void told?.push(line),
    isInteractive: answer !== undefined,
    confirm: (question) => {
      asked?.push(question);
      return Promise.resolve(answer === true);
    },
    input: () => Promise.resolve(input),
  };
}
