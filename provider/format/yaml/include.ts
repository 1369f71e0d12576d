import path from "node:path";

/** A file's text; undefined when there is no such file. */
export type ReadText = (file: string) => string | undefined;

export interface Found {
  readonly file: string;
  readonly text: string;
}

/**
 * Where `!include name` is looked for: in the folder `includes` beside the file that includes, then in the one beside
 * the configuration that all began with, so that an included file can use the same includes as the configuration.
 */
export function includeCandidates(name: string, includer: string, root: string): readonly string[] {
  if (path.isAbsolute(name)) return [path.normalize(name)];
  const folders = [includer, root].map((file) => path.join(path.dirname(file), "includes"));
  return [...new Set(folders.map((folder) => path.join(folder, name)))];
}

export function findInclude(candidates: readonly string[], read: ReadText): Found | undefined {
  for (const file of candidates) {
    const text = read(file);
    if (text !== undefined) return { file, text };
  }
  return undefined;
}
