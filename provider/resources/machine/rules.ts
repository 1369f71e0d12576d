import type { z } from "zod";
import { addressRules, nicRules } from "./rules/nics";
import { diskRules } from "./rules/disks";
import { deviceRules } from "./rules/devices";
import { processorRules } from "./rules/processors";
import { type Candidate, given, type Report } from "./rules/candidate";

const rules = [overlayRules, processorRules, diskRules, nicRules, addressRules, deviceRules, installationRules];

/** What no single field can say of itself. */
export function machineRules(machine: Candidate, context: z.core.$RefinementCtx): void {
  const report: Report = (path, message) =>
    context.addIssue({ code: "custom", path: [...path], message, input: machine });
  for (const rule of rules) rule(machine, report);
}

function overlayRules({ xml }: Candidate, report: Report): void {
  if (xml === undefined) return;
  if (given(xml, ["overlay", "template"]).length !== 1) report(["xml"], "must have either overlay or template");
  if (xml.table !== undefined && xml.template === undefined)
    report(["xml", "table"], "is of a template; set that, or leave this out");
}

function installationRules({ installer, disks, wait, nics, running }: Candidate, report: Report): void {
  if (installer !== undefined && disks.length === 0) report(["disks"], "is empty: an installation needs a disk");
  if (wait === "ssh" && nics.length === 0)
    report(["wait"], '"ssh" needs a network interface; add one to nics, or wait for "none"');
  if (wait === "ssh" && running === false)
    report(["wait"], '"ssh" needs a machine that runs; set running to true, or wait for "none"');
}
