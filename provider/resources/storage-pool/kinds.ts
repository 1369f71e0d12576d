/** The kinds of storage beside a plain directory: each is a property of its own. */
export const storageKinds = ["fs", "netfs", "logical", "iscsi", "rbd", "zfs"] as const;

export type StorageKind = (typeof storageKinds)[number];

/** The types of pools as libvirt calls them. */
export const storageTypes = ["dir", ...storageKinds] as const;

export type StorageType = (typeof storageTypes)[number];

/** What a pool says of its kind; anything else in it is of no account. */
export type Kinded = Readonly<Partial<Record<StorageKind, unknown>>>;

/** A pool without any of the kinds is a plain directory. */
export function typeOf(inputs: Kinded): StorageType {
  return storageKinds.find((kind) => inputs[kind] !== undefined) ?? "dir";
}

/** Of these kinds the program chooses the directory, and libvirt makes it. */
export function hasDirectory(type: StorageType | undefined): boolean {
  return type === "dir" || type === "fs" || type === "netfs";
}
