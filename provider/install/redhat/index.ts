import { escapeKickstart } from "../../format/kickstart";
import { type Answers, type AnswersRequest, defineFamily, type Family } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import { saidByFile } from "../shared/own-file";
import { renderAnswers } from "../shared/render";
import { percentOf, problemOf, promptOf, quotesAnswers } from "./console";
import { derivedFrom } from "./derived";
import { detectRedhat, probes, recognisedBy } from "./detect";
import { handOverSections, redhatHandOver, sectionsWithoutTimeZone, startSection } from "./hand-over";
import { ending, review } from "./kickstart";
import { limits, releaseLimits } from "./limits";
import { redhatMedia } from "./media";
import { needs } from "./needs";
import { type RedhatOptions, redhatOptions } from "./schema";
import { stageOfLine } from "./stages";
import { validator } from "./validator";

/** Fedora, RHEL and what is built from it: Anaconda with a kickstart file. */
export const redhat: Family = defineFamily<RedhatOptions>({
  id: "redhat",
  options: redhatOptions,
  shipped: { template: "answers.kickstart.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectRedhat,
  media: redhatMedia,
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
  quotesAnswers,
});

const linesOfStart = startSection.split("\n").length - 1;

/** The kickstart file lies in the initrd, where nothing has to be mounted to read it. */
function answers(request: AnswersRequest<RedhatOptions>): Answers {
  const { system, own, mark, pair } = request;
  const says = saidByFile(pair.template, system);
  const made = renderAnswers("redhat", request, derivedFrom(system, own), escapeKickstart);
  const rendered = {
    ...made,
    text: `${startSection}${made.text}${says.timezone ? sectionsWithoutTimeZone : handOverSections}${ending(made.text)}`,
    originOf: (line: number) => made.originOf(Math.max(1, line - linesOfStart)),
  };
  return {
    initrd: [{ path: "ks.cfg", content: rendered.text, mode: 0o600 }],
    iso: redhatHandOver(system, mark, says),
    bootArguments: [...bootArguments, ...withConsoles(system.kernelArguments)],
    rendered,
  };
}

/**
 * In cmdline mode the installer asks nothing: what is missing is an error. A kernel that panics and an initrd that finds
 * no installer would stand still until the time limit. The kickstart file with its secrets is not kept.
 */
const bootArguments = [
  "inst.ks=file:/ks.cfg",
  "inst.cmdline",
  "inst.nosave=all_ks",
  rebootAfterPanic,
  "rd.shell=0",
  "rd.emergency=poweroff",
];
