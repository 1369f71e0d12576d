import { loadDocument } from "../format/yaml/load";
import { readTextSync } from "../host/program-files";
import type { Configuration } from "./configuration";
import { inputSchemas } from "./kinds";
import { parseConfiguration } from "./schema";

/**
 * Reads a configuration with all its includes, and checks it.
 * @throws KvmError with all errors
 */
export function readConfiguration(file: string): Configuration {
  const document = loadDocument(file, readTextSync);
  return parseConfiguration(document, inputSchemas, (name) => readTextSync(name) !== undefined);
}
