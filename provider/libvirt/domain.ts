import { attributeOf, childrenOf, type Element, find } from "../format/xml";

/** The devices of a machine's definition, of one name or all. */
export function devicesOf(domain: Element, name?: string): readonly Element[] {
  return childrenOf(find(domain, "devices"), name);
}

export function nicsOf(domain: Element): readonly Element[] {
  return devicesOf(domain, "interface");
}

/** The network of a NIC. */
export function networkOf(nic: Element): string | undefined {
  return attributeOf(nic, "source", "network");
}

/** In lower case. */
export function macOf(nic: Element): string {
  return (attributeOf(nic, "mac", "address") ?? "").toLowerCase();
}

/** Disks and drives. */
export function disksOf(domain: Element): readonly Element[] {
  return devicesOf(domain, "disk");
}

/** A disk, not a drive. */
export function isDisk(device: Element): boolean {
  return device.name === "disk" && (device.attributes["device"] ?? "disk") === "disk";
}

/** The image of a disk, or the medium of a drive. */
export function imagePathOf(disk: Element): string | undefined {
  return attributeOf(disk, "source", "file") ?? attributeOf(disk, "source", "dev");
}

/** `POOL/VOLUME` of a disk or drive that is defined by these names. */
export function volumeOf(disk: Element): string | undefined {
  const { pool, volume } = find(disk, "source")?.attributes ?? {};
  return pool === undefined || volume === undefined ? undefined : `${pool}/${volume}`;
}

/** The path of an image, whatever defines it; the id of a volume whose path isn't known. @param paths of volumes */
export function imageOf(disk: Element, paths: Readonly<Record<string, string>>): string | undefined {
  const volume = volumeOf(disk);
  return imagePathOf(disk) ?? (volume === undefined ? undefined : (paths[volume] ?? volume));
}

/** The name of a disk or drive in the guest, such as `vda`. */
export function targetOf(disk: Element): string {
  return attributeOf(disk, "target", "dev") ?? "";
}
