import type { z } from "zod";
import { formatPosition } from "../format/yaml/frame";
import type { LoadedDocument } from "../format/yaml/load";
import { isLocatedList, type Located, StackSecret } from "../format/yaml/located";
import { renderYaml } from "../format/yaml/render";
import { isSecretAt } from "../resource/issues";
import { expand } from "./compact/expand";
import { type Section, sections } from "./references";

const order: readonly string[] = ["connection", ...sections, "data"];

const hidden = "[hidden]";

/** Can be read as nothing else than a text, and as no part of a list or map. */
const bareText = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w./-]*$/i;

/** An expanded configuration as YAML, each value with its origin as a comment. */
export function shown(document: LoadedDocument, schemas: Readonly<Record<Section, z.ZodType>>): string {
  const { root } = expand(document.root);
  const inOrder = [...root.children].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
  return linesOf({ ...root, children: new Map(inOrder) }, "", [], (path) => isHidden(path, schemas)).join("\n");
}

type IsHidden = (path: readonly string[]) => boolean;

function isHidden(
  [section = "", , ...path]: readonly string[],
  schemas: Readonly<Record<Section, z.ZodType>>,
): boolean {
  if (section === "data") return true;
  const schema = sections.find((name) => name === section);
  return schema !== undefined && path.length > 0 && isSecretAt(schemas[schema], path);
}

function linesOf(node: Located, indent: string, path: readonly string[], hides: IsHidden): string[] {
  const isList = isLocatedList(node);
  return [...node.children].flatMap(([key, child]) => {
    const head = isList ? "-" : `${textOf(key)}:`;
    const inner = [...path, key];
    if (!isOpen(child.node))
      return [`${indent}${head} ${valueOf(child.node, inner, hides)}  # ${originOf(child.node)}`];
    const lines = linesOf(child.node, `${indent}  `, inner, hides);
    if (!isList) return [`${indent}${head}`, ...lines];
    return [`${indent}- ${(lines[0] ?? "").trimStart()}`, ...lines.slice(1)];
  });
}

/** Whether its parts have lines of their own. */
function isOpen(node: Located): boolean {
  return node.children.size > 0;
}

function valueOf({ value }: Located, path: readonly string[], hides: IsHidden): string {
  if (value instanceof StackSecret) return `!secret ${textOf(value.name)}`;
  if (hides(path)) return renderYaml(hidden);
  return typeof value === "string" ? textOf(value) : renderYaml(value);
}

function textOf(text: string): string {
  return bareText.test(text) ? text : renderYaml(text);
}

function originOf({ at, origin }: Located): string {
  const place = formatPosition(at);
  const reason = origin?.reason === "default" ? `default of ${origin.path}` : origin?.reason;
  // Keys and names of files may contain what ends a line.
  return (reason === undefined ? place : `${reason}, ${place}`).replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ");
}
