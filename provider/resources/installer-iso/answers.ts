import { createHash, createHmac } from "node:crypto";
import path from "node:path";
import { programFileSync } from "../../host/files";
import type { Answers, FamilyId, TextFile } from "../../install/family";
import { familyOf } from "../../install/index";
import type { Failure } from "../../resource/handler";
import { originOf } from "./origin";
import type { InstallerIsoInputs } from "./schema";

/** @param mark the line that the guest writes when the installation is complete */
export function answersOf(inputs: InstallerIsoInputs, family: FamilyId, mark: string): Answers {
  const pair = { template: textOf(inputs, family, "template"), table: textOf(inputs, family, "table") };
  const { system, data } = inputs;
  return familyOf(family).answers({ system, own: inputs[family], data, pair, mark });
}

/** What of the options this family can't do. */
export function limitsOf(inputs: InstallerIsoInputs, family: FamilyId): readonly Failure[] {
  return familyOf(family).limits(inputs.system, inputs[family]);
}

/**
 * SHA-256 of all that goes into the ISO but the mark, which is made of it. It stands in the state in plain text, and so does
 * most of what it is made of: without a key, a passphrase could be guessed by it. ISOs of earlier releases have none.
 */
export function digestOf(inputs: InstallerIsoInputs, family: FamilyId): string {
  const { initrd, iso, bootArguments } = answersOf(inputs, family, "");
  const [initrdFiles, isoFiles] = [initrd, iso].map((files) =>
    files.map(({ path: file, content, mode }) => [file, mode, Buffer.from(content).toString("base64")]),
  );
  const { digestKey } = inputs;
  return (digestKey === undefined ? createHash("sha256") : createHmac("sha256", digestKey))
    .update(JSON.stringify([originOf(inputs).sha256, bootArguments, initrdFiles, isoFiles]))
    .digest("hex");
}

/** The path of the template, for messages. */
export function templateOf(inputs: InstallerIsoInputs, family: FamilyId): string {
  return pathOf(inputs, family, "template");
}

function pathOf(inputs: InstallerIsoInputs, family: FamilyId, property: "template" | "table"): string {
  const shippedFolder = path.join(__dirname, "../../install", family);
  return inputs[property] ?? path.join(shippedFolder, familyOf(family).shipped[property]);
}

/** The user's file on the machine that runs Pulumi, or the family's. */
function textOf(inputs: InstallerIsoInputs, family: FamilyId, property: "template" | "table"): TextFile {
  const file = pathOf(inputs, family, property);
  return { path: file, text: programFileSync(file, property), isOwn: inputs[property] !== undefined };
}
