const namedRecipes: readonly string[] = ["atomic", "home", "multi"];

/**
 * The installer has no recipe of its own for RAID. The array's part comes first, so that it has the number 1 with either
 * kind of partition table; with GPT, a part for UEFI follows.
 */
export const raidRecipe = [
  "raid1 ::",
  "2048 10000 -1 raid $primary{ } method{ raid } .",
  "768 788 1024 free $primary{ } $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .",
].join(" ");

export function isNamed(recipe: string): boolean {
  return namedRecipes.includes(recipe);
}

export function isRecipe(text: string): boolean {
  return isNamed(text) || text.includes("::");
}

/** A recipe may be written on several lines, also with the backslashes that a preseed file needs. */
export function onOneLine(recipe: string): string {
  return recipe
    .split(/\\?\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join(" ");
}
