import { at, inside, number, orElse, type Places, presence, read, write } from "../../../format/place";
import { attributeOf, childrenOf, el, type Element } from "../../../format/xml";
import { imageOf, isDisk, volumeOf } from "../../../libvirt/domain";
import type { Facts } from "../schema/actual";
import type { MachineDisk, MachineInputs } from "../schema/machine";
import { bootingByDevice, bootOrderIn, bootOrders, bootXml } from "./boot";
import { append, inOrderOf, type Last, type Part, pathsIn } from "./part";
import { targetsOf, withSameDisks } from "./targets";

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
    path: file ?? volumePaths[volume] ?? volume,
    format: format ?? volumeFormats[volume] ?? "raw",
  }));
}

/** What stands in the element; which image it is, is found on the host. */
type DiskValues = Omit<MachineDisk, "volume" | "file" | "format" | "bootOrder">;

const places: Places<DiskValues> = {
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

export const disks: Part<MachineDisk[]> = {
  write: (devices, values, { inputs, actual, media }) => {
    const [images, targets] = [imagesOf(inputs, actual), targetsOf(inputs).disks];
    const orders = bootOrders(inputs, media !== undefined).disks;
    const xml = values.map((disk, index) => diskXml(disk, images[index], targets[index], orders[index]));
    return append(devices, ...xml);
  },
  read: (devices, _, reading) => {
    const orderOf = bootOrderIn(devices);
    return disksIn(devices, reading).map((device) => ({ ...diskOf(device, reading), bootOrder: orderOf(device) }));
  },
  known: { disk: { key: (device) => attributeOf(device, "target", "dev") } },
  align: withSameDisks,
  fit: bootingByDevice,
};

function diskXml(
  disk: MachineDisk,
  { path, format }: Image = { path: "", format: "raw" },
  target = "",
  order: number | undefined,
): Element {
  const bare = el(
    "disk",
    // Type file, not volume: AppArmor's helper can't look up volumes.
    { type: isBlockDevice(path) ? "block" : "file", device: "disk" },
    el("driver", { name: "qemu", type: format }),
    el("source", isBlockDevice(path) ? { dev: path } : { file: path }),
    el("target", { dev: target }),
    bootXml(order),
  );
  return write(bare, places, disk);
}

function isBlockDevice(path: string): boolean {
  return path.startsWith("/dev/");
}

function disksIn(devices: Element, { inputs, facts }: Last): Element[] {
  const asked = inputs.disks.map(({ volume, file }) => file ?? facts.volumePaths[volume ?? ""] ?? volume ?? "");
  return inOrderOf(
    asked,
    childrenOf(devices, "disk").filter(isDisk),
    (device) => imageOf(device, pathsIn(facts)) ?? "",
  );
}

function diskOf(device: Element, { inputs, facts }: Last): MachineDisk {
  const values = read(device, places) as DiskValues;
  const path = imageOf(device, pathsIn(facts)) ?? "";
  const isGivenAsFile = inputs.disks.some(({ file }) => file === path);
  const known = Object.entries(facts.volumePaths).find(([, image]) => image === path)?.[0];
  const volume = known ?? (isGivenAsFile ? undefined : volumeOf(device));
  const format = attributeOf(device, "driver", "type") as MachineDisk["format"];
  const asked = inputs.disks.find((disk) => (volume === undefined ? disk.file === path : disk.volume === volume));
  if (volume !== undefined) return { volume, ...(asked?.format === undefined ? {} : { format }), ...values };
  return { file: path, format: asked?.format === undefined && format === "raw" ? undefined : format, ...values };
}
