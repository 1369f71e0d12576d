import { type ErrorDetails, KvmError } from "../../errors";
import type { Context } from "../../handler";
import type { Host } from "../../host/index";
import { obtainSource, requireFile } from "../../iso/source";
import { runningThat, type VolumePlace, writesVolume } from "../../libvirt/users";
import { diskSizeIn, headerBytes } from "./detect";
import { findBacking, findVolume, requireVolume } from "./places";
import { type Material, requireFits } from "./plan";
import { bytesOf } from "./read";
import type { VolumeInputs } from "./schema";

/** Finds or loads what the volume begins with; a file's bytes are verified. */
export async function obtainMaterial(host: Host, inputs: VolumeInputs, context: Context): Promise<Material> {
  const { source, backing } = inputs;
  if (source === undefined) {
    const found = await findBacking(host, inputs);
    if (backing?.volume !== undefined && found === undefined)
      await requireVolume(host, backing.volume, "backing.volume");
    return { kind: "empty", backing: found };
  }
  if (source.volume !== undefined) return volumeMaterial(host, source.volume);
  const file = await obtainFile(host, source, context);
  return { kind: "file", file, bytes: await diskSize(host, file, inputs) };
}

async function volumeMaterial(host: Host, id: string): Promise<Material> {
  const { volume, place } = await requireVolume(host, id, "source.volume");
  await requireQuiet(host, place);
  return { kind: "volume", source: place, bytes: bytesOf(volume) };
}

async function obtainFile(host: Host, source: NonNullable<VolumeInputs["source"]>, context: Context): Promise<string> {
  const { path, url, sha256 } = source;
  if (path !== undefined) await requireFile(path, host, imageAt("source.path"));
  if (sha256 === undefined) return path ?? "";
  const reporting = { progress: context.progress, signal: context.signal, what: "the content" };
  return obtainSource({ path, url, sha256 }, host, reporting);
}

/** What is known to be wrong before anything is made. What another resource of the program may make is not missed. */
export async function inspectMaterial(host: Host, inputs: VolumeInputs): Promise<void> {
  const { source, backing } = inputs;
  if (backing?.path !== undefined) await requireFile(backing.path, host, imageAt("backing.path"));
  if (source?.path !== undefined) {
    await requireFile(source.path, host, imageAt("source.path"));
    requireFits(await diskSize(host, source.path, inputs), inputs);
  }
  const original = source?.volume === undefined ? undefined : await findVolume(host, source.volume);
  if (original === undefined) return;
  await requireQuiet(host, original.place);
  requireFits(bytesOf(original.volume), inputs);
}

/** A copy of what is being written to would be damaged. */
async function requireQuiet({ libvirt }: Host, place: VolumePlace): Promise<void> {
  const writers = await runningThat(libvirt, writesVolume(place));
  if (writers.length === 0) return;
  const names = writers.map(({ name }) => name).join(", ");
  throw new KvmError("conflict", `volume "${place.pool}/${place.name}" is written to by ${names}, which runs`, {
    property: "source.volume",
    remedy: "Stop the machine while the volume is copied",
  });
}

async function diskSize({ files }: Host, file: string, inputs: VolumeInputs): Promise<number> {
  const { bytes } = (await files.stat(file)) ?? { bytes: 0 };
  return diskSizeIn(await files.readFrom(file, 0, headerBytes), bytes, file, inputs);
}

function imageAt(property: string): ErrorDetails {
  return { property, remedy: "Give the path of an image on the KVM host" };
}
