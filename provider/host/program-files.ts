import { readFileSync } from "node:fs";
import { NotFound } from "../values/errors";
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
