import { KvmError } from "../values/errors";
import { agama } from "./agama/index";
import { agamaInput } from "./agama/schema";
import { debian } from "./debian/index";
import { debianInput } from "./debian/schema";
import type { Family, IsoFacts, Release } from "./family";
import { redhat } from "./redhat/index";
import { redhatInput } from "./redhat/schema";
import { suse } from "./suse/index";
import { suseInput } from "./suse/schema";
import { ubuntu } from "./ubuntu/index";
import { ubuntuInput } from "./ubuntu/schema";

/** Every installer family there is, with the input that only it has. */
const registry = {
  debian: { family: debian, input: debianInput },
  ubuntu: { family: ubuntu, input: ubuntuInput },
  redhat: { family: redhat, input: redhatInput },
  suse: { family: suse, input: suseInput },
  agama: { family: agama, input: agamaInput },
};

export type FamilyId = keyof typeof registry;

type FamilyInputs = { readonly [Id in FamilyId]: (typeof registry)[Id]["input"] };

export const familyIds = Object.keys(registry) as [FamilyId, ...FamilyId[]];

export const families: readonly Family[] = Object.values(registry).map(({ family }) => family);

/** The inputs of the families by their ids, for the InstallerIso's schema. */
export const familyInputs = Object.fromEntries(familyIds.map((id) => [id, registry[id].input])) as FamilyInputs;

/** The files of an ISO that some family reads as text. */
export function probesOf(files: ReadonlySet<string>): string[] {
  return [...new Set(families.flatMap((family) => family.probes(files)))];
}

/** @throws KvmError when the ISO is of no known family, with what was looked for */
export function detectRelease(iso: IsoFacts, path: string): Release {
  for (const family of families) {
    const release = family.detect(iso);
    if (release !== undefined) return release;
  }
  const wanted = families.map(({ id, recognisedBy }) => `${id} (${recognisedBy})`);
  const name = iso.volumeId === "" ? "" : ` ("${iso.volumeId}")`;
  throw new KvmError(
    "unknown-iso",
    `${path}${name} is not an installer that is known; looked for ${wanted.join(", ")}`,
    {
      property: "source",
      remedy: "Give an installer ISO of one of these families for amd64",
    },
  );
}

export function familyOf(id: FamilyId): Family {
  return registry[id].family;
}
