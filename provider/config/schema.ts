import path from "node:path";
import { z } from "zod";
import { formatPosition } from "../format/yaml/frame";
import type { LoadedDocument } from "../format/yaml/load";
import { positionIn, propertyAt, StackSecret } from "../format/yaml/located";
import { repeatKeys } from "../format/yaml/repeat";
import { formatPath, previewSchema } from "../resource/check";
import { allowedKeys, isSecretAt, keysAt, type Problem, problemsOf } from "../resource/issues";
import { unknownValue } from "../resource/known";
import { KvmError } from "../values/errors";
import { own } from "../values/keys";
import * as scalar from "../values/scalars";
import { brokenReferences } from "./broken-references";
import { expand } from "./compact/expand";
import { compactKeys } from "./compact/machine";
import type { Slip } from "./compact/place";
import { type Configuration, inputsOf } from "./configuration";
import { type IsPresent, missingPaths, withProgramPaths } from "./program-paths";
import { eachSection, type Entry, foreseen, replaceReferences, type Section, sections } from "./references";

/** The inputs of the resources of each section. */
export type InputSchemas = Readonly<Record<Section, z.ZodType>>;

const freeMap = z.record(z.string(), z.unknown());

/** An empty section or entry is allowed. */
function emptyAsMap<Value>(value: Value | null | undefined): Value | Record<string, never> {
  return value ?? {};
}

const section = z.record(z.string(), freeMap.nullable().transform(emptyAsMap)).nullish().transform(emptyAsMap);

/** The file format: sections of resources by name. The resource's own schema defines the inputs of an entry. */
const outline = z.strictObject({
  // Without its default, which comes from the stack or the environment.
  connection: scalar.connection.unwrap().optional(),
  ...eachSection(() => section),
  data: freeMap.nullish().transform(emptyAsMap),
});

/**
 * Checks a complete configuration before any resource is created.
 * @throws one KvmError with all errors, each with its property and its place
 */
export function parseConfiguration(
  document: LoadedDocument,
  schemas: InputSchemas,
  isPresent: IsPresent,
): Configuration {
  const { root, slips } = expand(document.root);
  const refused = (problems: readonly Problem[]) => refusal({ ...document, root }, slips, problems);
  const parsed = outline.safeParse(root.value ?? {});
  if (!parsed.success) throw refused(problemsOf(outline, parsed.error.issues));
  const directory = path.dirname(document.file);
  const entries = eachSection((name) =>
    eachValue(parsed.data[name], (entry) => withProgramPaths(entry, schemas[name], directory)),
  );
  const configuration = { ...parsed.data, ...entries };
  const problems = sections.flatMap((name) => problemsOfSection(name, configuration, schemas[name], isPresent));
  if (problems.length + slips.length > 0) throw refused(problems);
  return configuration;
}

function problemsOfSection(
  name: Section,
  configuration: Configuration,
  schema: z.ZodType,
  isPresent: IsPresent,
): readonly Problem[] {
  return Object.entries(configuration[name]).flatMap(([key, entry]) => {
    const broken = brokenReferences(name, entry, configuration);
    // The resource's own message about such a value would only confuse.
    const others = problemsOfInputs(name, inputsOf(key, entry, configuration), configuration, schema).filter(
      ({ path: at }) => !broken.some((problem) => formatPath(problem.path) === formatPath(at)),
    );
    const missing = missingPaths(entry, schema, isPresent);
    const misplaced = misplacedSecrets(entry, schema);
    return [...broken, ...others, ...missing, ...misplaced].map((problem) => ({
      ...problem,
      path: [name, key, ...problem.path],
      isSecret: isSecretAt(schema, problem.path),
    }));
  });
}

/** Checks an entry with its resource's schema, before the things that it refers to exist. */
function problemsOfInputs(name: Section, entry: Entry, configuration: Configuration, schema: z.ZodType) {
  const inputs = replaceReferences(name, entry, (reference, key) => {
    const target = own(configuration[reference.to], key);
    return target && foreseen(reference, target, key);
  });
  const parsed = previewSchema(schema).safeParse(withoutSecrets(inputs));
  return problemsOf(schema, parsed.error?.issues ?? []).map((problem) => withCompactKeys(name, schema, problem));
}

/** A secret counts as a value that is known later: the provider checks it. */
function withoutSecrets(value: unknown): unknown {
  if (value instanceof StackSecret) return unknownValue;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withoutSecrets(part)]));
}

/** Only of what is always kept secret no message shows the value. */
function misplacedSecrets(value: unknown, schema: z.ZodType, at: readonly PropertyKey[] = []): readonly Problem[] {
  if (value instanceof StackSecret) {
    if (isSecretAt(schema, at)) return [];
    const message =
      "can't be a secret, because messages and the host show its value; the reference says what is always kept secret";
    return [{ path: at, message }];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => misplacedSecrets(item, schema, [...at, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => misplacedSecrets(part, schema, [...at, key]));
}

/** Keys that only an entry of a configuration has. */
const ownKeys: Partial<Record<Section, readonly string[]>> = {
  machines: [...compactKeys, ...repeatKeys],
  networks: ["guests", ...repeatKeys],
};

function withCompactKeys(name: Section, schema: z.ZodType, problem: Problem): Problem {
  const { path: at, ofKey } = problem;
  if (ofKey !== true || at.length !== 1) return problem;
  if (repeatKeys.some((key) => key === at[0]))
    return { ...problem, message: "is possible in the entry itself only, not in `defaults` or in an included file" };
  const allowed = [...(ownKeys[name] ?? []), ...keysAt(schema, [])];
  return { ...problem, message: `there is no such key; ${allowedKeys(String(at[0]), allowed)}` };
}

function refusal(document: LoadedDocument, slips: readonly Slip[], problems: readonly Problem[]): KvmError {
  const texts = [
    ...slips.map(({ path: at, message, at: place }) => document.frame(`${at}: ${message}`, place)),
    ...problems.map((problem) => textOf(document, problem)),
  ];
  // What several machines have from one place is wrong there once.
  const unique = [...new Set(texts)];
  const count = unique.length === 1 ? "one error" : `${unique.length} errors`;
  return new KvmError("invalid-input", `${count} in the configuration ${document.file}\n\n${unique.join("\n\n")}`);
}

function textOf(document: LoadedDocument, { path: at, message, ofKey, isSecret }: Problem): string {
  const place = positionIn(document.root, at, ofKey === true ? "key" : "value");
  const text = at.length === 0 ? message : `${propertyAt(document.root, at)}: ${message}`;
  return isSecret === true ? `${formatPosition(place)}: ${text}` : document.frame(text, place);
}

function eachValue(entries: Readonly<Record<string, Entry>>, change: (entry: Entry) => Entry): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, change(entry)]));
}
