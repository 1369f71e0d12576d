import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { KvmError } from "../values/errors";
import { codeOf, explain } from "./file-errors";

/**
 * Writes files into a directory that does not exist yet. Only this user can read them, because they may contain keys.
 * @param files their texts, by their paths below the directory
 * @throws KvmError if the directory exists; after another failure nothing of it is left
 */
export function writeNewDirectory(directory: string, files: Readonly<Record<string, string>>): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw explain(directory, "make", error);
    throw new KvmError("conflict", `${directory} exists already`, {
      remedy: "Give a directory that does not exist yet: nothing is overwritten",
    });
  }
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(directory, name);
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    }
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw explain(directory, "write", error);
  }
}
