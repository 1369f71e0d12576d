import { type DiskOptions, fileSystemsOf, hasVolumes, isMirrored, swapMebibytes } from "../shared/disk";

const everything = { search: "*", delete: true };
const growing = { min: "4 GiB" };
const least = { min: "512 MiB" };
const volumeGroup = "system";

/** Disks and file systems in Agama's words; a drive that isn't searched for is the first one. */
export function storageOf(disk: DiskOptions) {
  const { devices, layout, passphrase } = disk;
  const searched = (index: number) => (devices?.[index] === undefined ? {} : { search: devices[index] });
  const places = placesOf(disk);
  if (isMirrored(disk)) {
    const drives = (devices ?? []).map((_device, index) => ({
      ...searched(index),
      partitions: [everything, ...firmwareParts(index), { alias: `half${index}`, id: "raid", size: growing }],
    }));
    const array = { name: "system", level: "raid1", devices: drives.map((_drive, index) => `half${index}`) };
    if (layout === "raid1") return { drives, mdRaids: [{ ...array, filesystem: fileSystemOf(disk) }] };
    const volumes = { name: volumeGroup, physicalVolumes: ["array"], logicalVolumes: places };
    return { drives, mdRaids: [{ ...array, alias: "array" }], volumeGroups: [volumes] };
  }
  if (!hasVolumes(disk)) {
    const partitions = places.map(({ size, filesystem }) => ({ size, filesystem }));
    return { drives: [{ ...searched(0), partitions: [everything, ...partitions] }] };
  }
  const encryption = passphrase === undefined ? {} : { encryption: { luks2: { password: passphrase } } };
  return {
    drives: [{ ...searched(0), alias: "disk", partitions: [everything] }],
    volumeGroups: [
      {
        name: volumeGroup,
        physicalVolumes: [{ generate: { targetDevices: ["disk"], ...encryption } }],
        logicalVolumes: places,
      },
    ],
  };
}

/** For BIOS and for UEFI, on each disk: the profile doesn't know the firmware. The hand-over fills those of further disks. */
function firmwareParts(index: number) {
  const filesystem = index === 0 ? { filesystem: { path: "/boot/efi", type: "vfat" } } : {};
  return [
    { id: "bios_boot", size: "8 MiB" },
    { id: "esp", size: "1 GiB", ...filesystem },
  ];
}

/** The file systems and the swap space, each as a logical volume has it. Without an option of its size, there is no swap. */
function placesOf(disk: DiskOptions) {
  const swap = swapMebibytes(disk);
  const fileSystems = fileSystemsOf(disk).map(({ path, name, kind, mebibytes }) => ({
    name,
    size: mebibytes === undefined ? (path === "/" ? growing : least) : `${mebibytes} MiB`,
    filesystem: { path, ...(kind === undefined ? {} : { type: kind }) },
  }));
  if (typeof swap !== "number") return fileSystems;
  return [...fileSystems, { name: "swap", size: `${swap} MiB`, filesystem: { path: "swap", type: "swap" } }];
}

function fileSystemOf({ fileSystem }: DiskOptions) {
  return { path: "/", ...(fileSystem === undefined ? {} : { type: fileSystem }) };
}
