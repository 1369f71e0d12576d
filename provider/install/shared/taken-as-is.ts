import type { TextFile } from "../family";

/** Whether a file is the answers themselves, and no template: its name doesn't end in .hbs. */
export function isTakenAsItIs({ path }: Pick<TextFile, "path">): boolean {
  return !path.endsWith(".hbs");
}
