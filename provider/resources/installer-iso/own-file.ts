import { isDeepStrictEqual } from "node:util";
import type { Release } from "../../install/family";
import { type FamilyId, familyOf } from "../../install/index";
import { isTakenAsItIs } from "../../install/shared/taken-as-is";
import { systemOptions } from "../../install/shared/system";
import { failureOf } from "../../install/validate";
import type { Context, Failure } from "../../resource/handler";
import { answersOf, limitsOf } from "./answers";
import { diskOf } from "./plan";
import type { InstallerIsoInputs } from "./schema";

/** Whether the answers are the user's own file, and no template makes them. */
function isOwnFile({ template }: InstallerIsoInputs): boolean {
  return template !== undefined && isTakenAsItIs({ path: template });
}

/** The limits of the family's installer. Options that aren't given are no concern of a file that is taken as it is. */
export function limitsFor(inputs: InstallerIsoInputs, family: FamilyId): readonly Failure[] {
  const limits = limitsOf(inputs, family);
  if (limits.length === 0 || !isOwnFile(inputs)) return limits;
  const given = givenOptions(inputs, family).map(({ property }) => property);
  const unused = unusedOptions(inputs, family).map(({ property }) => property);
  const concerns = (property: string) => (option: string) =>
    property === option || (/^[.[]/.test(property.slice(option.length)) && property.startsWith(option));
  return limits.filter(({ property }) => given.some(concerns(property)) && !unused.some(concerns(property)));
}

/** What a look at the answers of the user's own template finds; notices are reported only. */
export function problemsOfOwn(
  inputs: InstallerIsoInputs,
  family: FamilyId,
  release: Release | undefined,
  { warn }: Pick<Context, "warn">,
): Failure[] {
  const { template } = inputs;
  if (template === undefined) return [];
  const { rendered } = answersOf(inputs, family, "");
  const findings = familyOf(family).review?.({ rendered, system: inputs.system, release }) ?? [];
  const [notices, refusals] = [true, false].map((isNotice) =>
    findings
      .filter((finding) => (finding.isNotice ?? false) === isNotice)
      .map((finding) => failureOf(finding, rendered, template)),
  );
  notices?.forEach(({ reason }) => {
    warn(reason);
  });
  return [...(refusals ?? []), ...(isOwnFile(inputs) ? unusedOptions(inputs, family) : [])];
}

interface GivenOption {
  readonly property: string;
  /** The inputs without the option. */
  readonly without: InstallerIsoInputs;
}

/** The options that have another value than their default; host keys have theirs whatever the answers say. */
function givenOptions(inputs: InstallerIsoInputs, family: FamilyId): GivenOption[] {
  const own = (inputs[family] ?? {}) as Readonly<Record<string, unknown>>;
  const shared = differing(inputs.system, systemOptions.parse({})).filter(({ key }) => key !== "hostKeys");
  const further = differing(own, familyOf(family).options.parse({}) as Readonly<Record<string, unknown>>);
  return [
    ...shared.map(({ key, rest }) => ({ property: `system.${key}`, without: { ...inputs, system: rest } })),
    ...further.map(({ key, rest }) => ({ property: `${family}.${key}`, without: { ...inputs, [family]: rest } })),
  ];
}

function differing<Options extends object>(given: Options, defaults: Options) {
  return (Object.keys(given) as (keyof Options & string)[])
    .filter((key) => !isDeepStrictEqual(given[key], defaults[key]))
    .map((key) => ({ key, rest: { ...given, [key]: defaults[key] } }));
}

/** Options without which the ISO would be the same: the file itself has to say such things. */
function unusedOptions(inputs: InstallerIsoInputs, family: FamilyId): Failure[] {
  const content = contentOf(inputs, family);
  return givenOptions(inputs, family)
    .filter(({ without }) => isDeepStrictEqual(contentOf(without, family), content))
    .map(({ property }) => ({
      property,
      reason: `has no effect: ${inputs.template ?? ""} is taken as it is, because its name doesn't end in .hbs, and it must say this itself; leave the option out`,
    }));
}

/** The ISO's record, too, says which disks the installation erases. */
function contentOf(inputs: InstallerIsoInputs, family: FamilyId) {
  const { initrd, iso, bootArguments } = answersOf(inputs, family, "");
  return { initrd, iso, bootArguments, disk: diskOf(inputs) };
}
