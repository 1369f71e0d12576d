export type * from "./args.gen";
export { loadConfig } from "./config";
export { Deployment } from "./deployment";
export * from "./resources.gen";
