import { at, inside, number, orElse, type Places, presence, read, write } from "../../../format/place";
import { attributeOf, el, type Element } from "../../../format/xml";
import type { Facts } from "../schema/actual";
import type { MachineCdrom, MachineDisk, MachineInputs } from "../schema/machine";

export interface Image {
  readonly path: string;
  readonly format: string;
}

/** The image of each disk, in their order. */
export function imagesOf(
  { disks }: Pick<MachineInputs, "disks">,
  { volumePaths, volumeFormats }: Pick<Facts, "volumePaths" | "volumeFormats">,
): Image[] {
  return disks.map(({ volume = "", file, format }) => ({
    path: file ?? volumePaths[volume] ?? "",
    format: format ?? volumeFormats[volume] ?? "raw",
  }));
}

/** What stands in the element; which image it is, is found on the host. */
type DiskValues = Omit<MachineDisk, "volume" | "file" | "format" | "bootOrder">;

const diskPlaces: Places<DiskValues> = {
  bus: at("target/@bus"),
  cache: at("driver/@cache"),
  io: at("driver/@io"),
  discard: orElse(at("driver/@discard"), "ignore"),
  detectZeroes: at("driver/@detect_zeroes"),
  serial: at("serial"),
  readOnly: presence("readonly"),
  iotune: inside<NonNullable<MachineDisk["iotune"]>>("iotune", {
    totalBytes: at("total_bytes_sec", number),
    readBytes: at("read_bytes_sec", number),
    writeBytes: at("write_bytes_sec", number),
    totalRequests: at("total_iops_sec", number),
    readRequests: at("read_iops_sec", number),
    writeRequests: at("write_iops_sec", number),
  }),
};

const cdromPlaces: Places<Omit<MachineCdrom, "bootOrder">> = { medium: at("source/@file"), bus: at("target/@bus") };

/** The drive of the installations, by the only name that libvirt lets others choose. */
const installerDrive = "ua-installer";

export function diskXml(disk: MachineDisk, image: Image, target: string, order: number | undefined): Element {
  const bare = el(
    "disk",
    // Type file, not volume: AppArmor's helper can't look up volumes.
    { type: isBlockDevice(image.path) ? "block" : "file", device: "disk" },
    el("driver", { name: "qemu", type: image.format }),
    el("source", isBlockDevice(image.path) ? { dev: image.path } : { file: image.path }),
    el("target", { dev: target }),
    bootXml(order),
  );
  return write(bare, diskPlaces, disk);
}

export function readDisk(device: Element): DiskValues {
  return read(device, diskPlaces) as DiskValues;
}

export function cdromXml(cdrom: MachineCdrom, target: string, order: number | undefined): Element {
  const bare = el(
    "disk",
    { type: "file", device: "cdrom" },
    el("driver", { name: "qemu", type: "raw" }),
    el("target", { dev: target }),
    el("readonly"),
    bootXml(order),
  );
  return write(bare, cdromPlaces, cdrom);
}

export function readCdrom(device: Element): MachineCdrom {
  return read(device, cdromPlaces) as MachineCdrom;
}

export function installerDriveXml(medium: string, target: string): Element {
  const drive = cdromXml({ medium, bus: "sata" }, target, 1);
  return { ...drive, children: [...drive.children, el("alias", { name: installerDrive })] };
}

/** A drive of the machine's own. */
export function isCdrom(device: Element): boolean {
  return device.name === "disk" && device.attributes["device"] === "cdrom" && !isInstallerDrive(device);
}

export function isInstallerDrive(device: Element): boolean {
  return device.name === "disk" && attributeOf(device, "alias", "name") === installerDrive;
}

export function bootXml(order: number | undefined): Element | undefined {
  return order === undefined ? undefined : el("boot", { order });
}

/** The guest's device names of disks: `vda`, `vdb`, `sda`, …; those that are taken are left out. */
export function targetNames(disks: readonly { readonly bus: string }[], taken: readonly string[]): string[] {
  const used = new Set(taken);
  return disks.map(({ bus }) => {
    const target = freeTarget(bus === "virtio" ? "vd" : "sd", used);
    used.add(target);
    return target;
  });
}

function freeTarget(prefix: string, used: ReadonlySet<string>): string {
  for (let index = 0; ; index += 1) {
    const target = prefix + lettersOf(index);
    if (!used.has(target)) return target;
  }
}

/** Behind z comes aa. */
function lettersOf(index: number): string {
  const last = String.fromCharCode("a".charCodeAt(0) + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}

function isBlockDevice(path: string): boolean {
  return path.startsWith("/dev/");
}
