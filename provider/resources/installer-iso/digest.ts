import { createHash, createHmac } from "node:crypto";
import type { FamilyId } from "../../install/family";
import type { Host } from "../../resource/host";
import { answersOf } from "./answers";
import { originOf } from "./origin";
import type { InstallerIsoInputs } from "./schema";

/**
 * SHA-256 of the ISO's content without the mark, which is made from it. The digest is in the state in plain text, like
 * most of what it is made from: without a key, a passphrase could be guessed from it. ISOs of earlier releases have no
 * key.
 */
export function digestOf(inputs: InstallerIsoInputs, family: FamilyId): string {
  const { initrd, iso, bootArguments } = answersOf(inputs, family, "");
  const [initrdFiles, isoFiles] = [initrd, iso].map((files) =>
    files.map(({ path: file, content, mode }) => [file, mode, Buffer.from(content).toString("base64")]),
  );
  const { digestKey } = inputs;
  return (digestKey === undefined ? createHash("sha256") : createHmac("sha256", digestKey))
    .update(JSON.stringify([originOf(inputs).sha256, bootArguments, initrdFiles, isoFiles]))
    .digest("hex");
}

/** The digest with the key of the previous deployment. An ISO without a key gets one when it is written again. */
export function keyedDigest(
  inputs: InstallerIsoInputs,
  family: FamilyId,
  previous: InstallerIsoInputs | undefined,
  host: Pick<Host, "newSecret">,
): Pick<InstallerIsoInputs, "digest" | "digestKey"> {
  const digestBy = (digestKey: string | undefined) => ({
    digest: digestOf({ ...inputs, digestKey }, family),
    digestKey,
  });
  if (previous?.digestKey !== undefined) return digestBy(previous.digestKey);
  const keyless = previous === undefined ? undefined : digestBy(undefined);
  return keyless !== undefined && keyless.digest === previous?.digest ? keyless : digestBy(host.newSecret());
}
