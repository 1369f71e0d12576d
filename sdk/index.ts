export type * from "./args.gen";
export { loadConfig } from "./config";
export { Deployment } from "./deployment";
export { InstallerIso } from "./installer-iso";
export { Machine } from "./machine";
export { Network } from "./network";
export { StoragePool } from "./storage-pool";
export { Volume } from "./volume";
