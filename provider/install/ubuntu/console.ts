import { promptsOf, question } from "../shared/prompts";

export const promptOf = promptsOf([
  question(/Continue with autoinstall\?/),
  question(/Press enter to start a shell/i),
  { line: /^\[ (?:Done|Continue|Install Now|Reboot Now|View full log) *\]$/, what: () => "the installer shows a form" },
]);

/** An error of apt, in the log of curtin or of subiquity: `… curtin_log.1417[1417]: E: Unable to locate package …`. */
export function problemOf(line: string): string | undefined {
  return /\b(?:subiquity|curtin)_\w+[\d.]*\[\d+\]: +(E: .*)/.exec(line)?.[1];
}

/** `finish: subiquity/Updates/load_autoinstall_data: 'none' is not one of …`, with the value and its surroundings. */
export const quotesAnswers = /load_autoinstall_data|failed validating|malformed autoinstall/i;
