import Handlebars from "handlebars";
import { KvmError, messageOf } from "../values/errors";
import { marked, withoutMarks } from "./line-marks";
import { bare, join, textOf } from "./template-values";

/** Escapes a value for a format. @throws Error that says what the value may not contain, without the value */
export type Escaper = (value: string) => string;

/** For a format with lists and maps: every printed value becomes a value of the format. */
export interface StructuredFormat {
  readonly structured: (value: unknown) => string;
}

export interface Template {
  /** For messages. */
  readonly path: string;
  readonly text: string;
}

/** The text of a template. */
export interface RenderedText {
  readonly text: string;
  /** The line of the template from which a line of the text comes; both count from 1. */
  readonly originOf: (line: number) => number;
  /** The variables that the template uses. */
  readonly variables: ReadonlySet<string>;
}

type Statement = hbs.AST.MustacheStatement | hbs.AST.BlockStatement | hbs.AST.SubExpression;

const blocks: ReadonlySet<string> = new Set(["if", "unless", "each", "with"]);
const functions: ReadonlySet<string> = new Set(["join", "eq"]);
/** The helper to which every printed expression is converted; no template can name it. */
const print = "print value";

/**
 * Renders a Handlebars template. The escaper gets every printed value, an unknown variable is an error, and only the
 * data's own keys can be read.
 * @throws KvmError with file:line:column
 */
export function renderTemplate(
  template: Template,
  data: Readonly<Record<string, unknown>>,
  format: Escaper | StructuredFormat,
): RenderedText {
  const source = sourceOf(template);
  try {
    const ast = parse(template);
    const variables = new Set<string>();
    visitorOf(source, variables).accept(ast);
    const helpers = helpersOf(source, printerOf(format));
    const knownHelpers = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]));
    const compiled = Handlebars.create().compile(ast, {
      noEscape: true,
      knownHelpers,
      knownHelpersOnly: true,
    });
    return { ...withoutMarks(compiled(bare(data), { helpers })), variables };
  } catch (error) {
    throw error instanceof KvmError ? error : source.fail(undefined, messageOf(error));
  }
}

function printerOf(format: Escaper | StructuredFormat): (value: unknown) => string {
  return typeof format === "function" ? (value) => format(textOf(value)) : format.structured;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Source {
  readonly fail: (place: Place | undefined, what: string) => KvmError;
  /** Remembers how the parameters of a statement are written, for messages about unknown ones. */
  readonly remember: (node: Statement) => void;
  readonly written: (helper: string, place: Place, index: number) => string;
}

function sourceOf({ path }: Template): Source {
  const parameters = new Map<string, readonly string[]>();
  // `{{join x}}` is printed: two calls that start at one place.
  const keyOf = (helper: string, { line, column }: Place) => `${helper} ${line}:${column}`;
  return {
    fail: (place, what) => {
      // Handlebars counts columns from 0.
      const where = place === undefined ? path : `${path}:${place.line}:${place.column + 1}`;
      return new KvmError("invalid-input", `${where}: ${what}`);
    },
    remember: (node) => {
      const texts = node.params.map((param) =>
        param.type === "PathExpression" ? (param as hbs.AST.PathExpression).original : "…",
      );
      parameters.set(keyOf(nameOf(node.path), node.loc.start), texts);
    },
    written: (helper, place, index) => parameters.get(keyOf(helper, place))?.[index] ?? "…",
  };
}

/** A new tree for each call, because it is changed below. */
function parse({ text, path }: Template): hbs.AST.Program {
  if (text.includes("\0"))
    throw new KvmError("invalid-input", `${path}: contains a NUL character, so it is not a text`);
  try {
    return Handlebars.parse(text);
  } catch (error) {
    // Handlebars' own message has a picture of the line; the line number and the last sentence are enough.
    const [, line = "1"] = /^Parse error on line (\d+)/.exec(messageOf(error)) ?? [];
    const reason = messageOf(error).split("\n").at(-1) ?? "";
    throw new KvmError("invalid-input", `${path}:${line}: ${reason}`, {
      remedy:
        "Correct the template's {{…}}; write \\{{ for braces that are to stay, or give a file whose name doesn't end in .hbs",
      cause: error,
    });
  }
}

/** Refuses expressions that bypass the escaper, and converts each `{{value}}` to a call of the printing helper. */
function visitorOf(source: Source, variables: Set<string>): Handlebars.Visitor {
  const refuse = (node: hbs.AST.Node, what: string) => {
    throw source.fail(node.loc.start, what);
  };
  class Preparation extends Handlebars.Visitor {
    override MustacheStatement(node: hbs.AST.MustacheStatement): void {
      if (!node.escaped)
        refuse(node, "{{{…}}} and {{&…}} are not possible, because every value is escaped for the format; write {{…}}");
      const isCall = node.params.length > 0 || functions.has(nameOf(node.path));
      const value = isCall ? { ...node, type: "SubExpression" as const } : node.path;
      if (isCall) this.SubExpression(value as hbs.AST.SubExpression);
      else this.accept(value);
      node.params = [value];
      node.path = pathTo(print, node.loc);
      source.remember(node);
    }
    override SubExpression(node: hbs.AST.SubExpression): void {
      if (!functions.has(nameOf(node.path))) refuse(node, unknownHelper(nameOf(node.path)));
      source.remember(node);
      super.SubExpression(node);
    }
    override BlockStatement(node: hbs.AST.BlockStatement): void {
      if (!blocks.has(nameOf(node.path))) refuse(node, unknownHelper(nameOf(node.path)));
      source.remember(node);
      super.BlockStatement(node);
    }
    override PathExpression(node: hbs.AST.PathExpression): void {
      const [first] = node.parts;
      if (!node.data && typeof first === "string") variables.add(first);
    }
    override ContentStatement(node: hbs.AST.ContentStatement): void {
      // The original is a text, although its type allows more.
      const original = node.original as unknown as string;
      node.value = marked({ value: node.value, original, line: node.loc.start.line });
    }
    override PartialStatement(node: hbs.AST.PartialStatement): void {
      refuse(node, "{{>…}} is not possible; a template is one file");
    }
    override Decorator(node: hbs.AST.Decorator): void {
      refuse(node, "{{*…}} is not possible");
    }
    override DecoratorBlock(node: hbs.AST.DecoratorBlock): void {
      refuse(node, "{{#*…}} is not possible");
    }
    override PartialBlockStatement(node: hbs.AST.PartialBlockStatement): void {
      refuse(node, "{{#>…}} is not possible; a template is one file");
    }
  }
  return new Preparation();
}

function nameOf(path: hbs.AST.Expression): string {
  return (path as hbs.AST.PathExpression).original;
}

function unknownHelper(name: string): string {
  return `"${name}" is not a helper; the helpers are ${[...blocks].map((block) => `#${block}`).join(", ")}, ${[...functions].join(" and ")}`;
}

function pathTo(name: string, loc: hbs.AST.SourceLocation): hbs.AST.PathExpression {
  return { type: "PathExpression", data: false, depth: 0, parts: [name], original: name, loc };
}

type Helper = (this: unknown, ...args: unknown[]) => unknown;

/** The helpers of templates; each refuses an unknown variable. */
function helpersOf(source: Source, printed: (value: unknown) => string): Record<string, Handlebars.HelperDelegate> {
  const known = (name: string, helper: Helper): Handlebars.HelperDelegate =>
    function (this: unknown, ...args: unknown[]) {
      const { loc } = args.at(-1) as { loc: hbs.AST.SourceLocation };
      const unknown = args.findIndex((value) => value === undefined);
      if (unknown >= 0) throw source.fail(loc.start, unknownVariable(source.written(name, loc.start, unknown), this));
      try {
        return helper.apply(this, args);
      } catch (error) {
        if (error instanceof KvmError) throw error;
        throw source.fail(loc.start, `${source.written(name, loc.start, 0)}: ${messageOf(error)}`);
      }
    };
  const builtIn = [...blocks].map((name) => [name, Handlebars.helpers[name] as Helper] as const);
  const own: [string, Helper][] = [
    [print, printed],
    ["join", (list: unknown, separator: unknown) => join(list, separator)],
    ["eq", (one: unknown, other: unknown) => one === other],
  ];
  return Object.fromEntries([...builtIn, ...own].map(([name, helper]) => [name, known(name, helper)]));
}

function unknownVariable(name: string, context: unknown): string {
  const known = typeof context === "object" && context !== null ? Object.keys(context).sort() : [];
  return `unknown variable "${name}"; ${known.length === 0 ? "none is known here" : `known here: ${known.join(", ")}`}`;
}
