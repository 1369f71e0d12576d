import path from "node:path";

/** Reads a file's text; undefined if there is no such file. */
export type ReadText = (file: string) => string | undefined;

export interface Found {
  readonly file: string;
  readonly text: string;
}

/**
 * The candidates for `!include name`: in the directory `includes` next to the file that includes it, then in the one
 * next to the configuration, so that an included file can use the same includes as the configuration.
 */
export function includeCandidates(name: string, includer: string, root: string): readonly string[] {
  if (path.isAbsolute(name)) return [path.normalize(name)];
  const directories = [includer, root].map((file) => path.join(path.dirname(file), "includes"));
  return [...new Set(directories.map((directory) => path.join(directory, name)))];
}

export function findInclude(candidates: readonly string[], read: ReadText): Found | undefined {
  for (const file of candidates) {
    const text = read(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}
