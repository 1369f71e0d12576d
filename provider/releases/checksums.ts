/** A file and the SHA-256 sum that a list gives it. */
export interface Sum {
  readonly file: string;
  readonly sha256: string;
}

/** Reads a list of sums as coreutils (`SUM  FILE`) or BSD (`SHA256 (FILE) = SUM`) write it; other lines mean nothing. */
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

/** The file that the pattern (with `*`) fits; of several the one with the highest numbers in its name. */
export function newestOf(sums: readonly Sum[], pattern: string): Sum | undefined {
  const fits = new RegExp(`^${pattern.split("*").map(literal).join("[^/]*")}$`);
  return sums
    .filter(({ file }) => fits.test(file))
    .toSorted((one, other) => one.file.localeCompare(other.file, "en", { numeric: true }))
    .at(-1);
}

function literal(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`);
}
