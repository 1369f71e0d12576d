import path from "node:path";
import { programDirectorySync, programFileSync } from "../../host/program-files";
import type { Answers, TextFile } from "../../install/family";
import { type FamilyId, familyOf } from "../../install/index";
import type { SystemOptions } from "../../install/shared/system";
import type { Failure } from "../../resource/handler";
import { systemOf } from "./host-keys";
import type { InstallerIsoInputs } from "./schema";

/** @param mark the line that the guest writes when the installation is complete */
export function answersOf(inputs: InstallerIsoInputs, family: FamilyId, mark: string): Answers {
  const pair = { template: textOf(inputs, family, "template"), table: textOf(inputs, family, "table") };
  const { data } = inputs;
  return familyOf(family).answers({ system: withDirectories(systemOf(inputs)), own: inputs[family], data, pair, mark });
}

/** The directories that the hand-over names, as the texts of their files. */
function withDirectories(system: SystemOptions): SystemOptions {
  const { handOver } = system;
  if (handOver?.salt === undefined) return system;
  const { config, state } = handOver.salt;
  const read = (key: "config" | "state", given: string | Readonly<Record<string, string>> | undefined) =>
    typeof given === "string" ? programDirectorySync(given, `system.handOver.salt.${key}`) : given;
  const salt = { ...handOver.salt, config: read("config", config), state: read("state", state) };
  return { ...system, handOver: { ...handOver, salt } };
}

/** The given options that this family does not support. */
export function limitsOf(inputs: InstallerIsoInputs, family: FamilyId): readonly Failure[] {
  return familyOf(family).limits(inputs.system, inputs[family]);
}

/** The path of the template, for messages. */
export function templateOf(inputs: InstallerIsoInputs, family: FamilyId): string {
  return pathOf(inputs, family, "template");
}

function pathOf(inputs: InstallerIsoInputs, family: FamilyId, property: "template" | "table"): string {
  const shippedDirectory = path.join(__dirname, "../../install", family);
  return inputs[property] ?? path.join(shippedDirectory, familyOf(family).shipped[property]);
}

/** The user's file on the machine that runs Pulumi, or the family's. */
function textOf(inputs: InstallerIsoInputs, family: FamilyId, property: "template" | "table"): TextFile {
  const file = pathOf(inputs, family, property);
  return { path: file, text: programFileSync(file, property), isOwn: inputs[property] !== undefined };
}
