import type { Terminal } from "../../provider/cli/terminal";

export interface TestTerminal extends Terminal {
  readonly printed: string[];
  readonly reported: string[];
  readonly asked: string[];
}

/** @param answer what somebody says when asked; without one nobody is there */
export function testTerminal({ answer, input = "" }: { answer?: boolean; input?: string } = {}): TestTerminal {
  const [printed, reported, asked]: string[][] = [[], [], []];
  return {
    ...{ printed: printed ?? [], reported: reported ?? [], asked: asked ?? [] },
    print: (line) => void printed?.push(line),
    report: (line) => void reported?.push(line),
    isInteractive: answer !== undefined,
    confirm: (question) => {
      asked?.push(question);
      return Promise.resolve(answer === true);
    },
    input: () => Promise.resolve(input),
  };
}
