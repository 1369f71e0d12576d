import path from "node:path";
import { headerBytes, qcow2Header } from "../format/qcow2";
import { attributeOf, childrenOf, type Element, find, parse } from "../format/xml";
import type { Files } from "../host/files";
import type { Entry, Libvirt } from "./client";
import { disksOf, imagePathOf, networkOf, nicsOf, volumeOf } from "./domain";
import { volumeBase } from "./storage";

/** How the definition of a machine shows that the machine uses something. */
export interface Use {
  /** A definition without any of these texts isn't parsed: on a host with many machines, parsing takes the time. */
  readonly texts: readonly string[];
  readonly matches: (domain: Element) => boolean;
}

/**
 * The machines that use it now or later: by the definition in force, by the one of the next start, and by those that a
 * saved state or a snapshot restores. libvirt itself doesn't list the users of a network or a volume.
 */
export async function domainsThat(libvirt: Libvirt, use: Use): Promise<Entry[]> {
  const definitions = await allDefinitions(libvirt);
  return definitions.filter(({ texts }) => texts.some((xml) => isUse(xml, use))).map(({ entry }) => entry);
}

interface Defined {
  readonly entry: Entry;
  /** Every definition of the machine. */
  readonly texts: readonly string[];
}

async function allDefinitions(libvirt: Libvirt): Promise<Defined[]> {
  const [entries, kept] = await Promise.all([libvirt.list("domain"), libvirt.keptDefinitions()]);
  return Promise.all(
    entries.map(async (entry) => {
      const texts = await Promise.all([
        libvirt.liveDefinition("domain", entry.uuid),
        entry.isActive ? libvirt.definition("domain", entry.uuid) : undefined,
      ]);
      return { entry, texts: [...texts.filter(isDefined), ...(kept.get(entry.uuid) ?? [])] };
    }),
  );
}

/** The running machines whose definition in force uses it; no other definition is read. */
export async function runningThat(libvirt: Libvirt, use: Use): Promise<Entry[]> {
  const entries = (await libvirt.list("domain")).filter(({ isActive }) => isActive);
  const users = await Promise.all(
    entries.map(async (entry) => {
      const xml = await libvirt.liveDefinition("domain", entry.uuid);
      return xml !== undefined && isUse(xml, use) ? [entry] : [];
    }),
  );
  return users.flat();
}

function isUse(xml: string, { texts, matches }: Use): boolean {
  return texts.some((text) => mayHave(xml, text)) && domainsIn(parse(xml)).some(matches);
}

/** A snapshot contains the machine's definitions. */
function domainsIn(root: Element): Element[] {
  if (root.name === "domain") return [root];
  return [root, find(root, "domain"), find(root, "inactiveDomain")].filter(isDefined);
}

/** A text with other characters can be written in several ways. */
function mayHave(xml: string, text: string): boolean {
  return xml.includes(text) || !/^[\w./:+-]+$/.test(text);
}

export function usesNetwork(network: string): Use {
  return { texts: [network], matches: (domain) => nicsOf(domain).some((nic) => networkOf(nic) === network) };
}

/** The names of a volume that a disk can use. */
export interface VolumePlace {
  readonly path: string;
  readonly pool: string;
  readonly name: string;
}

/**
 * As a disk, or as an image that a disk is based on or copied to; only definitions of running machines show the latter.
 */
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
  return { texts: [file], matches: (domain) => disksIn(domain).some((disk) => imagePathOf(disk) === file) };
}

function ofVolume({ path: file, name }: VolumePlace, matches: (disk: Element) => boolean): Use {
  return { texts: [file, name], matches: (domain) => disksIn(domain).some(matches) };
}

export function usesFilesBelow(directory: string): Use {
  const isBelow = (image: Element) => imagePathOf(image)?.startsWith(`${directory}/`) === true;
  return { texts: [directory], matches: (domain) => disksIn(domain).some((disk) => chainOf(disk).some(isBelow)) };
}

/** A machine that has an image as a disk, and the format in which it opens the image. */
export interface Driver {
  readonly machine: string;
  readonly format: string;
}

/** By all definitions of a machine. */
export async function driversOf(libvirt: Libvirt, place: VolumePlace): Promise<Driver[]> {
  const { texts } = opensVolume(place);
  return (await allDefinitions(libvirt)).flatMap(({ entry, texts: all }) =>
    all
      .filter((xml) => texts.some((text) => mayHave(xml, text)))
      .flatMap((xml) => domainsIn(parse(xml)).flatMap(disksIn))
      .filter((disk) => isAt(disk, place))
      .map((disk) => ({ machine: entry.name, format: attributeOf(disk, "driver", "type") ?? "raw" })),
  );
}

/** The image that a snapshot has created. */
function disksIn(definition: Element): readonly Element[] {
  return definition.name === "domainsnapshot" ? childrenOf(find(definition, "disks"), "disk") : disksOf(definition);
}

/** A disk's image, those that it is based on, and the image to which it is being copied. */
function chainOf(image: Element): Element[] {
  const others = [find(image, "backingStore"), find(image, "mirror")].filter(isDefined);
  return [image, ...others.flatMap(chainOf)];
}

function isAt(image: Element, { path: file, pool, name }: VolumePlace): boolean {
  return imagePathOf(image) === file || volumeOf(image) === `${pool}/${name}`;
}

/**
 * Images outside of pools that are disks of machines and based on the image at that path, by their own headers: libvirt
 * reports the backing images of running machines only.
 */
export async function machinesOver(libvirt: Libvirt, files: Pick<Files, "readFrom">, file: string): Promise<string[]> {
  const isBased = (image: string) => isBasedOn(files, image, file);
  const found = await Promise.all(
    (await allDefinitions(libvirt)).map(async ({ entry, texts }) => {
      const disks = texts.flatMap((xml) => domainsIn(parse(xml)).flatMap(disksIn)).filter(isQcow2);
      const based = await Promise.all([...new Set(disks.map(imagePathOf).filter(isDefined))].map(isBased));
      return based.includes(true) ? [entry.name] : [];
    }),
  );
  return found.flat();
}

/** A raw image has no header: its content belongs to the guest. */
function isQcow2(disk: Element): boolean {
  return attributeOf(disk, "driver", "type") === "qcow2";
}

const longestChain = 50;

export async function isBasedOn(
  files: Pick<Files, "readFrom">,
  image: string,
  file: string,
  depth = 0,
): Promise<boolean> {
  const backing = qcow2Header(await files.readFrom(image, 0, headerBytes).catch(() => Buffer.alloc(0)))?.backing;
  if (backing === undefined || depth > longestChain) return false;
  const base = path.resolve(path.dirname(image), backing);
  return base === file || isBasedOn(files, base, file, depth + 1);
}

/**
 * The volumes, as `POOL/VOLUME`, that are based on the image at that path. An image that can't be read counts as none
 * of them.
 */
export async function overlaysOf(libvirt: Libvirt, file: string): Promise<string[]> {
  const pools = await libvirt.list("pool");
  const active = pools.filter(({ isActive }) => isActive);
  const found = await Promise.all(active.map(({ name }) => overlaysIn(libvirt, name, file)));
  return found.flat();
}

async function overlaysIn(libvirt: Libvirt, pool: string, file: string): Promise<string[]> {
  const names = await libvirt.volumes(pool);
  const found = await Promise.all(
    names.map(async (name) => {
      // An image of another program may be deleted or unreadable: then it is based on nothing.
      const xml = await libvirt.volume(pool, name).catch(() => undefined);
      const isBased = xml?.includes("<backingStore>") === true && volumeBase.read(parse(xml)) === file;
      return isBased ? [`${pool}/${name}`] : [];
    }),
  );
  return found.flat();
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
