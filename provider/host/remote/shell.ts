import type { RunResult } from "../run";
import type { Session } from "../session";

/**
 * Runs a script in the shell that keeps running on a host. Scripts are quick, because one follows the other; their input is
 * empty.
 */
export type Shell = (script: string) => Promise<RunResult>;

interface Batch {
  readonly scripts: string[];
  readonly answers: Promise<readonly RunResult[]>;
}

/** A question costs a round trip, so requests during an answer wait, and are sent together. */
export function batchingShell(session: Session): Shell {
  let next: Batch | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const open = (): Batch => {
    const scripts: string[] = [];
    const answer = async (previous: Promise<unknown>) => {
      await previous.catch(() => undefined);
      // All requests of this turn of the event loop are in the same batch.
      await new Promise(setImmediate);
      next = undefined;
      return answersTo(scripts, session);
    };
    const answers = answer(last);
    last = answers;
    return { scripts, answers };
  };
  return async (script) => {
    next ??= open();
    const { scripts, answers } = next;
    const index = scripts.push(script) - 1;
    const answer = (await answers)[index];
    if (answer === undefined) throw new Error(`the shell has not answered ${script}`);
    return answer;
  };
}

/** The host does nothing else for as long; more means that it hangs. */
const timeoutMs = 120_000;

async function answersTo(scripts: readonly string[], session: Session): Promise<readonly RunResult[]> {
  const mark = `@@${session.token()}@@`;
  const asked = scripts.map(
    (script) => `{ ${script}\n} </dev/null; printf '${mark}%s${mark}' "$?"; printf %s '${mark}' >&2`,
  );
  const end = `end${mark}`;
  const question = [...asked, `printf %s '${end}'; printf %s '${end}' >&2`, ""].join("\n");
  const { stdout, stderr } = await session.ask(question, end, timeoutMs);
  const [outputs, errors] = [stdout.split(mark), stderr.split(mark)];
  return scripts.map((_script, index) => ({
    stdout: outputs[2 * index] ?? "",
    exitCode: Number(outputs[2 * index + 1]),
    stderr: errors[index] ?? "",
  }));
}
