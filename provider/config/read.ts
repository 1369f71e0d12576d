import { loadDocument } from "../format/yaml/load";
import { readTextSync } from "../host/program-files";
import type { Configuration } from "./configuration";
import { inputSchemas } from "./kinds";
import { isOf2014, requireAll, translated } from "./kvm-deploy-2014/index";
import { parseConfiguration } from "./schema";

/**
 * Reads a configuration with all its includes, and checks it. One of kvm-deploy 2014 is known by its sections.
 * @throws KvmError with all errors
 */
export function readConfiguration(file: string): Configuration {
  const document = loadDocument(file, readTextSync);
  const current = isOf2014(document.value) ? requireAll(translated(file, readTextSync)) : document;
  return parseConfiguration(current, inputSchemas, (name) => readTextSync(name) !== undefined);
}
