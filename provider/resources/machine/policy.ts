import type { PolicyTable } from "../../policy";
import type { MachineInputs } from "./schema";

export const machinePolicies = {
  connection: "replace",
  name: "replace",
  memory: "restart",
  vcpus: "restart",
  // What is installed boots with the firmware that it was installed with.
  firmware: "replace",
  disks: "restart",
  nics: "restart",
  installer: "reinstall",
  wait: "setting",
  installTimeout: "setting",
  sshTimeout: "setting",
  shutdownTimeout: "setting",
  consoleLog: "restart",
  domainType: "restart",
  autostart: "live",
} as const satisfies PolicyTable<MachineInputs>;
