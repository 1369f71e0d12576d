import path from "node:path";
import { type Installation, installationPath, parseInstallation } from "../../install/installation";
import { readIsoText } from "../../iso/inspect";
import { type Receipt, receiptOf } from "../../iso/receipt";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import type { InstallerIsoInputs } from "./schema";

/** The path of the ISO on the host; also the resource's id. */
export function pathOf(
  { directory, name }: Pick<InstallerIsoInputs, "directory" | "name">,
  { directories }: Pick<Host, "directories">,
): string {
  return path.join(directory ?? directories.isos, `${name}.iso`);
}

/** What was installed from the ISO, if it was deleted after the installation. */
export async function receiptIfDeleted(iso: string, host: Host): Promise<Receipt | undefined> {
  return (await host.files.stat(iso)) === undefined ? receiptOf(iso, host) : undefined;
}

/**
 * Undefined if the file is no ISO, or if this release of kvm-deploy can't read it: then it is not the resource's own.
 */
export async function installationAt(iso: string, host: Host): Promise<Installation | undefined> {
  try {
    const text = await readIsoText(iso, installationPath, host);
    return text === undefined ? undefined : parseInstallation(text, iso);
  } catch (error) {
    if (error instanceof KvmError && ["unknown-iso", "invalid-input"].includes(error.code)) return undefined;
    throw error;
  }
}
