import type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation";
import { messageOf } from "../../values/errors";
import type { OpenStack } from "./open";
import { automation } from "./pulumi-command";

export type Verb = "preview" | "up" | "refresh" | "destroy";

export interface Operation {
  readonly verb: Verb;
  /** Whether nothing changes: the operation is only shown. */
  readonly isPreview: boolean;
  /** URNs; none: all resources. */
  readonly targets: readonly string[];
  readonly program: PulumiFn;
  readonly onEvent: (event: EngineEvent) => void;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

/** The end of an operation. */
export interface Ended {
  readonly isOk: boolean;
  /** Pulumi's own last messages, for failures before the engine started. */
  readonly words: readonly string[];
}

/** Runs the engine on a stack. */
export async function operate({ stack }: OpenStack, operation: Operation): Promise<Ended> {
  const { verb, isPreview, targets, program, onEvent, signal } = operation;
  const said: string[] = [];
  const options = {
    ...{ onEvent, signal, color: "never" as const, onError: (text: string) => void said.push(text) },
    ...(targets.length === 0 ? {} : { target: [...targets] }),
  };
  stack.workspace.program = program;
  try {
    if (verb === "destroy") await (isPreview ? stack.previewDestroy(options) : stack.destroy(options));
    else if (verb === "refresh")
      await (isPreview
        ? stack.previewRefresh(options)
        : // What an interrupted create has made is known on the host, and the next `up` continues it.
          stack.refresh({ ...options, clearPendingCreates: true }));
    else await (isPreview ? stack.preview(options) : stack.up(options));
    return { isOk: true, words: [] };
  } catch (error) {
    return { isOk: false, words: await wordsOf(error, said.join("")) };
  }
}

async function wordsOf(error: unknown, said: string): Promise<string[]> {
  const { CommandError, ConcurrentUpdateError } = await automation();
  if (error instanceof ConcurrentUpdateError)
    return ["another run of Pulumi uses this stack; wait for its end. If none does, `pulumi cancel` removes the lock"];
  if (!(error instanceof CommandError)) throw error;
  const lines = (said === "" ? messageOf(error) : said).split("\n").map((line) => line.trim());
  return lines.filter(
    (line) => line !== "" && !/^error: (update|preview|destroy|refresh) (failed|canceled)$/.test(line),
  );
}
