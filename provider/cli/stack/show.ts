import type { World } from "../command";
import { limited, messageLine, narrowest, notable, plainLines, rowLines, type View } from "../rows/lines";
import { Painter } from "../rows/painter";
import { after, nothingYet, type Progress } from "../rows/rows";
import { fitted, styleOf } from "../rows/style";
import type { OpenStack } from "./open";
import { type Ended, operate, type Operation } from "./operate";

/** An operation, and what it has come to. */
export interface Shown extends Ended {
  readonly progress: Progress;
}

type Planned = Pick<Operation, "verb" | "isPreview" | "targets" | "program">;

/** Runs the engine, and shows what it does: on a terminal in rows that change, elsewhere line by line. */
export async function show(opened: OpenStack, planned: Planned, world: World, isQuiet: boolean): Promise<Shown> {
  const { clock } = world;
  let progress = nothingYet(clock.now());
  const display = isQuiet ? quiet : displayFor(planned, world);
  const interruption = world.listenForInterruption(() => display.interrupt());
  const timer = setInterval(() => display.show(progress), 100);
  try {
    const ended = await operate(opened, {
      ...planned,
      signal: interruption.signal,
      onEvent: (event) => {
        progress = after(progress, event, clock.now(), world.typed);
      },
    });
    const said = ended.isOk || progress.messages.some(({ severity }) => severity === "error") ? [] : ended.words;
    const errors = said.map((text) => ({
      severity: "error" as const,
      text: world.typed(text.replace(/^error: /, "")),
    }));
    progress = { ...progress, messages: [...progress.messages, ...errors] };
    return { ...ended, progress };
  } finally {
    clearInterval(timer);
    interruption.end();
    display.end(progress);
  }
}

const stopping = "Stopping: what is being done now is finished first. Ctrl-C again stops at once.";

interface Display {
  show(progress: Progress): void;
  /** Says that the user's interruption has been noticed. */
  interrupt(): void;
  end(progress: Progress): void;
}

function displayFor(planned: Planned, world: World): Display {
  const { screen } = world.terminal;
  return screen === undefined || screen.size().columns < narrowest
    ? printing(planned, world)
    : painting(planned, world);
}

const quiet: Display = { show: () => undefined, interrupt: () => undefined, end: () => undefined };

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
  return { show, interrupt: () => world.terminal.report(stopping), end: show };
}

function painting(planned: Planned, world: World): Display {
  const { terminal } = world;
  const { screen } = terminal;
  if (screen === undefined) return quiet;
  const painter = new Painter(screen);
  let notes: readonly string[] = [];
  const show = (progress: Progress, most: number) => {
    const isRunning = notable(progress).map(({ phase }) => phase === "running");
    painter.show([...limited(rowLines(progress, viewIn(planned, world)), isRunning, most), ...notes]);
  };
  return {
    show: (progress) => show(progress, screen.size().rows - 3),
    interrupt: () => {
      notes = [fitted(stopping, screen.size().columns - 1).trimEnd()];
    },
    end: (progress) => {
      notes = [];
      // The rows that did not fit are in the scrollback then.
      show(progress, Infinity);
      for (const message of progress.messages) terminal.print(messageLine(message, styleOf(terminal)));
    },
  };
}
