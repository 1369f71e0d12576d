import { KvmError } from "../values/errors";
import { agama } from "./agama/index";
import { debian } from "./debian/index";
import type { Family, FamilyId, IsoFacts, Release } from "./family";
import { redhat } from "./redhat/index";
import { suse } from "./suse/index";
import { ubuntu } from "./ubuntu/index";

/** Every installer family there is. */
const registry: Readonly<Record<FamilyId, Family>> = { debian, ubuntu, redhat, suse, agama };

export const families: readonly Family[] = Object.values(registry);

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
  return registry[id];
}
