export type * from "./args.gen";
export type { Size } from "../provider/values/units";
export { type Configuration, loadConfig } from "./config";
export { type DeployedMachine, Deployment } from "./deployment";
export { InstallerIso } from "./installer-iso";
export { Machine } from "./machine";
export { Network } from "./network";
export { StoragePool } from "./storage-pool";
export { Volume } from "./volume";
