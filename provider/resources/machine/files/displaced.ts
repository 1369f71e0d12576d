import { type Element, parse } from "../../../format/xml";
import { disksOf, imageOf, isDisk, targetOf } from "../../../libvirt/domain";
import { isBasedOn } from "../../../libvirt/users";
import type { Host } from "../../../resource/host";
import { KvmError } from "../../../values/errors";
import type { Facts } from "../schema/actual";
import type { MachineDisk, MachineInputs } from "../schema/machine";
import { volumesNamedIn } from "./images";

type Machine = Pick<MachineInputs, "name" | "disks">;

/**
 * Why the images of the last deployment can't be attached again: another program has replaced them by a snapshot or a
 * copy. Attached in addition, the old images would be more disks with old content; below a snapshot's image, the
 * guest's writes to them would damage it.
 * @param previous its inputs at the last deployment or refresh; undefined if they can't be read
 */
export async function displacedDisk(
  host: Host,
  previous: Machine | undefined,
  { name, disks }: Machine,
  { uuid, volumePaths }: Pick<Facts, "uuid" | "volumePaths">,
): Promise<KvmError | undefined> {
  const xml = await host.libvirt.definition("domain", uuid);
  const definition = xml === undefined ? undefined : parse(xml);
  const currentDisks = definition === undefined ? [] : disksOf(definition).filter(isDisk);
  const paths = { ...(await volumesNamedIn(host, definition)), ...volumePaths };
  const imageIn = (disk: Element) => imageOf(disk, paths);
  const pathOf = ({ volume = "", file = paths[volume] }: MachineDisk) => file;
  const own = [...Object.values(volumePaths), ...disks.map(pathOf)];
  const others = currentDisks.filter((disk) => !own.includes(imageIn(disk)));
  if (others.length === 0) return undefined;
  const images = currentDisks.map(imageIn);
  const known = (previous?.disks ?? []).map(pathOf);
  const isReplaced = others.some((other) => !known.includes(imageIn(other)));
  for (const [index, disk] of disks.entries()) {
    const image = pathOf(disk);
    if (image === undefined || images.includes(image)) continue;
    const missing = { image, property: `disks[${index}]`, name };
    const snapshot = await snapshotOver(host, missing, others, imageIn);
    if (snapshot !== undefined) return snapshot;
    if (known.includes(image) && isReplaced) return replaced(missing, others.map(imageIn));
  }
  return undefined;
}

/** A disk of the inputs whose image is not attached to the machine. */
interface Missing {
  readonly image: string;
  readonly property: string;
  /** The machine's name. */
  readonly name: string;
}

async function snapshotOver(
  { files }: Host,
  { image, property, name }: Missing,
  others: readonly Element[],
  imageIn: (disk: Element) => string | undefined,
): Promise<KvmError | undefined> {
  for (const other of others) {
    const place = imageIn(other) ?? "";
    if (!(await isBasedOn(files, place, image))) continue;
    const remedy = `Merge it first: virsh blockcommit ${name} ${targetOf(other)} --active --pivot while it runs, then virsh snapshot-delete ${name} SNAPSHOT --metadata`;
    return new KvmError("conflict", `${place} is a snapshot over ${image}`, { property, remedy });
  }
  return undefined;
}

function replaced({ image, property, name }: Missing, others: readonly (string | undefined)[]): KvmError {
  return new KvmError("conflict", `${image} is no longer a disk of ${name}, which has ${others.join(", ")}`, {
    property,
    remedy: "Run `pulumi refresh`; then the preview shows what `up` changes",
  });
}
