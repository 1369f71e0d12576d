import type { World } from "../command";
import { limited, messageLine, notable, plainLines, rowLines, type View } from "../rows/lines";
import { Painter } from "../rows/painter";
import { after, nothingYet, type Progress } from "../rows/rows";
import { styleOf } from "../rows/style";
import type { OpenStack } from "./open";
import { type Ended, operate, type Operation } from "./operate";

/** An operation, and what it has come to. */
export interface Shown extends Ended {
  readonly progress: Progress;
}

type Planned = Pick<Operation, "verb" | "isPreview" | "targets" | "program">;

/** Runs the engine, and shows what it does: on a terminal in rows that change, elsewhere line by line. */
export async function show(opened: OpenStack, planned: Planned, world: World, isQuiet: boolean): Promise<Shown> {
  const { clock, terminal } = world;
  let progress = nothingYet(clock.now());
  const display = isQuiet ? quiet : terminal.screen === undefined ? printing(planned, world) : painting(planned, world);
  const interruption = world.listenForInterruption(() =>
    terminal.report("Stopping: what is being done now is finished first. Interrupt again to stop at once."),
  );
  const timer = setInterval(() => display.show(progress), 100);
  try {
    const ended = await operate(opened, {
      ...planned,
      signal: interruption.signal,
      onEvent: (event) => {
        progress = after(progress, event, clock.now());
      },
    });
    const said = ended.isOk || progress.messages.some(({ severity }) => severity === "error") ? [] : ended.words;
    const errors = said.map((text) => ({ severity: "error" as const, text: text.replace(/^error: /, "") }));
    progress = { ...progress, messages: [...progress.messages, ...errors] };
    return { ...ended, progress };
  } finally {
    clearInterval(timer);
    interruption.end();
    display.end(progress);
  }
}

interface Display {
  show(progress: Progress): void;
  end(progress: Progress): void;
}

const quiet: Display = { show: () => undefined, end: () => undefined };

function viewIn({ isPreview }: Planned, { terminal, clock }: World): View {
  const columns = terminal.screen?.size().columns ?? 80;
  return { isPreview, columns, style: styleOf(terminal), nowMs: clock.now() };
}

function printing(planned: Planned, world: World): Display {
  let shown = nothingYet(0);
  const show = (progress: Progress) => {
    for (const line of plainLines(shown, progress, viewIn(planned, world))) world.terminal.print(line);
    shown = progress;
  };
  return { show, end: show };
}

function painting(planned: Planned, world: World): Display {
  const { terminal } = world;
  const { screen } = terminal;
  if (screen === undefined) return quiet;
  const painter = new Painter(screen);
  const show = (progress: Progress, most: number) => {
    const isRunning = notable(progress).map(({ phase }) => phase === "running");
    painter.show(limited(rowLines(progress, viewIn(planned, world)), isRunning, most));
  };
  return {
    show: (progress) => show(progress, screen.size().rows - 2),
    end: (progress) => {
      // The rows that did not fit are in the scrollback then.
      show(progress, Infinity);
      for (const message of progress.messages) terminal.print(messageLine(message, styleOf(terminal)));
    },
  };
}
