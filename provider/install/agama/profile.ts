import { z } from "zod";
import type { RenderedText } from "../../format/template";
import { parseYaml } from "../../format/yaml/load";
import { formatPath } from "../../resource/check";
import { problemsOf } from "../../resource/issues";
import { KvmError, messageOf } from "../../values/errors";
import { misspelt } from "../shared/misspelt";
import { folder } from "./hand-over";

const map = z.looseObject({});
const scripts = z.looseObject({ post: z.array(z.looseObject({ name: z.string() })).optional() });

/** The form of what the hand-over and the installation need. */
const profile = z
  .looseObject({
    product: z.looseObject({ id: z.string().min(1, { error: "is empty; name the product" }) }),
    root: map.optional(),
    user: map.optional(),
    scripts: scripts.optional(),
  })
  .refine(({ root, user }) => root !== undefined || user !== undefined, {
    error: "has neither `root` nor `user`, and Agama would ask for one; add one of them",
  })
  .refine((own) => [undefined, "auto"].includes(policyOf(own)), {
    path: ["questions", "policy"],
    error: 'must be "auto", because an unattended installation answers no question',
  })
  .refine((own) => own["storage"] === undefined || own["legacyAutoyastStorage"] === undefined, {
    path: ["legacyAutoyastStorage"],
    error: "can't be given with `storage`; leave one of them out",
  });

/** The keys of Agama's releases so far. */
const keys: readonly string[] = [
  ...["$schema", "access", "bootloader", "dasd", "files", "hostname", "iscsi", "l10n", "legacyAutoyastStorage"],
  ...["localization", "network", "ntp", "product", "proxy", "questions", "root", "scripts", "security", "software"],
  ...["storage", "user", "zfcp"],
];

/**
 * The profile with the hand-over as the last of its scripts, so that a template needs no line for it.
 * @param template its path, for messages
 * @throws KvmError with the template's line
 */
export function withHandOver({ text, originOf }: RenderedText, template: string): string {
  const fail = (line: number, what: string) =>
    new KvmError("invalid-input", `${template}:${originOf(line)}: ${what}`, { property: "template" });
  if (isJsonnet(text, template)) throw fail(1, jsonnetReason);
  const json = parseJson(text, fail);
  const parsed = profile.safeParse(json.value);
  const slips = misspelt(Object.keys(parsed.data ?? {}), keys);
  const [problem] = [
    ...problemsOf(profile, parsed.error?.issues ?? []),
    ...slips.map(({ key, message }) => ({ path: [key], message })),
  ];
  if (problem !== undefined || !parsed.success) {
    const { path = [], message = "" } = problem ?? {};
    throw fail(
      json.positionOf(path).line,
      path.length === 0 ? `the profile ${message}` : `${formatPath(path)}: ${message}`,
    );
  }
  const own = parsed.data.scripts;
  const handOver = { name: "kvm-deploy", chroot: false, content: `#!/bin/sh\nexec sh ${folder}/finish\n` };
  const whole = {
    ...parsed.data,
    scripts: { ...own, post: [...(own?.post ?? []), handOver] },
  };
  const unattended =
    policyOf(whole) === undefined ? { ...whole, questions: { ...questionsOf(whole), policy: "auto" } } : whole;
  return `${JSON.stringify(unattended, null, 2)}\n`;
}

/** Not part of the form above, by whose order the profile is printed. */
function questionsOf(profile: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { questions } = profile;
  return typeof questions === "object" && questions !== null ? { ...questions } : {};
}

function policyOf(profile: Readonly<Record<string, unknown>>): string | undefined {
  const { policy } = questionsOf(profile);
  return policy === undefined ? undefined : JSON.stringify(policy).replaceAll('"', "");
}

const jsonnetReason =
  "is Jsonnet, and only JSON can be checked and completed; make the profile with `jsonnet FILE > profile.json`, and give that";

/** A profile that is a program: JSON has neither its words nor its comments and texts in single quotes. */
function isJsonnet(text: string, file: string): boolean {
  return (
    /\.(?:jsonnet|libsonnet)(?:\.hbs)?$/.test(file) ||
    /^\s*(?:\/\/|\/\*|#|local\s|\{\s*(?:\/\/|local\s|[A-Za-z_]\w*\s*:))/.test(text)
  );
}

/** JSON's own reader repeats the text in its messages, secrets and all; that of YAML reports the place. */
function parseJson(text: string, fail: (line: number, what: string) => KvmError) {
  const yaml = parseFlow(text, fail);
  try {
    JSON.parse(text);
  } catch (error) {
    throw fail(Number(/\(line (\d+)/.exec(messageOf(error))?.[1] ?? 1), "this is YAML, but no JSON");
  }
  return yaml;
}

function parseFlow(text: string, fail: (line: number, what: string) => KvmError) {
  try {
    return parseYaml(text, "answers");
  } catch (error) {
    const [, line = "1", what = ""] = /answers:(\d+):\d+: (.*)/.exec(messageOf(error)) ?? [];
    throw fail(Number(line), what);
  }
}
