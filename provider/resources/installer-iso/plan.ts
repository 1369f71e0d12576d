import type { Answers, Release } from "../../install/family";
import { familyOf } from "../../install/index";
import { type Installation, type InstallationDisk, installedMark } from "../../install/installation";
import { loginOf } from "../../install/shared/login";
import type { SystemOptions } from "../../install/shared/system";
import { usesTpm } from "../../install/shared/unlock/options";
import type { IsoContents } from "../../iso/inspect";
import { planRemaster, type RemasterPlan } from "../../iso/plan";
import type { Owner } from "../../values/identity";
import type { InstallerIsoInputs } from "./schema";

/** The files in addition to the distribution's own, and the ISO's record of its content. */
export interface IsoPlan {
  readonly installation: Installation;
  readonly remaster: RemasterPlan;
}

interface Installed extends Pick<InstallerIsoInputs, "template"> {
  /** With the host keys that it gets. */
  readonly system: SystemOptions;
  readonly keep: boolean;
  readonly release: Release;
  readonly owner: Owner;
  /** The digest of the ISO's whole content. */
  readonly digest: string;
}

/** @param answersWith the answers that end with the line which proves the end of the installation */
export function planIso(iso: IsoContents, installed: Installed, answersWith: (mark: string) => Answers): IsoPlan {
  const installation = installationOf(installed);
  const media = familyOf(installation.family).media(iso);
  return { installation, remaster: planRemaster(iso, media, answersWith(installation.mark), installation) };
}

function installationOf({
  system,
  template,
  keep,
  release: { family, title },
  owner,
  digest,
}: Installed): Installation {
  const { login, hostKeys } = loginOf(system, template);
  return {
    schemaVersion: 1,
    ...owner,
    digest,
    family,
    release: title,
    mark: installedMark(digest),
    login,
    hostKeys: [...hostKeys],
    keep,
    disk: diskOf({ system, template }),
    ...(usesTpm(system.disk) ? { tpm: true } : {}),
  };
}

/** A template of the user's own may partition any disk: only its `devices` say which. */
export function diskOf({ system, template }: Pick<InstallerIsoInputs, "system" | "template">): InstallationDisk {
  const { layout, devices } = system.disk;
  return { layout: template === undefined ? layout : "custom", ...(devices === undefined ? {} : { devices }) };
}
