import { escapeXmlLine } from "../../format/xml-text";
import { type AddedFile, type Answers, type AnswersRequest, defineFamily, type Family } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import type { NetworkInterface } from "../shared/network";
import { saidByFile } from "../shared/own-file";
import { renderAnswers } from "../shared/render";
import type { SystemOptions } from "../shared/system";
import { promptOf, quotesAnswers } from "./console";
import { derivedFrom } from "./derived";
import { detectSuse, probes, recognisedBy } from "./detect";
import { suseHandOver } from "./hand-over";
import { limits, needsNetwork, releaseLimits } from "./limits";
import { suseMedia } from "./media";
import { needs } from "./needs";
import { withHandOver } from "./profile";
import { review } from "./review";
import { type SuseOptions, suseOptions } from "./schema";
import { stageOfLine } from "./stages";

/** openSUSE Leap 15.3 and SLES 15 SP3, and later ones of 15: YaST with an AutoYaST profile. */
export const suse: Family = defineFamily<SuseOptions>({
  id: "suse",
  options: suseOptions,
  shipped: { template: "answers.autoyast.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectSuse,
  media: suseMedia,
  limits,
  releaseLimits,
  answers,
  needs,
  review,
  stageOf: stageOfLine,
  promptOf,
  quotesAnswers,
});

/** The profile lies in the initrd, where linuxrc and YaST read it without mounting anything. */
function answers(request: AnswersRequest<SuseOptions>): Answers {
  const { system, own, mark, pair } = request;
  const rendered = renderAnswers("suse", request, derivedFrom(system, own), escapeXmlLine);
  const profile = withHandOver(rendered, pair.template.path);
  return {
    initrd: [
      { path: "autoinst.xml", content: profile, mode: 0o600 },
      ...linuxrcFiles(system),
      ...suseHandOver(system, mark, saidByFile(pair.template, system)),
    ],
    iso: [],
    bootArguments: [
      "autoyast=file:///autoinst.xml",
      "textmode=1",
      rebootAfterPanic,
      ...networkArguments(system, own),
      ...withConsoles(system.kernelArguments),
    ],
    rendered,
  };
}

/**
 * The profile's proxy is that of the new system; the installer's own comes by linuxrc. Its login is kept out of the boot
 * arguments, which anyone may read.
 */
function linuxrcFiles({ proxy }: SystemOptions): AddedFile[] {
  if (proxy === undefined) return [];
  return [{ path: "etc/linuxrc.d/90_kvm-deploy", content: `proxy: ${new URL(proxy).href}\n`, mode: 0o600 }];
}

/** Of a card that is named by its MAC address linuxrc doesn't know the name yet. */
function networkArguments(system: SystemOptions, own: SuseOptions): string[] {
  if (!needsNetwork(system, own)) return [];
  const [first] = system.network?.interfaces ?? [];
  return [`ifcfg=${first?.mac ?? first?.name ?? "*"}=${addressParts(first).join(",").replace(/,+$/, "")}`];
}

function addressParts(first: NetworkInterface | undefined): string[] {
  const [address] = first?.addresses ?? [];
  if (first === undefined || address === undefined) return ["dhcp"];
  const router = address.includes(":") ? first.gateway6 : first.gateway;
  return [address, router ?? "", first.dns.join(" ")];
}
