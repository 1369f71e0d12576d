import { escapePreseed } from "../../format/preseed";
import { type Answers, type AnswersRequest, defineFamily, type Family } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import { renderAnswers } from "../shared/render";
import { percentOf, problemOf, promptOf } from "./console";
import { derivedFrom } from "./derived";
import { detectDebian, probes, recognisedBy } from "./detect";
import { debianHandOver } from "./hand-over";
import { limits, releaseLimits } from "./limits";
import { debianMedia } from "./media";
import { needs } from "./needs";
import { type DebianOptions, debianOptions } from "./schema";
import { completed, review } from "./preseed";
import { stageOfLine } from "./stages";
import { validator } from "./validator";

/** Debian's installer with a preseed file. */
export const debian: Family = defineFamily<DebianOptions>({
  id: "debian",
  options: debianOptions,
  shipped: { template: "answers.preseed.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectDebian,
  media: debianMedia,
  limits,
  releaseLimits,
  answers,
  review,
  validator,
  needs,
  stageOf: stageOfLine,
  percentOf,
  problemOf,
  promptOf,
});

/** The preseed file lies in the initrd, where it is read before the first question. */
function answers(request: AnswersRequest<DebianOptions>): Answers {
  const { system, own, mark, pair } = request;
  const made = renderAnswers("debian", request, derivedFrom(system, own), escapePreseed);
  const rendered = { ...made, text: completed(made.text, pair, system) };
  return {
    initrd: [
      { path: "preseed.cfg", content: rendered.text, mode: 0o600 },
      ...debianHandOver(system, own, mark, pair.template.isOwn),
    ],
    iso: [],
    // What follows the dashes the installer hands on to the installed system.
    bootArguments: ["auto=true", "priority=critical", rebootAfterPanic, "---", ...withConsoles(system.kernelArguments)],
    rendered,
  };
}
