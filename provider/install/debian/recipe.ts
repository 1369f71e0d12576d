const namedRecipes: readonly string[] = ["atomic", "home", "multi"];

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
