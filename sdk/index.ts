export type { Size } from "../provider/values/units";
export type * from "./args.gen";
export { type Configuration, loadConfig } from "./config";
export { type DeployedMachine, Deployment } from "./deployment";
export * from "./resources.gen";
export { Server, type ServerArgs, type ServerDiskArgs, type ServerNicArgs } from "./server";
