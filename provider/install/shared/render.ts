import { type Escaper, type RenderedText, renderTemplate, type StructuredFormat } from "../../format/template";
import { KvmError } from "../../values/errors";
import type { AnswersRequest, TemplatePair } from "../family";
import type { FamilyId } from "../index";
import { attributeTo } from "./attribute";
import { fillPlaceholders } from "../../format/placeholders";
import { isPlaceholderTable, placeholderValues } from "./placeholder-table";
import { isTakenAsItIs } from "./taken-as-is";
import { lineOfVariable, resolveTable } from "./table";

/**
 * Fills in the template of the answers. Table and template reach the shared options as `system`, the family's own by its
 * name, what the installer wants in another form as `derived`, and the user's data by their own names. A file whose name
 * doesn't end in .hbs is no template, but the answers themselves.
 * @throws KvmError of the input `template` or `table`, with file:line:column
 */
export function renderAnswers<Own>(
  family: FamilyId,
  { system, own, data, pair }: AnswersRequest<Own>,
  derived: Readonly<Record<string, unknown>>,
  format: Escaper | StructuredFormat,
): RenderedText {
  if (isTakenAsItIs(pair.template)) return taken(pair, { ...data, system, [family]: own });
  const configuration = { ...data, system, [family]: own };
  const variables = attributeTo("table", () => resolveTable(pair.table, { ...configuration, derived }));
  const context = { ...configuration, ...variables };
  const rendered = attributeTo("template", () => renderTemplate(pair.template, context, format));
  if (pair.table.isOwn) refuseUnused(pair, Object.keys(variables), rendered.variables);
  return rendered;
}

/** A file that is no template of Handlebars: the answers, in which a table of 2014 may fill in `%%NAME%%`. */
function taken({ template, table }: TemplatePair, configuration: Readonly<Record<string, unknown>>): RenderedText {
  if (table.isOwn && isPlaceholderTable(table)) {
    const values = attributeTo("table", () => placeholderValues(table, configuration));
    return attributeTo("template", () => fillPlaceholders(template, values));
  }
  if (table.isOwn) {
    throw new KvmError("invalid-input", `is of no use to ${template.path}, which is no template`, {
      property: "table",
      remedy: "Leave it out, or give a template whose name ends in .hbs",
    });
  }
  return { text: template.text, originOf: (line) => line, variables: new Set() };
}

/** A line of the user's that nothing uses is a slip of the pen, in it or in the template. */
function refuseUnused({ table, template }: TemplatePair, given: readonly string[], used: ReadonlySet<string>): void {
  const unused = given.find((name) => !used.has(name));
  if (unused === undefined) return;
  throw new KvmError(
    "invalid-input",
    `${table.path}:${lineOfVariable(table, unused)}: "${unused}" is used nowhere in ${template.path}`,
    { property: "table", remedy: "Take the line away, or correct the name in either file" },
  );
}
