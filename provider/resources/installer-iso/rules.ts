import type { z } from "zod";

interface Candidate {
  readonly source: { readonly path?: string | undefined; readonly url?: string | undefined };
  readonly debian?: unknown;
  readonly template?: string | undefined;
}

/** What no single input can say of itself. */
export function installerIsoRules(inputs: Candidate, context: z.core.$RefinementCtx): void {
  const { path, url } = inputs.source;
  const report = (at: string, message: string) =>
    context.addIssue({ code: "custom", path: [at], message, input: inputs });
  if ((path === undefined) === (url === undefined)) report("source", "must have either `path` or `url`");
  if (inputs.debian === undefined && inputs.template === undefined) {
    report("debian", "is missing: give the family's options ({} is enough) or a `template`");
  }
}
