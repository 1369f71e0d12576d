import { z } from "zod";
import type { RenderedText } from "../../format/template";
import { parseYaml } from "../../format/yaml/load";
import { formatPath } from "../../resource/check";
import { problemsOf } from "../../resource/issues";
import { KvmError } from "../../values/errors";
import { misspelt } from "../shared/misspelt";
import { commands } from "./hand-over";

/** The installer's own reader takes more words for true and false. */
const flag = z.union([z.boolean(), z.enum(["yes", "no", "on", "off"])]);
const map = z.looseObject({});
const command = z.union([z.string(), z.array(z.string())]);

/** The installer runs what must be run by it. */
function including(key: keyof typeof commands) {
  const wanted = commands[key];
  const error = `must have "${wanted}" among them; kvm-deploy learns from it how the installation goes`;
  return z.array(command, { error }).refine((list) => list.includes(wanted), { error });
}

/** What the installer takes below `autoinstall`, as far as it is checked; releases differ in more. */
const autoinstall = z.looseObject({
  version: z.literal(1),
  "early-commands": including("early-commands"),
  "late-commands": including("late-commands"),
  "error-commands": including("error-commands"),
  shutdown: z
    .string()
    .refine((word) => word === "poweroff", { error: 'must be "poweroff": a reboot would start the installer again' }),
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

const document = z.looseObject({ autoinstall });

/**
 * Checks what the template made: the installer would find it out in an hour, or wait for ever.
 * @param template its path, for messages
 * @throws KvmError with the template's line
 */
export function requireDocument({ text, originOf }: RenderedText, template: string): void {
  const fail = (line: number, what: string) =>
    new KvmError("invalid-input", `${template}:${originOf(line)}: ${what}`, { property: "template" });
  if (!text.startsWith("#cloud-config\n")) {
    throw fail(1, 'must start with the line "#cloud-config", without which cloud-init ignores the file');
  }
  const yaml = parseAnswers(text, fail);
  const parsed = document.safeParse(yaml.value);
  const problems = parsed.success ? slipsIn(parsed.data.autoinstall) : problemsOf(document, parsed.error.issues);
  const [problem] = problems;
  if (problem === undefined) return;
  const key = problem.path.length === 0 ? "it" : `${formatPath(problem.path)}:`;
  throw fail(yaml.positionOf(problem.path).line, `${key} ${problem.message}`);
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
