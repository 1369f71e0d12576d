import { isDeepStrictEqual } from "node:util";
import { pathAtHand } from "../../host/downloads";
import type { Release } from "../../install/family";
import { type FamilyId, detectRelease, families, familyOf, probesOf } from "../../install/index";
import { familyIds } from "../../install/index";
import type { Installation } from "../../install/installation";
import { inspectIso } from "../../iso/inspect";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { originOf } from "./origin";
import type { InstallerIsoInputs } from "./schema";

/**
 * The family of the answers: that of the given options, else that of the last deployment if the source is the same,
 * else the family according to the ISO or the catalogue. So an unchanged preview reads no ISO.
 * @throws KvmError if none of these is available
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

/** The family according to the ISO; undefined if the ISO isn't on the host yet. */
export async function releaseAtHand(inputs: InstallerIsoInputs, host: Host): Promise<Release | undefined> {
  const file = await pathAtHand(originOf(inputs), host);
  return file === undefined ? undefined : detectRelease(await inspectIso(file, probesOf, host), file);
}

/** What the ISO installs, by the source's ISO, else by its name in the catalogue; undefined if neither is known. */
export async function installedBy(
  inputs: InstallerIsoInputs,
  host: Host,
): Promise<Pick<Installation, "family" | "release"> | undefined> {
  const release = await releaseAtHand(inputs, host);
  if (release !== undefined) return { family: release.family, release: release.title };
  return typeof inputs.source === "string" && inputs.image !== undefined
    ? { family: inputs.image.family, release: inputs.source.replace(":", " ") }
    : undefined;
}

/** @throws KvmError if the options are not those of the ISO's family */
export function requireFitting(inputs: InstallerIsoInputs, release: Release): void {
  requireFamily(inputs, release);
  // A user's template may contain what the shipped one takes from the options.
  if (inputs.template !== undefined) return;
  const own = inputs[release.family];
  const [limit] = familyOf(release.family).releaseLimits(release, inputs.system, own);
  if (limit !== undefined) throw new KvmError("invalid-input", limit.reason, { property: limit.property });
}

/** @throws KvmError if options of another family than the ISO's are given */
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
