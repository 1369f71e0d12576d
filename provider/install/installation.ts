import { z } from "zod";
import { KvmError } from "../values/errors";
import { legacyIdentity } from "../values/identity";
import { familyIds } from "./index";

/** Where a remastered ISO says what it installs. */
export const installationPath = "kvm-deploy/installation.json";

const schema = z.object({
  schemaVersion: z.literal(1),
  /** The URN of the InstallerIso that made it, and its identity, which earlier releases did not have. */
  owner: z.string(),
  identity: z.string().optional(),
  /** SHA-256 of all that went into it, in hex. */
  digest: z.string(),
  family: z.enum(familyIds),
  release: z.string(),
  /** The line on the second serial port that proves the end of the installation. */
  mark: z.string(),
  /** The account that can log in by SSH; earlier releases named root if there was none. */
  login: z.string().optional(),
  hostKeys: z.array(z.string()),
  /** Whether the ISO stays after the installation. */
  keep: z.boolean(),
  /** Where it installs, by the option of that name. Earlier releases did not record it. */
  disk: z.object({ layout: z.string(), devices: z.array(z.string()).readonly().optional() }).optional(),
  /** Whether it binds the disk to the machine's TPM. */
  tpm: z.boolean().optional(),
});

/** What an ISO made by kvm-deploy installs, and how to know that it is done. Lies in the ISO itself. No secrets. */
export type Installation = Readonly<z.infer<typeof schema>>;

/** Where an installation installs; undefined if that isn't recorded. */
export type InstallationDisk = Installation["disk"];

/** Of the InstallerIso that made it. */
export function identityOf({ identity, owner }: Pick<Installation, "identity" | "owner">): string {
  return identity ?? legacyIdentity(owner);
}

export function renderInstallation(installation: Installation): string {
  return `${JSON.stringify(installation, null, 2)}\n`;
}

/** @throws KvmError when the text isn't what `renderInstallation` writes. */
export function parseInstallation(text: string, iso: string): Installation {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new KvmError("invalid-input", `${iso} was not made by this release of kvm-deploy`, {
      remedy: "Give the id of an InstallerIso",
      cause,
    });
  }
}

export function installedMark(digest: string): string {
  return `kvm-deploy: installed ${digest.slice(0, 16)}`;
}
