import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { KvmError, NotFound } from "../values/errors";
import { howToName } from "../values/paths";
import { explain, isAbsence } from "./file-errors";

/**
 * For programs that load their configuration: undefined if the file does not exist. What is no file might never end.
 */
export function readTextSync(file: string): string | undefined {
  try {
    const found = statSync(file);
    if (found.isDirectory()) return undefined;
    if (!found.isFile()) throw new KvmError("invalid-input", `${file} is a device or a pipe, not a file with a text`);
    if (found.size > mostBytes) throw new KvmError("invalid-input", `${file} has more than ${mostBytes / 2 ** 20} MiB`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error instanceof KvmError ? error : explain(file, "read", error);
  }
}

/** Whether the path leads to a file, or to a directory. */
export function isPresent(file: string, kind: "file" | "directory"): boolean {
  try {
    const found = statSync(file);
    return kind === "directory" ? found.isDirectory() : found.isFile();
  } catch (error) {
    if (isAbsence(error)) return false;
    throw explain(file, "read", error);
  }
}

/** The YAML files of a directory; undefined if it is none. */
export function yamlFilesIn(directory: string): string[] | undefined {
  if (!isPresent(directory, "directory")) return undefined;
  const names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => path.join(directory, name));
}

/** A file that the program names. @param property that names it */
export function programFileSync(file: string, property: string): string {
  const text = readTextSync(file);
  if (text !== undefined) return text;
  throw new NotFound(`the file ${file} does not exist`, {
    property,
    remedy: howToName(file),
  });
}

/** An installer has all of it in its memory, and configurations are texts. */
const mostBytes = 16 * 2 ** 20;

/** The texts of all files of a directory that the program names, by their paths below it. @param property that names it */
export function programDirectorySync(directory: string, property: string): Readonly<Record<string, string>> {
  if (!isPresent(directory, "directory")) {
    throw new NotFound(`the directory ${directory} does not exist`, {
      property,
      remedy: howToName(directory),
    });
  }
  const files = filesBelow(directory, property, []).sort((one, other) => (one.file < other.file ? -1 : 1));
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > mostBytes)
    throw unusable(directory, `has more than ${mostBytes / 2 ** 20} MiB`, property);
  return Object.fromEntries(files.map(({ file }) => [path.relative(directory, file), programText(file, property)]));
}

interface Found {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Links are followed, and the history of a repository is none of its files.
 * @param around the directories that this one is in, without links
 */
function filesBelow(directory: string, property: string, around: readonly string[]): Found[] {
  const place = readable(directory, property, () => realpathSync(directory));
  if (around.includes(place)) throw unusable(directory, "is a link to a directory around it", property);
  const entries = readable(directory, property, () => readdirSync(directory)).filter((name) => name !== ".git");
  return entries.flatMap((name) => {
    const entry = path.join(directory, name);
    const facts = readable(entry, property, () => statSync(entry));
    if (facts.isDirectory()) return filesBelow(entry, property, [...around, place]);
    if (!facts.isFile()) throw unusable(entry, "is neither a file nor a directory", property);
    return [{ file: entry, bytes: facts.size }];
  });
}

function programText(file: string, property: string): string {
  const bytes = readable(file, property, () => readFileSync(file));
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  throw unusable(file, "is not a text in UTF-8", property);
}

function unusable(file: string, what: string, property: string): KvmError {
  return new KvmError("invalid-input", `${file} ${what}`, {
    property,
    remedy: "Leave it out of the directory, and let the machine fetch it",
  });
}

function readable<Result>(file: string, property: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code, reason } = explain(file, "read", error);
    throw new KvmError(code, reason, { property, cause: error });
  }
}

/** Undefined if there is none of that name. */
export function environmentVariable(name: string): string | undefined {
  return Object.hasOwn(process.env, name) ? process.env[name] : undefined;
}
