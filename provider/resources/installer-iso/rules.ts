import type { z } from "zod";
import { type FamilyId, familyIds } from "../../install/family";

interface Candidate extends Partial<Readonly<Record<FamilyId, unknown>>> {
  readonly source: string | { readonly path?: string | undefined; readonly url?: string | undefined };
}

/** What no single input can say of itself. */
export function installerIsoRules(inputs: Candidate, context: z.core.$RefinementCtx): void {
  const report = (at: string, message: string) =>
    context.addIssue({ code: "custom", path: [at], message, input: inputs });
  if (typeof inputs.source !== "string" && (inputs.source.path === undefined) === (inputs.source.url === undefined))
    report("source", "must have either `path` or `url`");
  const [first, ...others] = familyIds.filter((id) => inputs[id] !== undefined);
  for (const other of others) report(other, `can't be given with \`${first ?? ""}\`: an ISO is of one family`);
}
