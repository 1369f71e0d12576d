import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import path from "node:path";
import type { Configuration } from "../provider/config/configuration";
import type * as Reader from "../provider/config/read";
import { KvmError } from "../provider/values/errors";

export type { Configuration } from "../provider/config/configuration";

const lazily = createRequire(__filename);

/**
 * Reads a YAML configuration with all that it includes, and checks it.
 * @param file its path, absolute or from the program's folder
 * @throws one error that lists everything that is wrong, with file, line and column
 */
export function loadConfig(file: string): Configuration {
  try {
    // Loaded at the first use: YAML and the schemas cost a tenth of a second, which programs without a file need not pay.
    const { readConfiguration } = lazily("../provider/config/read") as typeof Reader;
    return readConfiguration(fromWorkingFolder(file));
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
