/** The existing choices, starting with the most likely one. */
export function choices(label: string, got: string, allowed: readonly string[]): string {
  const meant = nearest(got, allowed);
  const list = `${label}: ${allowed.length === 0 ? "none" : allowed.join(", ")}`;
  return meant === undefined ? list : `did you mean "${meant}"? ${list.charAt(0).toUpperCase()}${list.slice(1)}`;
}

/** The candidate of which the word is probably a misspelling. Another number is another number, not a slip. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (/^[\d.]+$/.test(word)) return undefined;
  const limit = Math.ceil(word.length / 3);
  const ranked = candidates.map((candidate) => ({ candidate, slips: slipsBetween(word, candidate) }));
  const [best] = ranked.filter(({ slips }) => slips <= limit).sort((one, other) => one.slips - other.slips);
  return best?.candidate;
}

/** Levenshtein distance, ignoring case. */
function slipsBetween(one: string, other: string): number {
  const target = other.toLowerCase();
  let row = Array.from({ length: target.length + 1 }, (_, index) => index);
  Array.from(one.toLowerCase()).forEach((letter, index) => {
    row = nextRow(row, letter, target, index + 1);
  });
  return row[target.length] ?? 0;
}

function nextRow(row: readonly number[], letter: string, target: string, first: number): number[] {
  const next = [first];
  for (let column = 1; column <= target.length; column++) {
    const replaced = (row[column - 1] ?? 0) + (letter === target[column - 1] ? 0 : 1);
    next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
  }
  return next;
}
