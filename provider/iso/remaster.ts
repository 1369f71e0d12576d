import path from "node:path";
import { KvmError } from "../values/errors";
import { efiPatches } from "./efi-image";
import { checkedBytes, implantedMd5 } from "./implanted-md5";
import type { IsoHost } from "./inspect";
import type { RemasterPlan } from "./plan";
import { applicationArea, descriptorArea, type Patch, sector, sizeOfVolume } from "./session";
import { writeSession } from "./write-session";

/**
 * Copies `source` next to `target`, writes the plan into the copy, and then renames it to `target`: readers of the
 * target see the old or the new ISO, never a partial one. Both are readable for their owner only, because answers
 * contain secrets.
 */
export async function remaster(
  source: string,
  target: string,
  plan: RemasterPlan,
  host: IsoHost,
  signal?: AbortSignal,
): Promise<void> {
  await host.files.withDirectoryNextTo(target, async (directory) => {
    const copy = path.join(directory, path.basename(target));
    // The changes are determined from the source while it is copied.
    const [patches] = await bothDone(patchesFor(source, plan, host, signal), copyOrExplain(source, copy, target, host));
    for (const { offset, content } of patches) await host.files.writeAt(copy, offset, content);
    if (plan.implantedMd5) await implantMd5(copy, host);
    await host.files.rename(copy, target);
  });
}

async function patchesFor(
  source: string,
  plan: RemasterPlan,
  host: IsoHost,
  signal: AbortSignal | undefined,
): Promise<Patch[]> {
  const read = (offset: number, length: number) => host.files.readFrom(source, offset, length);
  const session = await writeSession(source, plan, host, signal);
  return [session.content, session.descriptors, ...(await efiPatches(read, plan.efiTexts))];
}

/** The sums are made on the host, of the patched ISO, whose area for their text is empty. */
async function implantMd5(iso: string, { files }: IsoHost): Promise<void> {
  const bytes = checkedBytes(sizeOfVolume(await files.readFrom(iso, descriptorArea.offset, sector)));
  const text = await implantedMd5(bytes, (lengths) => files.md5OfStarts(iso, lengths));
  await files.writeAt(iso, applicationArea.offset, Buffer.from(text.padEnd(applicationArea.length)));
}

/** Unlike Promise.all it fails only when everything has ended, so that the results can be removed. */
async function bothDone<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

const mebibyte = 2 ** 20;

async function copyOrExplain(source: string, copy: string, target: string, host: IsoHost): Promise<void> {
  try {
    await host.files.copy(source, copy, 0o600);
  } catch (error) {
    if (!(error instanceof KvmError) || error.code !== "no-space") throw error;
    throw await noSpace(source, copy, path.dirname(target), error, host);
  }
}

async function noSpace(
  source: string,
  copy: string,
  directory: string,
  cause: KvmError,
  host: IsoHost,
): Promise<KvmError> {
  // An existing target is replaced, so its size counts as free.
  await host.files.remove(copy);
  const needed = Math.ceil(((await host.files.stat(source))?.bytes ?? 0) / mebibyte) + 1;
  const free = Math.floor((await host.files.freeSpace(directory)) / mebibyte);
  return new KvmError("no-space", `the ISO needs ${needed} MiB in ${directory}, where ${free} MiB are free`, {
    property: "directory",
    remedy: "Free space there, or name another `directory`",
    cause,
  });
}
