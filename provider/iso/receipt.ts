import { z } from "zod";
import { identityOf, type Installation, parseInstallation } from "../install/installation";
import type { Host } from "../resource/host";
import { KvmError } from "../values/errors";

/** What is left of an ISO that was deleted after its installation. No secrets. */
export interface Receipt {
  readonly installation: Installation;
  /** UUID of the machine that was installed from it. */
  readonly machine: string;
}

const schema = z.object({ machine: z.string(), installation: z.unknown() });

/** Undefined when no machine was installed from the ISO since it was written. */
export async function receiptOf(iso: string, { files }: Pick<Host, "files">): Promise<Receipt | undefined> {
  const text = await files.readTextIfPresent(fileOf(iso));
  return text === undefined ? undefined : parseReceipt(text, fileOf(iso));
}

function parseReceipt(text: string, file: string): Receipt {
  try {
    const { machine, installation } = schema.parse(JSON.parse(text));
    return { machine, installation: parseInstallation(JSON.stringify(installation), file) };
  } catch (cause) {
    throw new KvmError("invalid-input", `${file} is damaged: it notes which machine was installed from an ISO`, {
      remedy: "Restore it from a backup, or delete it: then the ISO is written anew by the next `pulumi up`",
      cause,
    });
  }
}

/** Deletes the ISO, whose answers hold keys and hashes of passwords. The receipt comes first: one of both is always there. */
export async function discardIso(iso: string, receipt: Receipt, { files }: Pick<Host, "files">): Promise<void> {
  await files.write(fileOf(iso), `${JSON.stringify(receipt, null, 2)}\n`);
  await files.remove(iso);
}

/** That of another resource's ISO stays. */
export async function removeReceipt(iso: string, identity: string, host: Pick<Host, "files">): Promise<void> {
  const receipt = await receiptOf(iso, host);
  if (receipt !== undefined && identityOf(receipt.installation) === identity) await host.files.remove(fileOf(iso));
}

function fileOf(iso: string): string {
  return `${iso}.installed.json`;
}
