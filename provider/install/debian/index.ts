import { renderTemplate } from "../../format/template";
import { escapePreseed } from "../../format/preseed";
import type { Answers, AnswersRequest, Family, HandOver } from "../family";
import { attributeTo } from "../shared/attribute";
import { publicHostKeys } from "../shared/host-keys";
import { resolveTable } from "../shared/table";
import { derivedFrom } from "./derived";
import { detectDebian, probes, recognisedBy } from "./detect";
import { handOverFiles } from "./hand-over";
import { debianMedia } from "./media";
import { type DebianOptions, debianOptions } from "./schema";
import { stageOfLine } from "./stages";

/** Debian's installer with a preseed file. */
export const debian: Family<DebianOptions> = {
  id: "debian",
  options: debianOptions,
  shipped: { template: "answers.preseed.hbs", table: "answers.table.yaml" },
  recognisedBy,
  probes,
  detect: detectDebian,
  media: debianMedia,
  answers,
  handOver,
  stageOf: stageOfLine,
};

/** The preseed file lies in the initrd, where it is read before the first question. */
function answers({ options, data, pair, mark }: AnswersRequest<DebianOptions>): Answers {
  const configuration = { ...data, debian: options };
  const derived = derivedFrom(options);
  const variables = attributeTo("table", () => resolveTable(pair.table, { ...configuration, derived }));
  const context = { ...configuration, ...variables };
  const preseed = attributeTo("template", () => renderTemplate(pair.template, context, escapePreseed));
  return {
    initrd: [{ path: "preseed.cfg", content: preseed, mode: 0o600 }, ...handOverFiles(options, mark)],
    bootArguments: bootArguments(options.kernelArguments),
  };
}

/** What follows the dashes the installer hands on to the installed system. */
/** A kernel that panics would stand still until the time limit; a reboot ends the installation, without its mark. */
const rebootAfterPanic = "panic=10";

function bootArguments(own: readonly string[]): string[] {
  const hasConsole = own.some((argument) => argument.startsWith("console="));
  return [
    "auto=true",
    "priority=critical",
    rebootAfterPanic,
    "---",
    ...(hasConsole ? [] : ["console=ttyS0,115200"]),
    ...own,
  ];
}

function handOver({ rootKeys, rootPassword, users, hostKeys }: DebianOptions): HandOver {
  const rootMay = rootKeys.length > 0 || rootPassword !== undefined;
  const user = users.find(({ keys, password }) => keys.length > 0 || password !== undefined);
  return { login: rootMay ? "root" : (user?.name ?? "root"), hostKeys: publicHostKeys(hostKeys) };
}
