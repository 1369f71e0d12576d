import { promptsOf, question } from "../shared/prompts";

export const promptOf = promptsOf([
  question(/Please make a selection from the above/),
  question(/(?:Would you like to|Do you want to|What do you want to do now)\b.*\?/),
  question(/Please respond 'yes' or 'no'/),
  question(/Press ENTER to (?:continue|quit|exit)/i, true),
]);

/**
 * `Installing bash.x86_64 (12/345)`, or `Downloading 345 RPMs, 10 MiB / 300 MiB (3%) done.`: the last one counts. Releases with
 * the fifth DNF count only the download.
 */
export function percentOf(screen: readonly string[]): number | undefined {
  const line = screen.findLast((text) => /\b(?:Downloading|Installing|Configuring|Performing) /.test(text)) ?? "";
  const [, done, all] = /\bInstalling \S+ \((\d+)\/(\d+)\)/.exec(line) ?? [];
  if (done !== undefined && Number(all) > 0) return Math.floor((100 * Number(done)) / Number(all));
  const percent = /\bDownloading .*\((\d{1,3})%\) done/.exec(line)?.[1];
  return percent === undefined ? undefined : Number(percent);
}

/** `12:01:02,345 ERR packaging: …`; an error in the kickstart file may quote a secret. */
export function problemOf(line: string): string | undefined {
  const words = /^[\d:]{8},\d+ (?:ERR|CRT) \S+: (.*\S)/.exec(line)?.[1];
  return words === undefined || /kickstart|ks\.cfg|passw|passphrase/i.test(words) ? undefined : words;
}

/** `… on line 12 of the kickstart file:`, then what is wrong, with the values of that line. */
export const quotesAnswers = /of the kickstart file|reading the kickstart file/i;
