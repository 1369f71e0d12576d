/** The kinds of storage other than a plain directory: each is its own property. */
export const storageKinds = ["fs", "netfs", "logical", "iscsi", "rbd", "zfs"] as const;

export type StorageKind = (typeof storageKinds)[number];

/** libvirt's names for the types of pools. */
export const storageTypes = ["dir", ...storageKinds] as const;

export type StorageType = (typeof storageTypes)[number];

/** The inputs that say a pool's kind; the others don't matter. */
export type Kinded = Readonly<Partial<Record<StorageKind, unknown>>>;

/** A pool without any of the kinds is a plain directory. */
export function typeOf(inputs: Kinded): StorageType {
  return storageKinds.find((kind) => inputs[kind] !== undefined) ?? "dir";
}

/** For these kinds the program chooses the directory, and libvirt creates it. */
export function hasDirectory(type: StorageType | undefined): boolean {
  return type === "dir" || type === "fs" || type === "netfs";
}
