import { KvmError, NotFound } from "../../errors";
import { attributeOf, parse, textOf } from "../../format/xml";
import type { Host } from "../../host/index";
import { installationPath, type Installation, parseInstallation } from "../../install/installation";
import { readIsoText } from "../../iso/inspect";
import { receiptOf } from "../../iso/receipt";
import { missingVolume, volumeNamed } from "../../libvirt/look-up";
import { readMark, uuidOf } from "../../libvirt/mark";
import { canRunKvm } from "../../libvirt/capabilities";
import { type KnownNics, macsOf } from "./identity";
import { checkNetworks } from "./networks";
import type { MachineDisk, MachineInputs } from "./schema";
import type { Image, Surroundings } from "./xml";

/** What identifies a machine that is there already. */
export interface Known extends KnownNics {
  readonly uuid: string;
  /** Undefined when it is the default, or another one is asked for now. */
  readonly consoleLog?: string | undefined;
}

/** Finds on the host what the machine's inputs name; what is missing is told with its property path. */
export async function survey(
  host: Host,
  inputs: MachineInputs,
  identity: string,
  known?: Known,
): Promise<Surroundings> {
  // All at the same moment: then their reads share processes.
  const [domainType, images] = await Promise.all([
    inputs.domainType ?? defaultDomainType(host),
    Promise.all(inputs.disks.map((disk, index) => findImage(host, disk, `disks[${index}].volume`))),
    checkNetworks(host, inputs),
  ]);
  return {
    uuid: known?.uuid ?? uuidOf("domain", identity),
    domainType,
    images,
    macs: macsOf(inputs, identity, known),
    consoleLog: known?.consoleLog ?? consoleLogOf(host, inputs),
  };
}

async function defaultDomainType({ libvirt }: Host): Promise<"kvm" | "qemu"> {
  return canRunKvm(await libvirt.capabilities()) ? "kvm" : "qemu";
}

export function consoleLogOf(
  { folders }: Host,
  { consoleLog, name }: Pick<MachineInputs, "consoleLog" | "name">,
): string {
  return consoleLog ?? `${folders.consoles}/${name}.log`;
}

export function installerLogOf({ folders }: Host, { name }: MachineInputs): string {
  return `${folders.consoles}/${name}.installer.log`;
}

/**
 * What the ISO says of itself: only one made by an InstallerIso tells when its installation is complete. Of one that was
 * deleted after this machine's installation, the receipt says it.
 */
export async function readInstallation(host: Host, iso: string, uuid: string): Promise<Installation> {
  const details = { property: "installer", remedy: "Give the id of an InstallerIso" };
  if ((await host.files.stat(iso)) === undefined) {
    const receipt = await receiptOf(iso, host);
    if (receipt === undefined) throw new NotFound(`${iso} does not exist on the host`, details);
    if (receipt.machine === uuid && (await isInstalled(host, uuid))) return receipt.installation;
    throw deleted(iso, receipt.machine === uuid);
  }
  const text = await readIsoText(iso, installationPath, host);
  if (text === undefined) throw new KvmError("unknown-iso", `${iso} was not made by kvm-deploy`, details);
  return parseInstallation(text, iso);
}

async function isInstalled({ libvirt }: Host, uuid: string): Promise<boolean> {
  const xml = await libvirt.definition("domain", uuid);
  return xml !== undefined && readMark(parse(xml))?.phase === "ready";
}

function deleted(iso: string, isOwn: boolean): NotFound {
  const remedy = isOwn
    ? "Run `pulumi up` again, which writes it anew first; with `keep: true` at its InstallerIso it stays"
    : "Set `keep: true` at its InstallerIso, which writes it anew, so that several machines can be installed from it";
  return new NotFound(`${iso} was deleted after an installation`, { property: "installer", remedy });
}

async function findImage(
  { libvirt }: Host,
  { volume, file = "", format = "raw" }: MachineDisk,
  property: string,
): Promise<Image> {
  if (volume === undefined) return { path: file, format };
  const root = await volumeNamed(libvirt, volume);
  if (root === undefined) throw missingVolume(volume, property);
  return { path: textOf(root, "target/path") ?? "", format: attributeOf(root, "target/format", "type") ?? "raw" };
}
