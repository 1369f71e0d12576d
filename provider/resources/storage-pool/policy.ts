import { connectionPolicy } from "../../resource/connection-policy";
import type { PolicyTable } from "../../resource/policy";
import type { StoragePoolInputs } from "./schema";

/** A pool contains data: no change replaces it. */
export const storagePoolPolicies = {
  connection: connectionPolicy("refuse"),
  name: "refuse",
  adopt: "setting",
  deleteAdopted: "setting",
  shared: "setting",
  path: "refuse",
  fs: "refuse",
  netfs: "refuse",
  logical: "refuse",
  iscsi: "refuse",
  rbd: "refuse",
  zfs: "refuse",
  running: "live",
  autostart: "live",
} as const satisfies PolicyTable<StoragePoolInputs>;
