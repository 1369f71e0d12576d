import { isDeepStrictEqual } from "node:util";
import { pathAtHand } from "../../host/downloads";
import type { FamilyId, Release } from "../../install/family";
import { detectRelease, families, familyOf, probesOf } from "../../install/index";
import { familyIds } from "../../install/inputs";
import { inspectIso } from "../../iso/inspect";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { originOf } from "./origin";
import type { InstallerIsoInputs } from "./schema";

/**
 * The family that the answers are for: the one whose options are given, else that of the last deployment while the source
 * is the same, else what the ISO itself or the catalogue says. So an unchanged preview looks at no ISO.
 * @throws KvmError when nothing of that is at hand
 */
export async function familyFor(
  inputs: InstallerIsoInputs,
  before: InstallerIsoInputs | undefined,
  host: Host,
): Promise<FamilyId> {
  const named = namedFamily(inputs);
  if (named !== undefined) return named;
  if (before?.family !== undefined && isDeepStrictEqual(before.source, inputs.source)) return before.family;
  const release = await releaseAtHand(inputs, host);
  const family = release?.family ?? inputs.image?.family;
  if (family !== undefined) return family;
  throw new KvmError("invalid-input", "is not on the host yet, so the family of its installer is unknown", {
    property: "source",
    remedy: `Give its family as a key next to \`source\`, such as \`debian: {}\`. The families are ${families.map(({ id }) => id).join(", ")}`,
  });
}

/** What the ISO says itself; undefined when it isn't on the host yet. */
export async function releaseAtHand(inputs: InstallerIsoInputs, host: Host): Promise<Release | undefined> {
  const file = await pathAtHand(originOf(inputs), host);
  return file === undefined ? undefined : detectRelease(await inspectIso(file, probesOf, host), file);
}

/** @throws KvmError when the options are not those that the ISO needs */
export function requireFitting(inputs: InstallerIsoInputs, release: Release): void {
  requireFamily(inputs, release);
  // An own template may say by itself what the shipped one has from the options.
  if (inputs.template !== undefined) return;
  const own = inputs[release.family];
  const [limit] = familyOf(release.family).releaseLimits(release, inputs.system, own);
  if (limit !== undefined) throw new KvmError("invalid-input", limit.reason, { property: limit.property });
}

/** @throws KvmError when options of another family are given than the ISO is of */
function requireFamily(inputs: InstallerIsoInputs, { family, title }: Release): void {
  const named = namedFamily(inputs);
  if (named === undefined || named === family) return;
  throw new KvmError("invalid-input", `holds options of ${named}, but the ISO is of ${family} (${title})`, {
    property: named,
    remedy: `Remove \`${named}\`, or give an ISO of ${named}. Options of all families are in \`system\``,
  });
}

function namedFamily(inputs: InstallerIsoInputs): FamilyId | undefined {
  return familyIds.find((id) => inputs[id] !== undefined);
}
