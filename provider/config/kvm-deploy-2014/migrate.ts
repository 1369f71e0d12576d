import path from "node:path";
import { escapePreseed } from "../../format/preseed";
import { handlebarsOf } from "../../format/handlebars-text";
import { partsOf } from "../../format/placeholders";
import { type LoadedDocument, loadDocument } from "../../format/yaml/load";
import { printYaml } from "../../format/yaml/print";
import { formatPosition } from "../../format/yaml/frame";
import type { ReadText } from "../../format/yaml/include";
import { KvmError, messageOf } from "../../values/errors";
import { mapAt } from "../references";
import { isOf2014, translated } from "./index";
import type { Preseed } from "./installer";
import { pathIn } from "./facts";
import type { Remark } from "./tree";

/** A configuration of 2014 as files of the new form. */
export interface Migration {
  /** The texts of the new files, by their paths below the new directory. */
  readonly files: Readonly<Record<string, string>>;
  /** What could not be carried over, with its place in the old tree. */
  readonly lost: readonly string[];
  /** What means nothing any more, or something else. */
  readonly notes: readonly string[];
}

/** The texts of the files in a directory, by their paths below it. @throws KvmError at the property */
export type ReadDirectory = (directory: string, property: string) => Readonly<Record<string, string>>;

/** @throws KvmError if the file is no configuration of 2014, or can't be read */
export function migrated(file: string, read: ReadText, readDirectory: ReadDirectory): Migration {
  const { document, preseed, lost, notes, placeOf } = translated(file, read);
  const name = path.basename(file).replace(/\.ya?ml$/, "");
  const answers = preseed === undefined ? undefined : answersOf(preseed);
  const value = withAnswers(
    document.value as Sections,
    answers && { template: `${templates(name)}.preseed.hbs`, table: `${templates(name)}.table.yaml` },
  );
  const salt = saltOf(document, readDirectory);
  const written = ({ position, message }: (typeof lost)[number]) => `${formatPosition(position)}: ${message}`;
  return {
    files: {
      [`${name}.yaml`]: printYaml(value, [`From ${path.basename(file)} of kvm-deploy 2014.`]),
      ...(answers === undefined
        ? {}
        : { [`${templates(name)}.preseed.hbs`]: answers.template, [`${templates(name)}.table.yaml`]: answers.table }),
      ...salt.files,
    },
    lost: [
      ...[...lost, ...salt.lost].map(written),
      ...(answers?.refused ?? []).map(({ at, message }) => `${formatPosition(placeOf(at))}: ${message}`),
    ],
    notes: notes.map(written),
  };
}

export function isOf2014File(file: string, read: ReadText): boolean {
  return isOf2014(loadDocument(file, { read }).value);
}

/** Salt's directories go with their configuration, under the same names. */
function saltOf(document: LoadedDocument, readDirectory: ReadDirectory) {
  const { file, value } = document;
  const files: Record<string, string> = {};
  const lost: Remark[] = [];
  for (const [key, entry] of Object.entries((value as Sections)["installers"] ?? {}))
    for (const part of ["config", "state"])
      mapAt(entry, ["system", "handOver", "salt", part], (given, at) => {
        const directory = String(given);
        try {
          if (directory.startsWith(".."))
            throw new KvmError("unsupported", "is not below the configuration's directory");
          for (const [name, text] of Object.entries(readDirectory(path.join(path.dirname(file), directory), part)))
            files[path.join(directory, name)] = text;
        } catch (error) {
          if (!(error instanceof KvmError)) throw error;
          lost.push({
            position: document.positionOf(["installers", key, ...at]),
            message: `salt: ${directory}: ${messageOf(error)}`,
          });
        }
      });
  return { files, lost };
}

function templates(name: string): string {
  return `templates/${name}`;
}

type Sections = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** The installer with its new files. */
function withAnswers(sections: Sections, files: { template: string; table: string } | undefined): object {
  const filled = Object.entries(sections).filter(([, entries]) => Object.keys(entries).length > 0);
  return Object.fromEntries(
    filled.map(([section, entries]) => {
      if (section !== "installers" || files === undefined) return [section, entries];
      return [
        section,
        Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, { ...entry, ...files }])),
      ];
    }),
  );
}

interface NewAnswers {
  readonly template: string;
  readonly table: string;
  /** The values that the new form refuses. */
  readonly refused: readonly { readonly at: ReturnType<typeof pathIn>; readonly message: string }[];
}

/** The template in Handlebars, and the lines of the table that it uses in YAML. */
function answersOf({ pair, paths, values }: Preseed): NewAnswers {
  const names = variableNames([...paths.keys()]);
  const used = new Set<string>();
  const parts = partsOf(pair.template, [...paths.keys()]).map((part) => {
    if ("text" in part) return part;
    used.add(part.variable);
    return { variable: names.get(part.variable) ?? part.variable };
  });
  const rows = [...paths].filter(([placeholder]) => used.has(placeholder));
  return {
    template: handlebarsOf(parts),
    table: printYaml(Object.fromEntries(rows.map(([placeholder, at]) => [names.get(placeholder), at]))),
    refused: rows.flatMap(([placeholder, at]) => {
      try {
        escapePreseed(values.get(placeholder) ?? "");
        return [];
      } catch (error) {
        return [{ at: pathIn(at), message: `the value of ${placeholder} ${messageOf(error)}` }];
      }
    }),
  };
}

/** Names that Handlebars takes for variables, each for one placeholder. */
function variableNames(placeholders: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const placeholder of placeholders) {
    const base = placeholder.slice(2, -2).replaceAll(/\W/g, "_");
    const name = /^(?:\d.*|join|eq|if|unless|each|with|this|true|false|null|undefined|else|as)$/.test(base)
      ? `v_${base}`
      : base;
    names.set(placeholder, freeName(name, new Set(names.values())));
  }
  return names;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}
