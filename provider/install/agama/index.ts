import { renderYaml } from "../../format/yaml/render";
import { type Answers, type AnswersRequest, defineFamily, type Family } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import { handOverFolder } from "../shared/hand-over";
import { saidByFile } from "../shared/own-file";
import { renderAnswers } from "../shared/render";
import { promptOf } from "./console";
import { derivedFrom } from "./derived";
import { detectAgama, probes, recognisedBy } from "./detect";
import { agamaHandOver, folder } from "./hand-over";
import { limits, releaseLimits } from "./limits";
import { agamaMedia } from "./media";
import { withHandOver } from "./profile";
import { needs } from "./needs";
import { type AgamaOptions, agamaOptions } from "./schema";
import { review } from "./review";
import { stageOfLine } from "./stages";

/** Leap 16, SLES 16 and Tumbleweed: Agama with a profile. */
export const agama: Family = defineFamily<AgamaOptions>({
  id: "agama",
  options: agamaOptions,
  shipped: { template: "answers.json.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectAgama,
  media: agamaMedia,
  limits,
  releaseLimits,
  answers,
  needs,
  review,
  stageOf: stageOfLine,
  promptOf,
});

/** The profile lies on the ISO: of the initrd nothing is left when the live system has started. */
function answers(request: AnswersRequest<AgamaOptions>): Answers {
  const { system, own, mark, pair } = request;
  // What YAML takes on one line is JSON.
  const rendered = renderAnswers("agama", request, derivedFrom(system, own), { structured: renderYaml });
  const profile = withHandOver(rendered, pair.template.path);
  return {
    initrd: [],
    iso: [
      { path: `${handOverFolder}/profile.json`, content: profile, mode: 0o400 },
      ...agamaHandOver(system, mark, saidByFile(pair.template, system)),
    ],
    bootArguments: [
      `inst.script=file://${folder}/start`,
      `inst.auto=file://${folder}/profile.json`,
      "inst.finish=poweroff",
      "systemd.unit=multi-user.target",
      rebootAfterPanic,
      ...withConsoles(system.kernelArguments),
    ],
    rendered,
  };
}
