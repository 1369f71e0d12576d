import type { World } from "../../provider/cli/command";
import { world } from "../../provider/cli/main";
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
    screen: undefined,
    hasColours: false,
    confirm: (question) => {
      asked?.push(question);
      return Promise.resolve(answer === true);
    },
    ask: (question) => {
      asked?.push(question);
      return Promise.resolve("");
    },
    input: () => Promise.resolve(input),
  };
}

/** The command's own surroundings, with another terminal and host. */
export function testWorld(terminal: Terminal, parts: Pick<World, "host"> & Partial<World>): World {
  return { ...world, terminal, defaultConnection: () => "qemu:///system", ...parts };
}
