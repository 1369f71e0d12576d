import { promptsOf, question } from "../shared/prompts";

export const promptOf = promptsOf([
  question(/Continue with autoinstall\?/),
  question(/Press enter to start a shell/i),
  { line: /^\[ (?:Done|Continue|Install Now|Reboot Now|View full log) *\]$/, what: () => "the installer shows a form" },
]);

/** An error of apt, `… subiquity_log.1417[1417]: E: Unable to locate package …`, or a step of curtin: `… finish: cmd-install/…: FAIL: …`. */
export function problemOf(line: string): string | undefined {
  const step = /\b(?:subiquity|curtin)_\w+[\d.]*\[\d+\]: .*\bfinish: ([\w/-]+): FAIL\b/.exec(line)?.[1];
  if (step !== undefined) return `the installer's step ${step} failed`;
  return /\b(?:subiquity|curtin)_\w+[\d.]*\[\d+\]: +(E: .*)/.exec(line)?.[1];
}

/** After it stands a part of the answers. */
export const quotesAnswers = /malformed autoinstall|autoinstall.*\b(?:invalid|error)|failed validating/i;
