import { attributeOf, childrenOf, type Element, find, parse, textOf } from "../format/xml";
import type { Libvirt } from "./client";

export interface DomainUse {
  readonly uuid: string;
  readonly name: string;
  readonly isActive: boolean;
}

/** The machines whose definition `matches`: libvirt itself doesn't tell who uses a network or a volume. */
export async function domainsThat(libvirt: Libvirt, matches: (domain: Element) => boolean): Promise<DomainUse[]> {
  const entries = await libvirt.list("domain");
  const uses = await Promise.all(entries.map(async ({ uuid }) => useOf(libvirt, uuid, matches)));
  return uses.filter((use) => use !== undefined);
}

async function useOf(
  libvirt: Libvirt,
  uuid: string,
  matches: (domain: Element) => boolean,
): Promise<DomainUse | undefined> {
  const xml = await libvirt.liveDefinition("domain", uuid);
  if (xml === undefined) return undefined;
  const domain = parse(xml);
  if (!matches(domain)) return undefined;
  return { uuid, name: textOf(domain, "name") ?? uuid, isActive: await libvirt.isActive("domain", uuid) };
}

export function usesNetwork(network: string): (domain: Element) => boolean {
  return (domain) =>
    childrenOf(find(domain, "devices"), "interface").some((nic) => attributeOf(nic, "source", "network") === network);
}

/** Where a volume is, in the ways in which a disk may name it. */
export interface VolumePlace {
  readonly path: string;
  readonly pool: string;
  readonly name: string;
}

/** As a disk, or as what a disk is based on; of the latter only running machines' definitions tell. */
export function usesVolume(place: VolumePlace): (domain: Element) => boolean {
  return (domain) => disksOf(domain).some((disk) => chainOf(disk).some((image) => isAt(image, place)));
}

/** As a disk itself. */
export function opensVolume(place: VolumePlace): (domain: Element) => boolean {
  return (domain) => disksOf(domain).some((disk) => isAt(disk, place));
}

/** As a disk that the guest may write to. */
export function writesVolume(place: VolumePlace): (domain: Element) => boolean {
  return (domain) => disksOf(domain).some((disk) => isAt(disk, place) && find(disk, "readonly") === undefined);
}

export function usesFilesBelow(folder: string): (domain: Element) => boolean {
  return (domain) =>
    disksOf(domain).some((disk) => chainOf(disk).some((image) => pathOf(image)?.startsWith(`${folder}/`)));
}

function disksOf(domain: Element): readonly Element[] {
  return childrenOf(find(domain, "devices"), "disk");
}

/** A disk's image and those that it is based on. */
function chainOf(image: Element): Element[] {
  const base = find(image, "backingStore");
  return base === undefined ? [image] : [image, ...chainOf(base)];
}

function pathOf(image: Element): string | undefined {
  return attributeOf(image, "source", "file") ?? attributeOf(image, "source", "dev");
}

function isAt(image: Element, { path, pool, name }: VolumePlace): boolean {
  const named = find(image, "source")?.attributes ?? {};
  return pathOf(image) === path || (named["pool"] === pool && named["volume"] === name);
}

/** The volumes, as `POOL/VOLUME`, that are based on the one at that path. */
export async function overlaysOf(libvirt: Libvirt, path: string): Promise<string[]> {
  const pools = await libvirt.list("pool");
  const found = await Promise.all(pools.map(({ name, uuid }) => overlaysIn(libvirt, name, uuid, path)));
  return found.flat();
}

async function overlaysIn(libvirt: Libvirt, pool: string, uuid: string, path: string): Promise<string[]> {
  if (!(await libvirt.isActive("pool", uuid))) return [];
  const names = await libvirt.volumes(uuid);
  const found = await Promise.all(
    names.map(async (name) => {
      const xml = await libvirt.volume(uuid, name);
      return xml !== undefined && textOf(parse(xml), "backingStore/path") === path ? [`${pool}/${name}`] : [];
    }),
  );
  return found.flat();
}
