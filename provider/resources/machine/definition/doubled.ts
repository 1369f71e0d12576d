import { type Element, textOf } from "../../../format/xml";
import { disksOf, imageOf, isDisk, targetOf } from "../../../libvirt/domain";
import { KvmError } from "../../../values/errors";
import { type ImagePlaces, pathsIn } from "./part";

/**
 * Two disks with one image damage its file systems, or prevent the machine's start.
 * @param present the actual definition, in which another program may have put an image twice on purpose
 * @throws KvmError if a new disk has the image of another one
 */
export function refuseDoubledImages(edited: Element, present: Element | undefined, places: ImagePlaces): void {
  const [after, before] = [disksByImage(edited, places), disksByImage(present, places)];
  for (const [image, disks] of after) {
    const [first = "", second] = disks;
    if (second === undefined || disks.length <= (before.get(image)?.length ?? 0)) continue;
    const name = textOf(edited, "name") ?? "";
    throw new KvmError("conflict", `${image} would be two disks of ${name}, ${first} and ${second}`, {
      property: "disks",
      remedy: `Name it once; if another program has attached it, give its disk the same bus, or detach that one (virsh detach-disk ${name} ${first} --config)`,
    });
  }
}

/** The names of the disks with each image. */
function disksByImage(domain: Element | undefined, places: ImagePlaces): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const disk of domain === undefined ? [] : disksOf(domain).filter(isDisk)) {
    const image = imageOf(disk, pathsIn(places));
    if (image !== undefined) found.set(image, [...(found.get(image) ?? []), targetOf(disk)]);
  }
  return found;
}
