import { type Located, isLocatedMap, locatedLeaf, StackSecret } from "./located";
import type { Position } from "./frame";
import { limits } from "./limits";

/** The values that `${NAME}` means in a file included with `with`, or in an entry with `for` or `count`. */
export type Scope = ReadonlyMap<string, Located>;

export const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A use of a parameter, or of two dollar characters in place of one. */
const use = /\$(\$?)\{([^{}]*)(\}?)/g;

/** `NAME`, `NAME.KEY` or `NAME+NUMBER`. */
const expression = /^\s*([A-Za-z_]\w*)((?:\.[\w-]+)*)\s*(?:([+-])\s*(\d{1,9}))?\s*$/;

export function hasParameters(text: string): boolean {
  return text.includes("${");
}

/**
 * A text with its parameters replaced. A text that is nothing else than one parameter is the parameter's own value, such as a
 * number or a list. @throws Error that says what is wrong
 */
export function replaced(text: string, scope: Scope, at: Position): Located {
  if (!hasParameters(text)) return locatedLeaf(text, at);
  const [whole, isKept, inner = "", end] = new RegExp(use.source).exec(text) ?? [];
  if (whole === text && isKept === "" && end !== "") return { ...valueOf(inner, scope), at };
  const result = text.replace(use, (_all, kept: string, name: string, close: string) =>
    kept === "$" ? `\${${name}${close}` : textOf(name, close, scope),
  );
  if (result.length > limits.characters)
    throw new Error(`the text becomes longer than ${limits.characters} characters by its parameters`);
  return locatedLeaf(result, at);
}

function textOf(inner: string, close: string, scope: Scope): string {
  if (close === "") throw new Error(`the text has a \${ without its }. ${howToKeep(`\${${inner}`)}`);
  const { value } = valueOf(inner, scope);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return String(value);
  const what = value instanceof StackSecret ? "a secret, which can be a value only as a whole" : "no text or number";
  throw new Error(`\${${inner}} is ${what}`);
}

function valueOf(inner: string, scope: Scope): Located {
  const [, name = "", path = "", operator, number] = expression.exec(inner) ?? [];
  const parameter = scope.get(name);
  if (parameter === undefined) {
    const names = [...scope.keys()].map((each) => `\${${each}}`).join(", ");
    throw new Error(`\${${inner}} is not a parameter here; there are ${names}. ${howToKeep(`\${${inner}}`)}`);
  }
  const value = path
    .split(".")
    .slice(1)
    .reduce<Located>((node, key) => partOf(node, key, inner), parameter);
  return operator === undefined ? value : shifted(value, Number(`${operator}${number ?? ""}`), inner);
}

function partOf(node: Located, key: string, inner: string): Located {
  const part = isLocatedMap(node) ? node.children.get(key)?.node : undefined;
  if (part === undefined) throw new Error(`\${${inner}} does not exist: there is no key "${key}"`);
  return part;
}

function shifted(node: Located, by: number, inner: string): Located {
  const number = typeof node.value === "number" || /^\d{1,9}$/.test(String(node.value)) ? Number(node.value) : NaN;
  if (!Number.isSafeInteger(number) || !Number.isSafeInteger(number + by))
    throw new Error(`\${${inner}} adds to what is not a whole number`);
  return { ...node, value: number + by };
}

function howToKeep(text: string): string {
  return `Write $${text} for a text that keeps its \${`;
}
