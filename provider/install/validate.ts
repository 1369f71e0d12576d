import path from "node:path";
import type { RenderedText } from "../format/template";
import type { Context, Failure } from "../resource/handler";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";
import type { Answers, AnswersProblem, Validator, ValidatorOutcome } from "./family";

type ValidatorHost = Pick<Host, "run" | "files">;

/** Whatever a validator answers: each has codes of its own. */
const anyCode = Array.from({ length: 255 }, (_, index) => index + 1);

/**
 * Lets the validator read the answers before anything boots from them. Where it isn't installed, or too old for them, that
 * is reported, and no more.
 * @param template the path of the file that made the answers: problems are reported with its lines
 */
export async function problemsOfAnswers(
  { rendered }: Pick<Answers, "rendered">,
  validator: Validator,
  template: string,
  host: ValidatorHost,
  context: Pick<Context, "warn">,
): Promise<Failure[]> {
  const outcome = await outcomeOf(rendered.text, validator, host);
  const ignorance = outcome === undefined ? "which the host doesn't have" : validator.ignorance?.(outcome);
  if (outcome === undefined || ignorance !== undefined) {
    const [program = ""] = validator.command;
    context.warn(
      `the answers are not checked by ${program}, ${ignorance ?? ""}; get it from ${validator.obtainedFrom}`,
    );
    return [];
  }
  return validator.parse(outcome).map((problem) => failureOf(problem, rendered, template));
}

/** A problem of the answers with the line of the template that made them. */
export function failureOf({ line, message }: AnswersProblem, { originOf }: RenderedText, template: string): Failure {
  return { property: "template", reason: `${template}${line === undefined ? "" : `:${originOf(line)}`}: ${message}` };
}

/** Undefined where the program is missing. The answers hold secrets: they travel in a file of root's. */
async function outcomeOf(
  text: string,
  { command, settings }: Validator,
  { run, files }: ValidatorHost,
): Promise<ValidatorOutcome | undefined> {
  return files.withTemporaryDirectory(async (folder) => {
    const [file, settingsFile] = [path.join(folder, "answers"), path.join(folder, "settings")];
    await files.write(file, text);
    if (settings !== undefined) await files.write(settingsFile, settings.content);
    const env = settings === undefined ? {} : { [settings.variable]: settingsFile };
    const [program = "", ...args] = command.map((part) => (part === "FILE" ? file : part));
    try {
      return await run(program, args, { accept: anyCode, env });
    } catch (error) {
      if (error instanceof KvmError && error.code === "not-found") return undefined;
      throw error;
    }
  });
}
