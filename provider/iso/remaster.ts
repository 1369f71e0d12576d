import path from "node:path";
import { KvmError } from "../values/errors";
import { efiPatches } from "./efi-image";
import { checkedBytes, implantedMd5 } from "./implanted-md5";
import type { IsoHost } from "./inspect";
import type { RemasterPlan } from "./plan";
import { applicationArea, type Patch, patchedPieces, sizeOfVolume } from "./session";
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
  const patches = [session.content, session.descriptors, ...(await efiPatches(read, plan.efiTexts))];
  if (!plan.implantedMd5) return patches;
  const bytes = checkedBytes(sizeOfVolume(session.descriptors.content));
  const text = await implantedMd5(bytes, patchedPieces(host.files.pieces(source), patches, bytes));
  const content = Buffer.from(text.padEnd(applicationArea.length));
  return [...patches, { offset: applicationArea.offset, content }];
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
