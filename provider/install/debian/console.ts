import { promptsOf } from "../shared/prompts";

/** The titles of its questions start with their priority in brackets, such as `[!!]`; those of progress bars don't. */
export const promptOf = promptsOf([
  { line: /\[(?:!{1,3}|\?|\.)\] +(.*?\S) *(?:[├|+]|$)/, what: ([, title = ""]) => `the installer asks "${title}"` },
  { line: /^Prompt: '.' for help\b/, isLast: true, what: () => "the installer asks a question" },
]);

/** A progress bar shows it in its middle. */
export function percentOf(screen: readonly string[]): number | undefined {
  const found = screen.map((line) => /^\W*(\d{1,3})%\W*$/.exec(line)?.[1]).findLast((percent) => percent !== undefined);
  return found === undefined ? undefined : Number(found);
}

/**
 * `… main-menu[192]: WARNING **: Menu item 'pkgsel' failed.`, or the error of a program that a step runs: `… in-target: E: Unable
 * to locate package …`. These programs get no secret of the answers.
 */
export function problemOf(line: string): string | undefined {
  const item = /\bmain-menu\[\d+\]: .*\bMenu item '([^']+)' failed/.exec(line)?.[1];
  if (item !== undefined) return `the installer's step ${item} failed`;
  return /\b(?:in-target|debootstrap|base-installer|apt-setup|apt-install|grub-installer|anna|net-retriever)(?:\[\d+\])?: ((?:E|error): .*)/.exec(
    line,
  )?.[1];
}
