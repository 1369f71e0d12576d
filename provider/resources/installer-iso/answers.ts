import { createHash } from "node:crypto";
import path from "node:path";
import { NotFound } from "../../errors";
import { readTextSync } from "../../host/files";
import { debian } from "../../install/debian/index";
import { debianOptions } from "../../install/debian/schema";
import type { Answers, HandOver, TextFile } from "../../install/family";
import type { InstallerIsoInputs } from "./schema";

/** The family that the inputs are for, with its options. */
export const family = debian;

function optionsOf({ debian: options }: InstallerIsoInputs) {
  return options ?? debianOptions.parse({});
}

/** @param mark the line that the guest writes when the installation is complete */
export function answersOf(inputs: InstallerIsoInputs, mark: string): Answers {
  const pair = { template: textOf(inputs, "template"), table: textOf(inputs, "table") };
  return family.answers({ options: optionsOf(inputs), data: inputs.data, pair, mark });
}

export function handOverOf(inputs: InstallerIsoInputs): HandOver {
  return family.handOver(optionsOf(inputs));
}

/** SHA-256 of all that goes into the ISO but the mark, which is made of it. */
export function digestOf(inputs: InstallerIsoInputs): string {
  const { initrd, bootArguments } = answersOf(inputs, "");
  const files = initrd.map(({ path: file, content, mode }) => [file, mode, Buffer.from(content).toString("base64")]);
  return createHash("sha256")
    .update(JSON.stringify([inputs.source.sha256, bootArguments, files]))
    .digest("hex");
}

const shippedFolder = path.join(__dirname, "../../install", family.id);

/** The user's file on the machine that runs Pulumi, or the family's. */
function textOf(inputs: InstallerIsoInputs, property: "template" | "table"): TextFile {
  const file = inputs[property] ?? path.join(shippedFolder, family.shipped[property]);
  const text = readTextSync(file);
  if (text !== undefined) return { path: file, text };
  throw new NotFound(`the file ${file} does not exist`, {
    property,
    remedy: "Give its path from the folder of the Pulumi program",
  });
}
