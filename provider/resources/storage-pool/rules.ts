import { atMostOne, rulesOf } from "../../resource/rules";

/** The kinds of storage beside a plain folder: each is a property. */
export const storageTypes = ["fs", "netfs", "logical", "iscsi", "rbd", "zfs"] as const;

export type StorageType = (typeof storageTypes)[number] | "dir";

type Candidate = Readonly<Partial<Record<(typeof storageTypes)[number] | "path", unknown>>>;

/** A pool without any of the kinds is a folder. */
export function typeOf(inputs: Candidate): StorageType {
  return storageTypes.find((type) => inputs[type] !== undefined) ?? "dir";
}

export function hasFolder(type: StorageType): boolean {
  return type === "dir" || type === "fs" || type === "netfs";
}

/** What no single input can say of itself. */
export const storagePoolRules = rulesOf<Candidate>(
  atMostOne(storageTypes, (type) => `can't be together with ${type}: a pool has one kind of storage`),
  (inputs, report) => {
    if (inputs.path === undefined && hasFolder(typeOf(inputs)))
      report(["path"], "is missing: give a folder on the host");
  },
  (inputs, report) => {
    if (inputs.path === undefined) return;
    const type = typeOf(inputs);
    if (!hasFolder(type)) report(["path"], `is not for ${type}: where its volumes are is settled. Leave it out`);
  },
);
