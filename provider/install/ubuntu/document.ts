import { z } from "zod";
import type { RenderedText } from "../../format/template";
import { printedEntries, withItem } from "../../format/yaml/flow";
import { parseYaml } from "../../format/yaml/load";
import { renderYaml } from "../../format/yaml/render";
import { formatPath } from "../../resource/check";
import { problemsOf } from "../../resource/issues";
import { KvmError } from "../../values/errors";
import { misspelt } from "../shared/misspelt";
import { commands } from "./hand-over";

/** The installer's own reader takes more words for true and false. */
const flag = z.union([z.boolean(), z.enum(["yes", "no", "on", "off"])]);
const map = z.looseObject({});
const commandList = z.array(z.union([z.string(), z.array(z.string())]));

/** What the installer takes below `autoinstall`, as far as it is checked; releases differ in more. */
const autoinstall = z.looseObject({
  version: z.literal(1),
  "early-commands": commandList.optional(),
  "late-commands": commandList.optional(),
  "error-commands": commandList.optional(),
  shutdown: z.enum(["poweroff", "reboot"]).optional(),
  "interactive-sections": z
    .array(z.string())
    .length(0, { error: "must be empty: the installation is unattended" })
    .optional(),
  locale: z.string().optional(),
  "refresh-installer": z.looseObject({ update: flag.optional(), channel: z.string().optional() }).optional(),
  keyboard: z.looseObject({ layout: z.string(), variant: z.string().optional() }).optional(),
  source: z.looseObject({ id: z.string().optional(), search_drivers: flag.optional() }).optional(),
  network: map.nullable().optional(),
  proxy: z.string().nullable().optional(),
  apt: map.optional(),
  storage: map.optional(),
  identity: z
    .looseObject({ username: z.string(), hostname: z.string(), password: z.string(), realname: z.string().optional() })
    .optional(),
  "active-directory": map.optional(),
  "ubuntu-pro": map.optional(),
  ssh: z
    .looseObject({
      "install-server": flag.optional(),
      "allow-pw": flag.optional(),
      "authorized-keys": z.array(z.string()).optional(),
    })
    .optional(),
  codecs: map.optional(),
  drivers: z.looseObject({ install: flag.optional() }).optional(),
  oem: map.optional(),
  snaps: z.array(z.looseObject({ name: z.string() })).optional(),
  "debconf-selections": z.string().optional(),
  packages: z.array(z.string()).optional(),
  kernel: map.optional(),
  "kernel-crash-dumps": map.optional(),
  timezone: z.string().optional(),
  updates: z.enum(["security", "all"]).optional(),
  reporting: map.optional(),
  "user-data": map.optional(),
  zdevs: z.array(z.unknown()).optional(),
});

const document = z.looseObject({
  autoinstall: autoinstall.refine((own) => own.identity !== undefined || own["user-data"] !== undefined, {
    error: "has neither `identity` nor `user-data`, and the installer ends without an account; add one of them",
  }),
});

const header = "#cloud-config\n";

/**
 * The file with what the hand-over and the installation's end need, so that a user's own file needs no line for it: the
 * commands of kvm-deploy, and the power-off. A file that has them stays as it is.
 * @param template its path, for messages
 * @throws KvmError with the template's line
 */
export function withHandOver({ text, originOf }: RenderedText, template: string): string {
  const fail = (line: number, what: string) =>
    new KvmError("invalid-input", `${template}:${originOf(line)}: ${what}`, { property: "template" });
  const yaml = parseAnswers(text, fail);
  const isBare = isBareAutoinstall(yaml.value);
  const parsed = document.safeParse(isBare ? { autoinstall: yaml.value } : yaml.value);
  const problems = parsed.success ? slipsIn(parsed.data.autoinstall) : problemsOf(document, parsed.error.issues);
  const [problem] = problems;
  if (problem !== undefined || !parsed.success) {
    const { path = [], message = "" } = problem ?? {};
    const at = isBare ? path.slice(1) : path;
    throw fail(yaml.positionOf(at).line, `${at.length === 0 ? "it" : `${formatPath(at)}:`} ${message}`);
  }
  return isComplete(text, parsed.data.autoinstall) ? text : completed(text, isBare);
}

/** The form of autoinstall.yaml: all of its keys are the installer's. */
function isBareAutoinstall(value: unknown): boolean {
  return typeof value === "object" && value !== null && "version" in value && !("autoinstall" in value);
}

function isComplete(text: string, given: z.output<typeof autoinstall>): boolean {
  const runsAll = Object.entries(commands).every(([key, command]) =>
    given[key as keyof typeof commands]?.includes(command),
  );
  return runsAll && given.shutdown === "poweroff" && text.startsWith(header);
}

function completed(text: string, isBare: boolean): string {
  const own = printedEntries(text, ...(isBare ? [] : ["autoinstall"]));
  const whole = new Map([
    ...own,
    // The log is sent first, and the proof is written last.
    ...Object.entries(commands).map(([key, command]) => [key, withCommand(own.get(key), key, command)] as const),
    ["shutdown", "poweroff"] as const,
  ]);
  const others = isBare ? new Map<string, string>() : printedEntries(text);
  const outer = [...others]
    .filter(([key]) => key !== "autoinstall")
    .map(([key, value]) => `${renderYaml(key)}: ${value}\n`);
  const inner = [...whole].map(([key, value]) => `  ${renderYaml(key)}: ${value}\n`);
  return `${header}autoinstall:\n${inner.join("")}${outer.join("")}`;
}

function withCommand(list: string | undefined, key: string, command: string): string {
  if (list?.includes(renderYaml(command))) return list;
  return withItem(list, command, key === "late-commands" ? "last" : "first");
}

function parseAnswers(text: string, fail: (line: number, what: string) => KvmError) {
  try {
    return parseYaml(text, "answers");
  } catch (error) {
    const [, line = "1", what = ""] = /answers:(\d+):\d+: (.*)/.exec(error instanceof Error ? error.message : "") ?? [];
    throw fail(Number(line), what);
  }
}

/** The installer only warns of keys that it doesn't know, and installs without them. */
function slipsIn(given: object) {
  return misspelt(Object.keys(given), Object.keys(autoinstall.shape)).map(({ key, message }) => ({
    path: ["autoinstall", key],
    message,
  }));
}
