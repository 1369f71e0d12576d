import { type DiskOptions, fileSystemsOf, hasVolumes, isMirrored, swapMebibytes } from "../shared/disk";

/** Stands for the first disk, which is known when the installer runs; left to itself, that takes the largest one. */
export const firstDisk = "/dev/kvm-deploy-first-disk";

/** Stand for true where the installer runs with that firmware, and for false with the other. */
export const byFirmware = { bios: "kvm-deploy-with-bios", uefi: "kvm-deploy-with-uefi" };

const volumeGroup = "ubuntu-vg";

/** The section of autoinstall: one of the installer's own layouts, or actions where they can't do what is requested. */
export function storageOf(disk: DiskOptions) {
  // Of itself the installer makes a swap file.
  const swap = disk.swap === undefined ? {} : { swap: { size: 0 } };
  if (isDescribed(disk)) return { ...swap, config: actionsOf(disk) };
  return { layout: layoutOf(disk), ...swap };
}

/** Whether the installer's own layouts can't do what is requested. */
export function isDescribed(disk: DiskOptions): boolean {
  return isMirrored(disk) || disk.mounts.length > 0 || typeof swapMebibytes(disk) === "number";
}

function layoutOf(disk: DiskOptions) {
  const match = { path: disk.devices?.[0] ?? firstDisk };
  if (disk.layout === "whole") return { name: "direct", match };
  const password = disk.passphrase === undefined ? {} : { password: disk.passphrase };
  return { name: "lvm", "sizing-policy": "all", ...password, match };
}

type Action = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/**
 * Each disk has a partition for UEFI and one for BIOS; the installer puts its boot loader into those of the firmware.
 * Old arrays, volume groups and LUKS on the disks are removed by the installer (`wipe`).
 */
function actionsOf(disk: DiskOptions): Action[] {
  const disks = (disk.devices ?? [firstDisk]).map((path, index) => ({ id: `disk-${index}`, path }));
  return [
    ...disks.flatMap(({ id, path }, index) => diskActions(id, path, index)),
    ...(isMirrored(disk) ? arrayActions(disk, disks) : plainActions(disk)),
  ];
}

function diskActions(id: string, path: string, index: number): Action[] {
  return [
    {
      id,
      type: "disk",
      path,
      ptable: "gpt",
      wipe: "superblock-recursive",
      preserve: false,
      grub_device: byFirmware.bios,
    },
    partition(`bios-${index}`, id, 1, { size: "1M", flag: "bios_grub" }),
    partition(`efi-${index}`, id, 2, { size: "1G", flag: "boot", grub_device: byFirmware.uefi }),
    { id: `efi-format-${index}`, type: "format", fstype: "fat32", volume: `efi-${index}` },
    ...(index === 0 ? [mountAction("efi-mount", "efi-format-0", "/boot/efi")] : []),
  ];
}

function partition(id: string, device: string, number: number, options: object): Action {
  return { id, type: "partition", device, number, wipe: "superblock", preserve: false, ...options };
}

function mountAction(id: string, device: string, path: string): Action {
  return { id, type: "mount", device, path };
}

function formatActions(volume: string, { path, name, kind }: { path: string; name: string; kind?: string }): Action[] {
  const format = `format-of-${name}`;
  return [
    { id: format, type: "format", fstype: kind ?? "ext4", volume },
    mountAction(`mount-of-${name}`, format, path),
  ];
}

function swapActions(volume: string): Action[] {
  return [
    { id: "swap-format", type: "format", fstype: "swap", volume },
    { id: "swap-mount", type: "mount", device: "swap-format", path: "" },
  ];
}

function plainActions(disk: DiskOptions): Action[] {
  if (hasVolumes(disk)) {
    const onDisk = [
      partition("boot", "disk-0", 3, { size: "1G" }),
      ...formatActions("boot", { path: "/boot", name: "boot" }),
      partition("volumes", "disk-0", 4, { size: -1 }),
    ];
    if (disk.passphrase === undefined) return [...onDisk, ...volumeActions(disk, "volumes")];
    const crypt = { id: "crypt", type: "dm_crypt", volume: "volumes", dm_name: "crypt", key: disk.passphrase };
    return [...onDisk, crypt, ...volumeActions(disk, "crypt")];
  }
  const swap = swapMebibytes(disk);
  const first =
    typeof swap === "number" ? [partition("swap", "disk-0", 3, { size: `${swap}M` }), ...swapActions("swap")] : [];
  const number = typeof swap === "number" ? 4 : 3;
  return [
    ...first,
    ...fileSystemsOf(disk).flatMap((one, index) => [
      partition(`part-of-${one.name}`, "disk-0", number + index, {
        size: one.mebibytes === undefined ? -1 : `${one.mebibytes}M`,
      }),
      ...formatActions(`part-of-${one.name}`, one),
    ]),
  ];
}

/** The system starts from an array of its own: GRUB reads it on each disk. */
function arrayActions(disk: DiskOptions, disks: readonly { readonly id: string }[]): Action[] {
  const array = (name: string, number: number, size: string | number): Action[] => {
    const members = disks.map((_disk, index) => `${name}-${index}`);
    return [
      ...disks.map(({ id }, index) => partition(members[index] ?? "", id, number, { size })),
      { id: name, type: "raid", name, raidlevel: 1, devices: members, preserve: false },
    ];
  };
  const boot = [...array("boot", 3, "1G"), ...formatActions("boot", { path: "/boot", name: "boot" })];
  const system = array("system", 4, -1);
  if (disk.layout === "raid1-lvm") return [...boot, ...system, ...volumeActions(disk, "system")];
  return [...boot, ...system, ...fileSystemsOf(disk).flatMap((one) => formatActions("system", one))];
}

function volumeActions(disk: DiskOptions, device: string): Action[] {
  const swap = swapMebibytes(disk);
  const volume = (name: string, mebibytes: number | undefined): Action => ({
    ...{ id: `volume-${name}`, type: "lvm_partition", name, volgroup: "group", preserve: false },
    size: mebibytes === undefined ? -1 : `${mebibytes}M`,
  });
  return [
    { id: "group", type: "lvm_volgroup", name: volumeGroup, devices: [device], preserve: false },
    ...(typeof swap === "number" ? [volume("swap", swap), ...swapActions("volume-swap")] : []),
    ...fileSystemsOf(disk).flatMap((one) => [
      volume(one.name, one.mebibytes),
      ...formatActions(`volume-${one.name}`, one),
    ]),
  ];
}
