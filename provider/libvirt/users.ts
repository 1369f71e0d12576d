import { attributeOf, childrenOf, type Element, find, parse, textOf } from "../format/xml";
import type { Entry, Libvirt } from "./client";

/** How a machine that uses something is told by its definition. */
export interface Use {
  /** A definition that has none of these texts needs no reading: on a host with many machines that is the work. */
  readonly texts: readonly string[];
  readonly matches: (domain: Element) => boolean;
}

/** The machines that use it: libvirt itself doesn't tell who uses a network or a volume. */
export async function domainsThat(libvirt: Libvirt, use: Use): Promise<Entry[]> {
  return usersAmong(await libvirt.list("domain"), libvirt, use);
}

/** Those of them that run; no other's definition is read. */
export async function runningThat(libvirt: Libvirt, use: Use): Promise<Entry[]> {
  const entries = await libvirt.list("domain");
  return usersAmong(
    entries.filter(({ isActive }) => isActive),
    libvirt,
    use,
  );
}

async function usersAmong(entries: readonly Entry[], libvirt: Libvirt, use: Use): Promise<Entry[]> {
  const users = await Promise.all(
    entries.map(async (entry) => ((await isUser(libvirt, entry.uuid, use)) ? [entry] : [])),
  );
  return users.flat();
}

async function isUser(libvirt: Libvirt, uuid: string, { texts, matches }: Use): Promise<boolean> {
  const xml = await libvirt.liveDefinition("domain", uuid);
  return xml !== undefined && texts.some((text) => mayHave(xml, text)) && matches(parse(xml));
}

/** What has other characters may be written in several ways. */
function mayHave(xml: string, text: string): boolean {
  return xml.includes(text) || !/^[\w./:+-]+$/.test(text);
}

export function usesNetwork(network: string): Use {
  const isIn = (nic: Element) => attributeOf(nic, "source", "network") === network;
  return {
    texts: [network],
    matches: (domain) => childrenOf(find(domain, "devices"), "interface").some(isIn),
  };
}

/** Where a volume is, in the ways in which a disk may name it. */
export interface VolumePlace {
  readonly path: string;
  readonly pool: string;
  readonly name: string;
}

/** As a disk, or as what a disk is based on; of the latter only running machines' definitions tell. */
export function usesVolume(place: VolumePlace): Use {
  return ofVolume(place, (disk) => chainOf(disk).some((image) => isAt(image, place)));
}

/** As a disk itself. */
export function opensVolume(place: VolumePlace): Use {
  return ofVolume(place, (disk) => isAt(disk, place));
}

/** As a disk that the guest may write to. */
export function writesVolume(place: VolumePlace): Use {
  return ofVolume(place, (disk) => isAt(disk, place) && find(disk, "readonly") === undefined);
}

/** As a disk or as a drive's medium. */
export function usesFile(file: string): Use {
  return { texts: [file], matches: (domain) => disksOf(domain).some((disk) => pathOf(disk) === file) };
}

function ofVolume({ path, name }: VolumePlace, matches: (disk: Element) => boolean): Use {
  return { texts: [path, name], matches: (domain) => disksOf(domain).some(matches) };
}

export function usesFilesBelow(folder: string): Use {
  const isBelow = (image: Element) => pathOf(image)?.startsWith(`${folder}/`) === true;
  return { texts: [folder], matches: (domain) => disksOf(domain).some((disk) => chainOf(disk).some(isBelow)) };
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
  const active = pools.filter(({ isActive }) => isActive);
  const found = await Promise.all(active.map(({ name }) => overlaysIn(libvirt, name, path)));
  return found.flat();
}

async function overlaysIn(libvirt: Libvirt, pool: string, path: string): Promise<string[]> {
  const names = await libvirt.volumes(pool);
  const found = await Promise.all(
    names.map(async (name) => {
      const xml = await libvirt.volume(pool, name);
      const isBased = xml?.includes("<backingStore>") === true && textOf(parse(xml), "backingStore/path") === path;
      return isBased ? [`${pool}/${name}`] : [];
    }),
  );
  return found.flat();
}
