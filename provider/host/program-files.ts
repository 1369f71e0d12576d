import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { KvmError, NotFound } from "../values/errors";
import { codeOf, explain, isAbsence } from "./file-errors";

/** For programs that load their configuration: undefined if the file does not exist. */
export function readTextSync(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (isAbsence(error) || codeOf(error) === "EISDIR") return undefined;
    throw explain(file, "read", error);
  }
}

/** A file that the program names. @param property that names it */
export function programFileSync(file: string, property: string): string {
  const text = readTextSync(file);
  if (text !== undefined) return text;
  throw new NotFound(`the file ${file} does not exist`, {
    property,
    remedy: "Give its path, relative to the directory of the Pulumi program",
  });
}

/** The texts of all files of a directory that the program names, by their paths below it. @param property that names it */
export function programDirectorySync(directory: string, property: string): Readonly<Record<string, string>> {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new NotFound(`the directory ${directory} does not exist`, {
      property,
      remedy: "Give its path, relative to the directory of the Pulumi program",
    });
  }
  const files = filesBelow(directory).sort();
  return Object.fromEntries(files.map((file) => [path.relative(directory, file), programText(file, property)]));
}

/** Links are followed, and the history of a repository is none of its files. */
function filesBelow(directory: string): string[] {
  const entries = readdirSync(directory).filter((name) => name !== ".git");
  return entries.flatMap((name) => {
    const entry = path.join(directory, name);
    return statSync(entry).isDirectory() ? filesBelow(entry) : [entry];
  });
}

function programText(file: string, property: string): string {
  const bytes = readFileSync(file);
  const text = bytes.toString("utf8");
  if (Buffer.from(text).equals(bytes)) return text;
  throw new KvmError("invalid-input", `the file ${file} is not a text in UTF-8`, {
    property,
    remedy: "Leave it out of the directory, and let the machine fetch it",
  });
}
