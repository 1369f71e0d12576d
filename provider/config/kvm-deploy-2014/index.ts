import type { Dialect, LoadedDocument } from "../../format/yaml/load";
import { loadDocument } from "../../format/yaml/load";
import type { ReadText } from "../../format/yaml/include";
import type { Position } from "../../format/yaml/frame";
import { type Located, locatedLeaf, locatedList, locatedMap } from "../../format/yaml/located";
import { pythonText } from "../../format/yaml/python-scalars";
import { formatPath } from "../../resource/check";
import { problemsOf } from "../../resource/issues";
import { KvmError } from "../../values/errors";
import { noteHabits } from "./commands";
import { installerOf, type Preseed } from "./installer";
import { machineOf } from "./machine";
import { type Old, shape } from "./shape";
import { type Path, type Remark, type Tree, treeOf } from "./tree";

export { isOf2014 } from "./shape";

/** A configuration of kvm-deploy 2014 in the new form. */
export interface Translation {
  /** The new form, with the places of its values in the old one. */
  readonly document: LoadedDocument;
  readonly preseed: Preseed | undefined;
  /** The place of a value in the old configuration. */
  readonly placeOf: (path: Path) => Position;
  /** What can't be carried over. */
  readonly lost: readonly Remark[];
  /** What means nothing any more, or something else. */
  readonly notes: readonly Remark[];
}

/** Scalars are the texts that templates got. */
const python: Dialect = {
  schema: "failsafe",
  tags: ["!include"],
  valueOf: ({ value, isPlain }) => (isPlain ? pythonText(String(value)) : value),
};

/** @throws KvmError with the place of the error */
export function translated(file: string, read: ReadText): Translation {
  const document = loadDocument(file, { read, dialect: python });
  const tree = treeOf(document, read);
  const old = shapeOf(tree);
  const { key, sections, origins } = machineOf(tree, old);
  const installer = installerOf(tree, old, key);
  noteHabits(tree);
  const { networks, pools, volumes, machines } = sections;
  const value = { networks, pools, volumes, installers: { [key]: installer.inputs }, machines };
  const { lost, notes } = tree;
  const positionOf = positionsIn(document, [...origins, ...installer.origins]);
  return {
    document: { ...document, value, positionOf, root: locatedBy(positionOf, value) },
    preseed: installer.preseed,
    placeOf: (path) => document.positionOf(path),
    lost,
    notes,
  };
}

/** For a configuration that is loaded. @throws KvmError with everything that can't be carried over */
export function requireAll({ document, lost }: Translation): LoadedDocument {
  if (lost.length === 0) return document;
  const count = lost.length === 1 ? "one error" : `${lost.length} errors`;
  const texts = lost.map(({ framed, message }) => framed ?? message);
  throw new KvmError(
    "invalid-input",
    `${count} in the configuration ${document.file} of kvm-deploy 2014\n\n${texts.join("\n\n")}`,
  );
}

function shapeOf({ document }: Tree): Old {
  const parsed = shape.safeParse(document.value);
  if (parsed.success) return parsed.data;
  const texts = problemsOf(shape, parsed.error.issues).map(({ path, message }) =>
    document.frame(`${formatPath(path)}: ${message}`, document.positionOf(path)),
  );
  const count = texts.length === 1 ? "one error" : `${texts.length} errors`;
  throw new KvmError(
    "invalid-input",
    `${count} in the configuration ${document.file} of kvm-deploy 2014\n\n${texts.join("\n\n")}`,
  );
}

function locatedBy(positionOf: LoadedDocument["positionOf"], value: unknown, path: Path = []): Located {
  const at = positionOf(path);
  if (typeof value !== "object" || value === null) return locatedLeaf(value, at);
  if (Array.isArray(value))
    return locatedList(
      value.map((item: unknown, index) => locatedBy(positionOf, item, [...path, index])),
      at,
    );
  const children = Object.entries(value).map(([key, part]) => {
    const inner = [...path, key];
    return [key, { keyAt: positionOf(inner, "key"), node: locatedBy(positionOf, part, inner) }] as const;
  });
  return locatedMap(new Map(children), at);
}

/** The place of a new value is that of the old value from which it, or what is around it, comes. */
function positionsIn(
  document: LoadedDocument,
  origins: readonly (readonly [to: Path, from: Path])[],
): LoadedDocument["positionOf"] {
  return (path, part) => {
    const around = origins.filter(([to]) => to.every((key, index) => key === path[index]));
    const [to, from] = around.sort(([one], [other]) => other.length - one.length)[0] ?? [[], []];
    return document.positionOf([...from, ...path.slice(to.length)], part);
  };
}
