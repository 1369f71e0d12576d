import path from "node:path";
import { z } from "zod";
import { formatPosition } from "../format/yaml/frame";
import type { LoadedDocument } from "../format/yaml/load";
import { formatPath } from "../resource/check";
import { isSecretAt, type Problem, problemsOf } from "../resource/issues";
import { KvmError } from "../values/errors";
import { own } from "../values/keys";
import * as scalar from "../values/scalars";
import { brokenReferences } from "./broken-references";
import { type Configuration, inputsOf } from "./configuration";
import { eachSection, type Entry, foreseen, replaceReferences, type Section, sections } from "./references";

/** The inputs of the resources of each section. */
export type InputSchemas = Readonly<Record<Section, z.ZodType>>;

const freeMap = z.record(z.string(), z.unknown());

/** A section or an entry that says nothing may be left empty. */
function emptyAsMap<Value>(value: Value | null | undefined): Value | Record<string, never> {
  return value ?? {};
}

const section = z.record(z.string(), freeMap.nullable().transform(emptyAsMap)).nullish().transform(emptyAsMap);

/** The file format: sections of resources by name. What an entry may say is told by its resource's own schema. */
const outline = z.strictObject({
  // Without its default: that one is the stack's or the environment's.
  connection: scalar.connection.unwrap().optional(),
  ...eachSection(() => section),
  data: freeMap.nullish().transform(emptyAsMap),
});

/**
 * Checks all of a configuration before anything is made of it.
 * @param exists whether a file that the configuration names is there
 * @throws one KvmError that lists everything that is wrong, each with its property and its place
 */
export function parseConfiguration(
  document: LoadedDocument,
  schemas: InputSchemas,
  exists: (file: string) => boolean,
): Configuration {
  const parsed = outline.safeParse(document.value ?? {});
  if (!parsed.success) throw refused(document, problemsOf(outline, parsed.error.issues));
  const installers = eachValue(parsed.data.installers, (entry) => withPaths(entry, path.dirname(document.file)));
  const configuration = { ...parsed.data, installers };
  const problems = sections.flatMap((name) => problemsOfSection(name, configuration, schemas[name], exists));
  if (problems.length > 0) throw refused(document, problems);
  return configuration;
}

function problemsOfSection(
  name: Section,
  configuration: Configuration,
  schema: z.ZodType,
  exists: (file: string) => boolean,
): readonly Problem[] {
  return Object.entries(configuration[name]).flatMap(([key, entry]) => {
    const broken = brokenReferences(name, entry, configuration);
    // The resource's own words about such a value would only confuse.
    const others = problemsOfInputs(name, inputsOf(key, entry, configuration), configuration, schema).filter(
      ({ path: at }) => !broken.some((problem) => formatPath(problem.path) === formatPath(at)),
    );
    const missing = name === "installers" ? missingFiles(entry, exists) : [];
    return [...broken, ...others, ...missing].map((problem) => ({
      ...problem,
      path: [name, key, ...problem.path],
      isSecret: isSecretAt(schema, problem.path),
    }));
  });
}

/** Checks an entry as its resource will, before the things that it refers to exist. */
function problemsOfInputs(name: Section, entry: Entry, configuration: Configuration, schema: z.ZodType) {
  const inputs = replaceReferences(name, entry, (reference, key) => {
    const target = own(configuration[reference.to], key);
    return target && foreseen(reference, target, key);
  });
  const parsed = schema.safeParse(inputs);
  return problemsOf(schema, parsed.error?.issues ?? []);
}

/** The inputs of an installer that name files on the machine where the program runs. */
const fileInputs = ["template", "table"] as const;

/** In the file such paths lead from its own folder, in a program from the program's. */
function withPaths(entry: Entry, folder: string): Entry {
  const paths = fileInputs.flatMap((key) => {
    const value = entry[key];
    return typeof value === "string" ? [[key, path.isAbsolute(value) ? value : path.join(folder, value)] as const] : [];
  });
  return { ...entry, ...Object.fromEntries(paths) };
}

function missingFiles(entry: Entry, exists: (file: string) => boolean): readonly Problem[] {
  return fileInputs.flatMap((input) => {
    const file = entry[input];
    if (typeof file !== "string" || exists(file)) return [];
    return [{ path: [input], message: `the file ${file} does not exist` }];
  });
}

function refused(document: LoadedDocument, problems: readonly Problem[]): KvmError {
  const texts = problems.map(({ path: at, message, ofKey, isSecret }) => {
    const place = document.positionOf(at, ofKey === true ? "key" : "value");
    const text = at.length === 0 ? message : `${formatPath(at)}: ${message}`;
    return isSecret === true ? `${formatPosition(place)}: ${text}` : document.frame(text, place);
  });
  const count = texts.length === 1 ? "one error" : `${texts.length} errors`;
  return new KvmError("invalid-input", `${count} in the configuration ${document.file}\n\n${texts.join("\n\n")}`);
}

function eachValue(entries: Readonly<Record<string, Entry>>, change: (entry: Entry) => Entry): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, change(entry)]));
}
