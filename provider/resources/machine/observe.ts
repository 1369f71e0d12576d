import { KvmError, NotFound } from "../../errors";
import { textOf } from "../../format/xml";
import type { Host } from "../../host/index";
import { formatOf } from "../../images";
import { missingVolume, volumeNamed } from "../../libvirt/look-up";
import { uuidOf } from "../../libvirt/mark";
import { canRunKvm, offersKvm } from "../../libvirt/capabilities";
import { type KnownNics, macsOf } from "./definition/macs";
import { checkNetworks } from "./guest/networks";
import type { MachineDisk, MachineInputs } from "./schema";
import type { Image, Surroundings } from "./definition/xml";

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

/** The images that an installation may erase, by the paths of their inputs; those that aren't there yet are left out. */
export async function imagesAtRisk(
  host: Host,
  { disks }: Pick<MachineInputs, "disks">,
): Promise<(readonly [string, Image])[]> {
  const atRisk = disksAtRisk(disks);
  const found = disks.map(async (disk, index) => {
    if (!atRisk.includes(index)) return [];
    const property = `disks[${index}]`;
    const image = await imageIfThere(host, disk, property);
    return image === undefined ? [] : [[imageProperty(disk, property), image] as const];
  });
  return (await Promise.all(found)).flat();
}

/**
 * The first disk, and those that the guest's kernel may count before it: it names SATA, SCSI and USB disks alike (sda), by
 * who answers first, and before virtio's (vda).
 */
export function disksAtRisk(disks: MachineInputs["disks"]): number[] {
  const [first] = disks;
  const isBefore = ({ bus, readOnly }: MachineDisk) => !readOnly && bus !== "virtio" && bus !== first?.bus;
  return disks.flatMap((disk, index) => (index === 0 || isBefore(disk) ? [index] : []));
}

/** @throws KvmError when virtualisation by hardware is asked for, and the host has none */
export async function requireDomainType({ libvirt }: Host, { domainType }: MachineInputs): Promise<void> {
  if (domainType !== "kvm" || offersKvm(await libvirt.capabilities())) return;
  throw new KvmError("unsupported", "kvm is not offered by the host: it has no /dev/kvm that libvirt can use", {
    property: "domainType",
    remedy: "Load the host's kvm module, or take qemu",
  });
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

export function installerLogOf({ folders }: Host, { name }: Pick<MachineInputs, "name">): string {
  return `${folders.consoles}/${name}.installer.log`;
}

/** The path of the input that names a disk's image. */
export function imageProperty({ volume }: MachineDisk, property: string): string {
  return `${property}.${volume === undefined ? "file" : "volume"}`;
}

/** The image of a disk; undefined when it isn't there yet, for another resource of the program may make it. */
export async function imageIfThere(host: Host, disk: MachineDisk, property: string): Promise<Image | undefined> {
  try {
    return await findImage(host, disk, property, undefined);
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
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
  if (volume.attributes["type"] === "network")
    throw new KvmError(
      "unsupported",
      `volume "${id}" lies on network storage, which no machine can have as a disk yet`,
      {
        property: `${property}.volume`,
        remedy: "Put it into a pool of files or devices of the host",
      },
    );
  const [pool = "", name = ""] = id.split("/");
  const place = { path: textOf(volume, "target/path") ?? "", pool, name };
  const said = format ?? known?.volumeFormats?.[id];
  return { path: place.path, format: await formatOf(host, { volume, place }, said, `${property}.format`) };
}
