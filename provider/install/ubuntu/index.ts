import { renderYaml } from "../../format/yaml/render";
import { type Answers, type AnswersRequest, defineFamily, type Family } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import { handOverFolder } from "../shared/hand-over";
import { isTakenAsItIs } from "../shared/taken-as-is";
import { renderAnswers } from "../shared/render";
import { problemOf, promptOf, quotesAnswers } from "./console";
import { derivedFrom } from "./derived";
import { detectUbuntu, probes, recognisedBy } from "./detect";
import { withHandOver } from "./document";
import { ubuntuHandOver } from "./hand-over";
import { limits, releaseLimits } from "./limits";
import { ubuntuMedia } from "./media";
import { needs } from "./needs";
import { type UbuntuOptions, ubuntuOptions } from "./schema";
import { review } from "./review";
import { stageOfLine } from "./stages";

/** Ubuntu Server's installer (subiquity) with an autoinstall file. */
export const ubuntu: Family = defineFamily<UbuntuOptions>({
  id: "ubuntu",
  options: ubuntuOptions,
  shipped: { template: "answers.yaml.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectUbuntu,
  media: ubuntuMedia,
  limits,
  releaseLimits,
  answers,
  needs,
  review,
  stageOf: stageOfLine,
  problemOf,
  promptOf,
  quotesAnswers,
});

const seed = `${handOverFolder}/nocloud`;
const unattended = ["autoinstall", `ds=nocloud;s=/cdrom/${seed}/`];

/** As cloud-init's data on the ISO: the one place that all releases since 20.04 look at. */
function answers(request: AnswersRequest<UbuntuOptions>): Answers {
  const { system, own, mark, pair } = request;
  const rendered = renderAnswers("ubuntu", request, derivedFrom(system, own), { structured: renderYaml });
  const document = withHandOver(rendered, pair.template.path);
  return {
    initrd: [],
    iso: [
      { path: `${seed}/user-data`, content: document, mode: 0o400 },
      { path: `${seed}/meta-data`, content: "instance-id: kvm-deploy\n", mode: 0o400 },
      ...ubuntuHandOver(system, mark, isTakenAsItIs(pair.template)),
    ],
    // What follows the dashes the installer hands on to the installed system.
    bootArguments: [...unattended, rebootAfterPanic, "---", ...withConsoles(system.kernelArguments)],
    rendered,
  };
}
