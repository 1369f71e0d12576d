import { attributeOf, type Element, find, withAttributes, withChild } from "../../../format/xml";
import { disksOf, imageOf, targetOf, volumeOf } from "../../../libvirt/domain";
import type { MachineInputs } from "../schema/machine";
import { isInstallerDrive } from "./installation";
import { type ImagePlaces, mapDevices, pathsIn } from "./part";

interface Targets {
  readonly disks: readonly string[];
  readonly cdroms: readonly string[];
  readonly installer: string | undefined;
}

/** The guest's device names of disks and drives in a new machine, with the installer's drive after all others. */
export function targetsOf({ disks, cdroms }: Pick<MachineInputs, "disks" | "cdroms">): Targets {
  const names = namesOf([...disks, ...cdroms, { bus: "sata" }], []);
  return { disks: names.slice(0, disks.length), cdroms: names.slice(disks.length, -1), installer: names.at(-1) };
}

/** The guest's device names of disks: `vda`, `vdb`, `sda`, …; those that are taken are left out. */
function namesOf(disks: readonly { readonly bus: string }[], taken: readonly string[]): string[] {
  const used = new Set(taken);
  return disks.map(({ bus }) => {
    const target = freeTarget(bus === "virtio" ? "vd" : "sd", used);
    used.add(target);
    return target;
  });
}

function freeTarget(prefix: string, used: ReadonlySet<string>): string {
  for (let index = 0; ; index += 1) {
    const target = prefix + lettersOf(index);
    if (!used.has(target)) return target;
  }
}

/** After z comes aa. */
function lettersOf(index: number): string {
  const last = String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}

/**
 * Disks and drives that the actual definition has keep their names there, and what their images are defined by: the
 * names of a pool and a volume, or a path.
 */
export function withSameDisks(desired: Element, actual: Element, places: ImagePlaces): Element {
  const imageIn = (device: Element) => imageOf(device, pathsIn(places));
  const [all, present] = [disksOf(desired), disksOf(actual)];
  const same = sameDisks(all, present, imageIn);
  const names = namesFor(all, same, present);
  return mapDevices(desired, (device) => {
    const [dev, target, other] = [names.get(device), find(device, "target"), same.get(device)];
    if (dev === undefined || target === undefined) return device;
    const named = withChild(device, "target", withAttributes(target, { dev }));
    const isByNames = other !== undefined && volumeOf(other) !== undefined && imageIn(other) === imageIn(device);
    return isByNames ? withSourceOf(named, other) : named;
  });
}

function withSourceOf(device: Element, other: Element): Element {
  const { type } = other.attributes;
  return withChild(withAttributes(device, { type }), "source", find(other, "source"));
}

type ImageIn = (device: Element) => string | undefined;

/** A disk is the one with its image on its bus; of drives, whose media change, the one at its place. */
function sameDisks(desired: readonly Element[], actual: readonly Element[], imageIn: ImageIn) {
  const free = new Set(actual);
  const found = new Map<Element, Element>();
  for (const device of desired) {
    const same = [...free].find((candidate) => isSameDisk(candidate, device, imageIn));
    if (same === undefined) continue;
    free.delete(same);
    found.set(device, same);
  }
  return found;
}

function namesFor(
  desired: readonly Element[],
  same: ReadonlyMap<Element, Element>,
  actual: readonly Element[],
): ReadonlyMap<Element, string> {
  const names = new Map([...same].map(([device, other]) => [device, targetOf(other)]));
  const others = desired.filter((device) => !names.has(device));
  const buses = others.map((device) => ({ bus: busOf(device) }));
  const chosen = namesOf(buses, actual.map(targetOf));
  others.forEach((device, index) => names.set(device, chosen[index] ?? ""));
  return names;
}

function isSameDisk(one: Element, other: Element, imageIn: ImageIn): boolean {
  const kind = one.attributes["device"] ?? "disk";
  if (kind !== other.attributes["device"] || busOf(one) !== busOf(other)) return false;
  if (isInstallerDrive(one) !== isInstallerDrive(other)) return false;
  return kind === "cdrom" || imageIn(one) === imageIn(other);
}

function busOf(device: Element): string {
  return attributeOf(device, "target", "bus") ?? "";
}
