/** A file and its SHA-256 sum in a list. */
export interface Sum {
  readonly file: string;
  readonly sha256: string;
}

/**
 * Reads a list of sums in the format of coreutils (`SUM  FILE`) or BSD (`SHA256 (FILE) = SUM`); other lines are
 * ignored.
 */
export function parseSums(text: string): Sum[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, sum, file] = /^([0-9a-f]{64}) [ *](?:\.\/)?(\S+)$/i.exec(line) ?? [];
    const [, bsdFile, bsdSum] = /^SHA256 \((\S+)\) = ([0-9a-f]{64})$/i.exec(line) ?? [];
    const found = { file: file ?? bsdFile, sha256: sum ?? bsdSum };
    return found.file === undefined || found.sha256 === undefined
      ? []
      : [{ file: found.file, sha256: found.sha256.toLowerCase() }];
  });
}

/**
 * The file that matches the pattern (with `*`); of several, the one with the highest numbers in its name.
 * @param point the number of a point release, which must be in the name
 */
export function newestOf(sums: readonly Sum[], pattern: string, point?: string): Sum | undefined {
  const fitting = sums.filter(({ file }) => fits(file, pattern) && (point === undefined || hasNumber(file, point)));
  return byNumbers(fitting, ({ file }) => file).at(-1);
}

/** The file with the highest numbers in its name, of those that match the pattern. */
export function newestName(names: readonly string[], pattern: string): string | undefined {
  const fitting = names.filter((name) => fits(name, pattern));
  return byNumbers(fitting, (name) => name).at(-1);
}

function byNumbers<Item>(items: readonly Item[], nameOf: (item: Item) => string): Item[] {
  return items.toSorted((one, other) => nameOf(one).localeCompare(nameOf(other), "en", { numeric: true }));
}

function fits(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split("*").map(literal).join("[^/]*")}$`).test(name);
}

function hasNumber(name: string, number: string): boolean {
  return new RegExp(String.raw`(?<![\d.])${literal(number)}(?!\d)`).test(name);
}

/** The text as a part of a regular expression. */
export function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}
