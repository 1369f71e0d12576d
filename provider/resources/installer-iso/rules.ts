import { type FamilyId, familyIds } from "../../install/index";
import { atMostOne, exactlyOne, rulesOf, within } from "../../resource/rules";

interface Candidate extends Partial<Readonly<Record<FamilyId, unknown>>> {
  readonly source: string | { readonly path?: string | undefined; readonly url?: string | undefined };
}

const oneSource = exactlyOne(["path", "url"], "must have either `path` or `url`");

/** Rules about several inputs together. */
export const installerIsoRules = rulesOf<Candidate>(
  within("source", (source, report, whole) => {
    if (typeof source !== "string") oneSource(source, report, whole);
  }),
  atMostOne(familyIds, (first) => `can't be given with \`${first}\`: an ISO is of one family`),
);
