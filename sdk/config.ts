import * as pulumi from "@pulumi/pulumi";
import path from "node:path";
import { inputSchemas } from "../provider/config/kinds";
import { loadDocument } from "../provider/config/load";
import { type Configuration, parseConfiguration } from "../provider/config/schema";
import { KvmError } from "../provider/errors";
import { readTextSync } from "../provider/host/files";

export type { Configuration } from "../provider/config/schema";

/**
 * Reads a YAML configuration with all that it includes, and checks it.
 * @param file its path, absolute or from the program's folder
 * @throws one error that lists everything that is wrong, with file, line and column
 */
export function loadConfig(file: string): Configuration {
  try {
    const document = loadDocument(fromWorkingFolder(file), readTextSync);
    return parseConfiguration(document, inputSchemas, (name) => readTextSync(name) !== undefined);
  } catch (error) {
    // Pulumi shows a RunError's message alone; of others the stack too.
    throw error instanceof KvmError ? new pulumi.RunError(error.message) : error;
  }
}

/** Below the program's folder paths are relative, so that a stack's state is the same wherever its program lies. */
function fromWorkingFolder(file: string): string {
  const relative = path.relative("", file);
  return relative.startsWith("..") ? path.resolve(file) : relative;
}
