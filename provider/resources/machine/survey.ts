import { KvmError, NotFound } from "../../errors";
import { attributeOf, parse, textOf } from "../../format/xml";
import type { Host } from "../../host/index";
import { missingVolume, volumeNamed } from "../../libvirt/look-up";
import { uuidOf } from "../../libvirt/mark";
import { canRunKvm, offersKvm } from "../../libvirt/capabilities";
import { type KnownNics, macsOf } from "./identity";
import { isInSubnet } from "./reservations";
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

/** The images that an installation may erase, by the paths of their inputs; those that aren't there yet are left out. */
export async function imagesAtRisk(
  host: Host,
  { disks }: Pick<MachineInputs, "disks">,
): Promise<(readonly [string, Image])[]> {
  const atRisk = disksAtRisk(disks);
  const found = disks.map(async (disk, index) => {
    if (!atRisk.includes(index)) return [];
    const property = `disks[${index}].${disk.volume === undefined ? "file" : "volume"}`;
    try {
      return [[property, await findImage(host, disk, property)] as const];
    } catch (error) {
      if (error instanceof NotFound) return [];
      throw error;
    }
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

async function defaultDomainType({ libvirt }: Host): Promise<"kvm" | "qemu"> {
  return canRunKvm(await libvirt.capabilities()) ? "kvm" : "qemu";
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

async function checkNetworks({ libvirt }: Host, { nics }: MachineInputs): Promise<void> {
  const networks = await libvirt.list("network");
  for (const [index, { network, address }] of nics.entries()) {
    if (network === undefined) continue;
    const entry = networks.find(({ name }) => name === network);
    if (entry === undefined) {
      const names = networks.map(({ name }) => name).join(", ");
      throw new NotFound(`the host has no network "${network}"; it has ${names === "" ? "none" : names}`, {
        property: `nics[${index}].network`,
        remedy: "Name one of those, or make it with a Network",
      });
    }
    const definition = await libvirt.definition("network", entry.uuid);
    if (address === undefined || definition === undefined || isInSubnet(parse(definition), address) !== false) continue;
    throw new KvmError("invalid-input", `${address} is not a host's address in the subnet of network "${network}"`, {
      property: `nics[${index}].address`,
      remedy: "Choose one from its subnet",
    });
  }
}
