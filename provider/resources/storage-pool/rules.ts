import type { z } from "zod";

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
export function storagePoolRules(inputs: Candidate, context: z.core.$RefinementCtx): void {
  const report = (at: string, message: string) =>
    context.addIssue({ code: "custom", path: [at], message, input: inputs });
  const [type, ...others] = storageTypes.filter((candidate) => inputs[candidate] !== undefined);
  for (const other of others) report(other, `can't be together with ${type ?? ""}: a pool has one kind of storage`);
  if (hasFolder(typeOf(inputs)) && inputs.path === undefined) report("path", "is missing: give a folder on the host");
  if (!hasFolder(typeOf(inputs)) && inputs.path !== undefined)
    report("path", `is not for ${type ?? ""}: where its volumes are is settled. Leave it out`);
}
