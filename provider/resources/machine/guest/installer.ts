import { type Installation, installationPath, parseInstallation } from "../../../install/installation";
import { readIsoText } from "../../../iso/inspect";
import { type PromisedIso, promisedIso } from "../../../iso/promised";
import { type Receipt, receiptOf } from "../../../iso/receipt";
import type { Context } from "../../../resource/handler";
import type { Host } from "../../../resource/host";
import { KvmError, NotFound } from "../../../values/errors";

const details = { property: "installer", remedy: "Give the id of an InstallerIso" };

/**
 * The ISO's record of its installation; undefined if the ISO is missing. @throws KvmError if kvm-deploy didn't create
 * it
 */
export async function installationOn(host: Host, iso: string): Promise<Installation | undefined> {
  if ((await host.files.stat(iso)) === undefined) return undefined;
  const text = await readIsoText(iso, installationPath, host);
  if (text === undefined) throw new KvmError("unknown-iso", `kvm-deploy did not create ${iso}`, details);
  return parseInstallation(text, iso);
}

/**
 * At preview: the ISO exists, or can be written again.
 * @param machine UUID of the machine to be installed, or of the one that it replaces
 * @returns what it installs; undefined if that is not known yet
 */
export async function requireInstaller(
  host: Host,
  iso: string,
  machine: string | undefined,
): Promise<Pick<Installation, "family" | "release"> | undefined> {
  const present = await installationOn(host, iso);
  if (present !== undefined) return present;
  const way = await wayToWrite(host, iso, machine);
  return way.installed();
}

/** At preview: where the next installation from the ISO installs, and whether it needs a TPM, as far as that is known. */
export async function nextInstallation(
  host: Host,
  iso: string,
): Promise<Pick<Installation, "disk" | "tpm"> | undefined> {
  return promisedIso(host, iso) ?? (await installationOn(host, iso)) ?? (await receiptOf(iso, host))?.installation;
}

/** The installation; an ISO that was deleted after an installation is first written again. */
export async function obtainInstaller(
  host: Host,
  iso: string,
  machine: string | undefined,
  reporter: Pick<Context, "progress" | "warn" | "signal">,
): Promise<Installation> {
  const present = await installationOn(host, iso);
  if (present !== undefined) return present;
  const way = await wayToWrite(host, iso, machine);
  await way.write(reporter);
  const written = await installationOn(host, iso);
  if (written === undefined) throw new NotFound(`${iso} does not exist on the host`, details);
  return written;
}

/** The error for a missing ISO. @throws NotFound if no resource can write it, or it belongs to another machine */
async function wayToWrite(host: Host, iso: string, machine: string | undefined): Promise<PromisedIso> {
  const [receipt, way] = [await receiptOf(iso, host), promisedIso(host, iso)];
  if (receipt !== undefined && !isWrittenAnyway(receipt, way) && (await isOthers(host, receipt, machine)))
    throw deleted(iso, "Set `keep: true` at its InstallerIso, so that several machines can be installed from it");
  if (way !== undefined) return way;
  if (receipt === undefined) throw new NotFound(`${iso} does not exist on the host`, details);
  throw deleted(iso, "Include its InstallerIso in this run, which writes it again: run without --target, or name both");
}

/** The InstallerIso writes the ISO again in the same run. */
function isWrittenAnyway({ installation }: Receipt, way: PromisedIso | undefined): boolean {
  return way !== undefined && (way.keep || way.digest !== installation.digest);
}

async function isOthers({ libvirt }: Host, receipt: Receipt, machine: string | undefined): Promise<boolean> {
  return receipt.machine !== machine && (await libvirt.exists("domain", receipt.machine));
}

function deleted(iso: string, remedy: string): NotFound {
  return new NotFound(`${iso} was deleted after an installation`, { property: "installer", remedy });
}
