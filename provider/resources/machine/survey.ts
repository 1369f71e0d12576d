import { KvmError, NotFound } from "../../errors";
import { parse, textOf } from "../../format/xml";
import type { Host } from "../../host/index";
import { installationPath, type Installation, parseInstallation } from "../../install/installation";
import { formatOf } from "../../images";
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
  /** The formats that volumes of others were taken as at the last deployment, by the volume's id. */
  readonly volumeFormats?: Readonly<Record<string, string>>;
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
    Promise.all(inputs.disks.map((disk, index) => findImage(host, disk, `disks[${index}]`, known))),
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

export async function defaultDomainType({ libvirt, files }: Host): Promise<"kvm" | "qemu"> {
  const [capabilities, cpuInfo = ""] = await Promise.all([
    libvirt.capabilities(),
    files.readTextIfPresent("/proc/cpuinfo"),
  ]);
  return canRunKvm(capabilities, cpuInfo) ? "kvm" : "qemu";
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
  host: Host,
  { volume: id, file = "", format }: MachineDisk,
  property: string,
  known: Known | undefined,
): Promise<Image> {
  if (id === undefined) return { path: file, format: format ?? "raw" };
  const volume = await volumeNamed(host.libvirt, id);
  if (volume === undefined) throw missingVolume(id, `${property}.volume`);
  const [pool = "", name = ""] = id.split("/");
  const place = { path: textOf(volume, "target/path") ?? "", pool, name };
  const said = format ?? known?.volumeFormats?.[id];
  return { path: place.path, format: await formatOf(host, { volume, place }, said, `${property}.format`) };
}
