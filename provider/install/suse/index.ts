import { escapeXml } from "../../format/xml-text";
import { type AddedFile, type Answers, type AnswersRequest, defineFamily } from "../family";
import { rebootAfterPanic, withConsoles } from "../shared/boot-arguments";
import type { NetworkInterface } from "../shared/network";
import { renderAnswers } from "../shared/render";
import type { SystemOptions } from "../shared/system";
import { derivedFrom } from "./derived";
import { detectSuse, probes, recognisedBy } from "./detect";
import { suseHandOver } from "./hand-over";
import { limits } from "./limits";
import { suseMedia } from "./media";
import { requireProfile } from "./profile";
import { type SuseOptions, suseOptions } from "./schema";
import { stageOfLine } from "./stages";

/** openSUSE Leap 15.3 and SLES 15 SP3, and later ones of 15: YaST with an AutoYaST profile. */
export const suse = defineFamily<SuseOptions>({
  id: "suse",
  options: suseOptions,
  shipped: { template: "answers.autoyast.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectSuse,
  media: suseMedia,
  limits,
  answers,
  stageOf: stageOfLine,
});

/** The profile lies in the initrd, where linuxrc and YaST read it without mounting anything. */
function answers(request: AnswersRequest<SuseOptions>): Answers {
  const { system, own, mark, pair } = request;
  const rendered = renderAnswers("suse", request, derivedFrom(system, own), escapeXml);
  requireProfile(rendered, pair.template.path);
  return {
    initrd: [
      { path: "autoinst.xml", content: rendered.text, mode: 0o600 },
      ...linuxrcFiles(system),
      ...suseHandOver(system, mark),
    ],
    iso: [],
    bootArguments: [
      "autoyast=file:///autoinst.xml",
      "textmode=1",
      rebootAfterPanic,
      ...networkArguments(system.network?.interfaces[0], own),
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

/** From the ISO alone the installer needs no network. */
function networkArguments(first: NetworkInterface | undefined, { registration, repositories }: SuseOptions): string[] {
  if (registration === undefined && repositories.length === 0) return [];
  const [address] = first?.addresses ?? [];
  const parts = address === undefined ? ["dhcp"] : [address, first?.gateway ?? "", first?.dns.join(" ") ?? ""];
  return [`ifcfg=${first?.name ?? "*"}=${parts.join(",").replace(/,+$/, "")}`];
}
