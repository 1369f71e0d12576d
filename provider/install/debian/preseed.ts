import { parsePreseed, type PreseedAnswer } from "../../format/preseed";
import type { Finding, OwnAnswers, TemplatePair } from "../family";
import type { SystemOptions } from "../shared/system";
import { slipsInRecipe } from "./slips";

/** What runs the hand-over's script before the partitioning. */
export const partitioningHook = "sh /kvm-deploy/before-partitioning";

const hookQuestion = "partman/early_command";

/**
 * The answers with those that a user's own file leaves open and that the installer would wait for at its end. After a halt the
 * machine would still run; a reboot ends its installation as a power-off does.
 */
export function completed(text: string, { template }: TemplatePair, system: SystemOptions): string {
  if (!template.isOwn) return text;
  const answers = valuesOf(parsePreseed(text));
  const missing = [
    ...(answers.has("finish-install/reboot_in_progress") ? [] : ["d-i finish-install/reboot_in_progress note"]),
    ...["halt", "always_halt"]
      .map((end) => `debian-installer/exit/${end}`)
      .filter((question) => answers.get(question) === "true")
      .map((question) => `d-i ${question} boolean false`),
    ...(system.scripts.before.length === 0 || answers.has(hookQuestion)
      ? []
      : [`d-i ${hookQuestion} string ${partitioningHook}`]),
  ];
  if (missing.length === 0) return text;
  return `${text.replace(/\n*$/, "\n")}\n# What kvm-deploy adds, so that the installation ends.\n${missing.join("\n")}\n`;
}

/** The value of each question; the last one counts. */
function valuesOf(answers: readonly PreseedAnswer[]): ReadonlyMap<string, string> {
  return new Map(answers.map(({ question, value }) => [question, value]));
}

/** What Debian's installer would wait for, or misread, in a preseed file. */
export function review({ rendered: { text }, system }: OwnAnswers): Finding[] {
  const broken = unreadable(text);
  if (broken.length > 0) return broken;
  const answers = parsePreseed(text);
  const last = (question: string) => answers.findLast((answer) => answer.question === question);
  return [
    ...(last(hookQuestion)?.value.includes(partitioningHook) === false && system.scripts.before.length > 0
      ? [finding(last(hookQuestion), `must run \`${partitioningHook}\`, too, which runs \`system.scripts.before\``)]
      : []),
    ...recipeFindings(
      last("partman-auto/expert_recipe"),
      last("partman-auto/method")?.value,
      last("partman-auto-lvm/new_vg_name")?.value,
    ),
    ...missingFiles(answers),
    ...openQuestions(answers),
  ];
}

function finding({ line }: { readonly line: number } | undefined = { line: 1 }, message: string): Finding {
  return { line, message };
}

function unreadable(text: string): Finding[] {
  const mark = text.startsWith("\ufeff")
    ? [finding({ line: 1 }, "starts with a byte-order mark, which the installer can't read; save the file without it")]
    : [];
  const broken = text.split("\n").flatMap((line, index) => {
    if (!/^[^#].*\\[ \t]+\r?$/.test(line)) return [];
    return [
      finding({ line: index + 1 }, "has a space after its backslash, which joins no line then; remove the space"),
    ];
  });
  return [...mark, ...broken];
}

function recipeFindings(recipe: PreseedAnswer | undefined, method?: string, group?: string): Finding[] {
  if (recipe === undefined) return [];
  return slipsInRecipe(recipe.value, method, group).map((slip) => finding(recipe, `the recipe: ${slip}`));
}

/** Nothing but the preseed file itself is in the installer when it reads it. */
function missingFiles(answers: readonly PreseedAnswer[]): Finding[] {
  return answers
    .filter(({ question }) => question === "preseed/include" || question === "preseed/run")
    .flatMap((answer) => {
      const local = answer.value.split(/\s+/).find((name) => name !== "" && !/^(?!file:)\w+:\/\//.test(name));
      if (local === undefined) return [];
      const remedy = "put its content into this file, or give the URL of a server";
      return [finding(answer, `${answer.question} names ${local}, which the installer doesn't have; ${remedy}`)];
    });
}

/** Questions that the installer asks also in an unattended installation, and what answers them. */
function openQuestions(answers: readonly PreseedAnswer[]): Finding[] {
  const given = valuesOf(answers);
  // Other files may have the answers.
  if (["preseed/include", "preseed/include_command", "preseed/run"].some((question) => given.has(question))) return [];
  const method = given.get("partman-auto/method");
  const needed: (readonly [questions: readonly string[], isNeeded: boolean])[] = [
    [["passwd/root-password", "passwd/root-password-crypted"], given.get("passwd/root-login") !== "false"],
    [["passwd/username"], given.get("passwd/make-user") !== "false"],
    [["passwd/user-password", "passwd/user-password-crypted"], given.get("passwd/make-user") !== "false"],
    [["partman-auto/method"], true],
    [["partman/choose_partition"], true],
    [["partman/confirm"], true],
    [["partman-lvm/confirm"], method === "lvm" || method === "crypto"],
    [["partman-crypto/passphrase"], method === "crypto"],
    [["partman-md/confirm"], method === "raid"],
    [["partman-auto-raid/recipe"], method === "raid"],
  ];
  return needed
    .filter(([questions, isNeeded]) => isNeeded && !questions.some((question) => given.has(question)))
    .map(([questions]) => ({
      message: `no line answers ${questions.join(" or ")}, and the installer may wait for it`,
      isNotice: true,
    }));
}
