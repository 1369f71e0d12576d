import { createHash, createHmac } from "node:crypto";
import type { FamilyId } from "../../install/index";
import type { Host } from "../../resource/host";
import { answersOf } from "./answers";
import { makeHostKeys, takesMadeKeys } from "./host-keys";
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

type Digested = Pick<InstallerIsoInputs, "madeHostKeys" | "digest" | "digestKey">;

/**
 * The digest, and the keys that it depends on: those of the previous deployment. An ISO without them, of an earlier release
 * of kvm-deploy, gets them when it has to be written again.
 */
export async function digested(
  inputs: InstallerIsoInputs,
  family: FamilyId,
  previous: InstallerIsoInputs | undefined,
  host: Host,
): Promise<Digested> {
  const kept = { madeHostKeys: madeBefore(inputs, previous), digestKey: previous?.digestKey };
  const unchanged = previous && digestedBy({ ...inputs, ...kept }, family);
  if (unchanged !== undefined && unchanged.digest === previous?.digest) return unchanged;
  const madeHostKeys = kept.madeHostKeys ?? (takesMadeKeys(inputs.system) ? await makeHostKeys(host) : undefined);
  const digestKey = kept.digestKey ?? host.newSecret();
  return digestedBy({ ...inputs, madeHostKeys, digestKey }, family);
}

/** Host keys that the program doesn't take any more are forgotten. */
function madeBefore({ system }: InstallerIsoInputs, previous: InstallerIsoInputs | undefined): string | undefined {
  return takesMadeKeys(system) ? previous?.madeHostKeys : undefined;
}

function digestedBy(inputs: InstallerIsoInputs, family: FamilyId): Digested {
  const { madeHostKeys, digestKey } = inputs;
  return { madeHostKeys, digest: digestOf(inputs, family), digestKey };
}
