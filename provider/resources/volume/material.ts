import { headerBytes } from "../../format/qcow2";
import { obtainSource, requireFile } from "../../host/downloads";
import { formatOf, type Found, requireTakenAs } from "../../libvirt/images";
import { runningThat, type VolumePlace, writesVolume } from "../../libvirt/users";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { ifKnownAtHost } from "../../resource/known";
import { type ErrorDetails, KvmError } from "../../values/errors";
import { diskSizeIn } from "./detect";
import { backingIn, findVolume, requireVolume } from "./observe";
import { type BackingImage, bytesOf } from "./places";
import type { Material } from "./plan";
import type { VolumeInputs } from "./schema";
import { requireFits } from "./size";

/** Finds or downloads the first content of the volume; a file's bytes are verified. */
export async function obtainMaterial(host: Host, inputs: VolumeInputs, context: Reporting): Promise<Material> {
  const { source } = inputs;
  if (source === undefined) return { kind: "empty", backing: await obtainBase(host, inputs) };
  if (source.volume !== undefined) {
    const found = await requireVolume(host, source.volume, "source.volume");
    return { kind: "volume", source: found.place, bytes: await cloneableBytes(host, found, inputs) };
  }
  const file = await obtainFile(host, source, context);
  return { kind: "file", file, bytes: await diskSize(host, file, inputs), stamp: await stampOf(host, file) };
}

type Reporting = Pick<Context, "progress" | "signal">;

/** The bytes of a volume that is copied. */
async function cloneableBytes(host: Host, found: Found, { source }: VolumeInputs): Promise<number> {
  const format = await formatOf(host, found, source?.format, "source.format");
  requireTakenAs(format, found, "source.volume");
  await requireQuiet(host, found.place);
  return bytesOf(found.volume, format);
}

async function obtainBase(host: Host, inputs: VolumeInputs): Promise<BackingImage | undefined> {
  const { volume } = inputs.backing ?? {};
  const base = volume === undefined ? undefined : await requireVolume(host, volume, "backing.volume");
  if (base !== undefined) await requireBase(host, base, inputs);
  return backingIn(inputs, base);
}

/** The base is opened in its own format. */
async function requireBase(host: Host, found: Found, { backing }: VolumeInputs): Promise<void> {
  await formatOf(host, found, backing?.format, "backing.format");
}

/** Compares two checks of a file: whether it was written or replaced in between. */
async function stampOf({ files }: Host, file: string): Promise<string> {
  const [stat, fingerprint] = await Promise.all([files.stat(file), files.fingerprint(file)]);
  return `${fingerprint ?? ""} ${stat?.bytes ?? 0} ${stat?.modifiedMs ?? 0}`;
}

/**
 * The content of the volume is that of the check, although libvirt opens the file again by its name.
 * @throws KvmError if it isn't
 */
export async function requireWritten(host: Host, made: Found, material: Material, inputs: VolumeInputs): Promise<void> {
  if (material.kind !== "file") return;
  if ((await stampOf(host, material.file)) !== material.stamp) {
    throw new KvmError("conflict", `${material.file} was changed during the copy`, {
      property: "source",
      remedy: "Wait until it is complete, then run `pulumi up` again",
    });
  }
  if (inputs.format === "qcow2") await diskSize(host, made.place.path, inputs);
}

async function obtainFile(
  host: Host,
  source: NonNullable<VolumeInputs["source"]>,
  context: Reporting,
): Promise<string> {
  const { path = "", url, sha256 } = source;
  const missing = imageAt("source.path");
  if (sha256 === undefined) {
    await requireFile(path, host, missing);
    return path;
  }
  const reporting = { progress: context.progress, signal: context.signal, what: "the content", missing };
  return obtainSource({ path: source.path, url, sha256 }, host, reporting);
}

/**
 * Failures that are certain before the create. Things that another resource of the program may create are not reported
 * as missing.
 */
export async function inspectMaterial(host: Host, inputs: VolumeInputs): Promise<void> {
  for (const look of [inspectBackingFile, inspectSourceFile, inspectBackingVolume, inspectSourceVolume])
    await ifKnownAtHost(() => look(host, inputs));
}

async function inspectBackingFile(host: Host, { backing }: VolumeInputs): Promise<void> {
  if (backing?.path !== undefined) await requireFile(backing.path, host, imageAt("backing.path"));
}

async function inspectSourceFile(host: Host, inputs: VolumeInputs): Promise<void> {
  const { path } = inputs.source ?? {};
  if (path === undefined) return;
  await requireFile(path, host, imageAt("source.path"));
  requireFits(await diskSize(host, path, inputs), inputs);
}

async function inspectBackingVolume(host: Host, inputs: VolumeInputs): Promise<void> {
  const { volume } = inputs.backing ?? {};
  const base = volume === undefined ? undefined : await findVolume(host, volume);
  if (base !== undefined) await requireBase(host, base, inputs);
}

async function inspectSourceVolume(host: Host, inputs: VolumeInputs): Promise<void> {
  const { volume } = inputs.source ?? {};
  const original = volume === undefined ? undefined : await findVolume(host, volume);
  if (original !== undefined) requireFits(await cloneableBytes(host, original, inputs), inputs);
}

/** A copy of an image during writes to it would be damaged. */
async function requireQuiet({ libvirt }: Host, place: VolumePlace): Promise<void> {
  const writers = await runningThat(libvirt, writesVolume(place));
  if (writers.length === 0) return;
  const names = writers.map(({ name }) => name).join(", ");
  throw new KvmError("conflict", `volume "${place.pool}/${place.name}" is a writable disk of ${names}, which runs`, {
    property: "source.volume",
    remedy: "Stop the machine during the copy",
  });
}

async function diskSize({ files }: Host, file: string, inputs: VolumeInputs): Promise<number> {
  const { bytes } = (await files.stat(file)) ?? { bytes: 0 };
  return diskSizeIn(await files.readFrom(file, 0, headerBytes), bytes, file, inputs);
}

function imageAt(property: string): ErrorDetails {
  return { property, remedy: "Give the path of an image on the KVM host" };
}
