import type { TextFile } from "../family";
import { type SystemOptions, systemOptions } from "./system";
import { isTakenAsItIs } from "./taken-as-is";

/** What the hand-over leaves to a file that is taken as it is: its own setting counts, unless the options name another. */
export interface FileSays {
  readonly locale: boolean;
  readonly timezone: boolean;
}

export const nothing: FileSays = { locale: false, timezone: false };

export function saidByFile(template: Pick<TextFile, "path">, { locale, timezone }: SystemOptions): FileSays {
  if (!isTakenAsItIs(template)) return nothing;
  const defaults = systemOptions.parse({});
  return { locale: locale === defaults.locale, timezone: timezone === defaults.timezone };
}
