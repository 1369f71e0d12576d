import { type Escaper, type RenderedText, renderTemplate } from "../../format/template";
import type { AnswersRequest, FamilyId } from "../family";
import { attributeTo } from "./attribute";
import { resolveTable } from "./table";

/**
 * Fills in the template of the answers. Table and template reach the shared options as `system`, the family's own by its
 * name, what the installer wants in another form as `derived`, and the user's data by their own names.
 * @throws KvmError of the input `template` or `table`, with file:line:column
 */
export function renderAnswers<Own>(
  family: FamilyId,
  { system, own, data, pair }: AnswersRequest<Own>,
  derived: Readonly<Record<string, unknown>>,
  escape: Escaper,
): RenderedText {
  const configuration = { ...data, system, [family]: own };
  const variables = attributeTo("table", () => resolveTable(pair.table, { ...configuration, derived }));
  const context = { ...configuration, ...variables };
  return { text: attributeTo("template", () => renderTemplate(pair.template, context, escape)) };
}
