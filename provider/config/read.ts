import path from "node:path";
import { formatPosition } from "../format/yaml/frame";
import { type LoadedDocument, loadDocument } from "../format/yaml/load";
import { StackSecret } from "../format/yaml/located";
import { environmentVariable, isPresent, readTextSync } from "../host/program-files";
import { KvmError } from "../values/errors";
import type { Configuration } from "./configuration";
import { inputSchemas } from "./kinds";
import { isOf2014, requireAll, translated } from "./kvm-deploy-2014/index";
import { sections } from "./references";
import { parseConfiguration } from "./schema";
import { shown } from "./show";

/** The secrets of a stack. */
export interface StackSecrets {
  readonly has: (name: string) => boolean;
  /** What a resource's input gets. */
  readonly get: (name: string) => unknown;
}

/**
 * Reads a configuration with all its includes, expands what is compact, and checks it. One of kvm-deploy 2014 is known by
 * its sections.
 * @param secrets those of the stack; without them, each stands where its value will be
 * @throws KvmError with all errors
 */
export function readConfiguration(file: string, secrets?: StackSecrets): Configuration {
  const configuration = checked(loaded(file));
  return secrets === undefined ? configuration : withSecrets(configuration, secrets);
}

/**
 * The configuration as it is written out, in YAML, with the origin of each value. Values of secrets are hidden.
 * @throws KvmError with all errors
 */
export function showConfiguration(file: string): string {
  const document = loaded(file);
  checked(document);
  return shown(document, inputSchemas);
}

/** The JSON schema of configurations, as text. */
export function configurationSchema(): string {
  const text = readTextSync(path.join(__dirname, "configuration.schema.json"));
  if (text === undefined) throw new KvmError("not-found", "the installed package has no JSON schema");
  return text.trimEnd();
}

function loaded(file: string): LoadedDocument {
  const environment = environmentVariable;
  const document = loadDocument(file, { read: readTextSync, environment, repeated: sections });
  return isOf2014(document.value) ? requireAll(translated(file, readTextSync)) : document;
}

function checked(document: LoadedDocument): Configuration {
  return parseConfiguration(document, inputSchemas, isPresent);
}

/** The configuration with the values of its secrets. @throws KvmError with all that the stack does not have */
export function withSecrets(configuration: Configuration, secrets: StackSecrets): Configuration {
  const missing: StackSecret[] = [];
  const whole = revealed(configuration, (secret) => {
    if (secrets.has(secret.name)) return secrets.get(secret.name);
    missing.push(secret);
    return undefined;
  });
  if (missing.length === 0) return whole as Configuration;
  const texts = missing.map(
    ({ name, at }) =>
      `${formatPosition(at)}: the stack has no secret "${name}"; give it by \`pulumi config set --secret ${name}\``,
  );
  throw new KvmError("not-found", [...new Set(texts)].join("\n"));
}

function revealed(value: unknown, get: (secret: StackSecret) => unknown): unknown {
  if (value instanceof StackSecret) return get(value);
  if (Array.isArray(value)) return value.map((item) => revealed(item, get));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revealed(part, get)]));
}
