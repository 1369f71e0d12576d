import type { World } from "../../provider/cli/command";
import { table } from "../../provider/cli/table";
import type { Terminal } from "../../provider/cli/terminal";
import { systemClock } from "../../provider/host/clock";
import { temporaryDirectory } from "../../provider/host/environment";
import { localFiles } from "../../provider/host/files";
import { runInForeground } from "../../provider/host/foreground";
import { listenForInterruption } from "../../provider/host/interruption";
import { run } from "../../provider/host/run";
import { surroundings } from "../../provider/host/surroundings";
import * as userFiles from "../../provider/host/user-files";

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

/** The surroundings of a command that runs in this process. */
export function testWorld(terminal: Terminal, parts: Pick<World, "host"> & Partial<World>): World {
  return {
    terminal,
    table,
    defaultConnection: () => "qemu:///system",
    surroundings: surroundings(),
    files: localFiles(temporaryDirectory(), run),
    userFiles,
    clock: systemClock,
    runInForeground,
    listenForInterruption,
    ...parts,
  };
}
