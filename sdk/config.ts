import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";
import path from "node:path";
import type { Configuration } from "../provider/config/configuration";
import type * as Reader from "../provider/config/read";
import type { StackSecrets } from "../provider/config/read";
import { KvmError } from "../provider/values/errors";

export type { Configuration } from "../provider/config/configuration";

const lazily = createRequire(__filename);

/**
 * Reads a YAML configuration with all its includes, and checks it.
 * @param file its path, absolute or relative to the program's directory
 * @throws one error with all failures, with file, line and column
 */
export function loadConfig(file: string): Configuration {
  try {
    // Loaded at the first use: YAML and the schemas take a tenth of a second, which programs without a file need not
    // spend.
    const { readConfiguration } = lazily("../provider/config/read") as typeof Reader;
    return readConfiguration(fromWorkingDirectory(file), stackSecrets());
  } catch (error) {
    // Pulumi shows only the message of a RunError; of other errors the stack, too.
    throw error instanceof KvmError ? new pulumi.RunError(error.message) : error;
  }
}

/** What `!secret NAME` means: a value of the stack's configuration, which is a secret however it was set. */
export function stackSecrets(): StackSecrets {
  const config = new pulumi.Config();
  return {
    has: (name) => config.getSecret(name) !== undefined,
    get: (name) => config.requireSecret(name),
  };
}

/** Paths below the program's directory become relative, so that a stack's state is the same in every directory. */
function fromWorkingDirectory(file: string): string {
  const relative = path.relative("", file);
  return relative.startsWith("..") ? path.resolve(file) : relative;
}
