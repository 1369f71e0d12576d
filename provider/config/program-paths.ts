import path from "node:path";
import type { z } from "zod";
import { fieldsWith, type Problem } from "../resource/issues";
import { type Entry, mapAt } from "./references";

/** What a path on the machine that runs the program leads to. */
export type PathKind = "file" | "directory";

/** Whether a path leads to this. */
export type IsPresent = (file: string, kind: PathKind) => boolean;

/** In a configuration such paths are relative to its own directory; in a program, to the program's. */
export function withProgramPaths(entry: Entry, schema: z.ZodType, directory: string): Entry {
  const absolute = (value: unknown) =>
    typeof value === "string" && !path.isAbsolute(value) ? path.join(directory, value) : value;
  return fieldsWith("programPath", schema).reduce<Entry>(
    (inputs, { field }) => mapAt(inputs, field, absolute) as Entry,
    entry,
  );
}

/** The paths of an entry that lead to nothing. */
export function missingPaths(entry: Entry, schema: z.ZodType, isPresent: IsPresent): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { field, value: kind } of fieldsWith("programPath", schema))
    mapAt(entry, field, (value) => {
      if (typeof value === "string" && !isPresent(value, kind as PathKind))
        problems.push({ path: field, message: `the ${String(kind)} ${value} does not exist` });
      return value;
    });
  return problems;
}
