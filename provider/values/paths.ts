import path from "node:path";

/** What to do about a path that leads to nothing: for a relative one, where it starts. */
export function howToName(file: string): string {
  return path.isAbsolute(file) ? "Give the path of an existing one" : `Give its path, relative to ${path.resolve()}`;
}
