import type { Release } from "../../install/family";
import { familyOf } from "../../install/index";
import { type Installation, installedMark } from "../../install/installation";
import { loginOf } from "../../install/shared/login";
import type { IsoContents } from "../../iso/inspect";
import { planRemaster, type RemasterPlan } from "../../iso/plan";
import type { Owner } from "../../values/identity";
import { answersOf } from "./answers";
import { digestOf } from "./digest";
import type { InstallerIsoInputs } from "./schema";

/** What is written beside the distribution's own files, and what the ISO says of itself. */
export interface IsoPlan {
  readonly installation: Installation;
  readonly remaster: RemasterPlan;
}

export function planIso(inputs: InstallerIsoInputs, iso: IsoContents, release: Release, owner: Owner): IsoPlan {
  const installation = installationOf(inputs, release, owner);
  const family = familyOf(release.family);
  const answers = answersOf(inputs, family.id, installation.mark);
  return { installation, remaster: planRemaster(iso, family.media(iso), answers, installation) };
}

function installationOf(inputs: InstallerIsoInputs, { family, title }: Release, owner: Owner): Installation {
  const digest = digestOf(inputs, family);
  const { login, hostKeys } = loginOf(inputs.system);
  return {
    schemaVersion: 1,
    ...owner,
    digest,
    family,
    release: title,
    mark: installedMark(digest),
    login,
    hostKeys: [...hostKeys],
    keep: inputs.keep,
  };
}
