import { exactlyOne, rulesOf, within } from "../../resource/rules";
import { deviceRules } from "./rules/devices";
import { diskRules } from "./rules/disks";
import { nicRules } from "./rules/nics";
import { processorRules } from "./rules/processors";
import type { MachineInputs } from "./schema/machine";

/** Rules about several fields together. */
export const machineRules = rulesOf<MachineInputs>(
  within("xml", exactlyOne(["overlay", "template"], "must have either overlay or template"), (xml, report) => {
    if (xml.table !== undefined && xml.template === undefined)
      report(["table"], "belongs to a template; set template, or remove this");
  }),
  ...processorRules,
  ...diskRules,
  ...nicRules,
  ...deviceRules,
  ({ installer, disks }, report) => {
    if (installer !== undefined && disks.length === 0) report(["disks"], "is empty, but an installation needs a disk");
  },
  ({ installer, reinstall }, report) => {
    if (reinstall !== undefined && installer === undefined)
      report(["reinstall"], "needs an installer; set installer, or remove reinstall");
  },
  ({ wait, nics }, report) => {
    if (wait === "ssh" && nics.length === 0)
      report(["wait"], '"ssh" needs a network interface; add one to nics, or wait for "installed"');
  },
  ({ wait, running }, report) => {
    if (wait === "ssh" && running === false)
      report(["wait"], '"ssh" needs a running machine; set running to true, or wait for "installed"');
  },
);
