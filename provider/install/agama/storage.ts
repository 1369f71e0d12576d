import type { DiskOptions } from "../shared/disk";

const everything = { search: "*", delete: true };
const growing = { min: "4 GiB" };

/** Disks and file systems in Agama's words; a drive that isn't searched for is the first one. */
export function storageOf({ devices, layout, fileSystem, passphrase }: DiskOptions) {
  const filesystem = { path: "/", ...(fileSystem === undefined ? {} : { type: fileSystem }) };
  const searched = (index: number) => (devices?.[index] === undefined ? {} : { search: devices[index] });
  const root = { size: growing, filesystem };
  if (layout === "raid1") {
    const drives = [0, 1].map((index) => ({
      ...searched(index),
      partitions: [everything, { alias: `half${index}`, id: "raid", size: growing }],
    }));
    return { drives, mdRaids: [{ name: "system", level: "raid1", devices: ["half0", "half1"], filesystem }] };
  }
  if (layout === "whole") return { drives: [{ ...searched(0), partitions: [everything, root] }] };
  const encryption = passphrase === undefined ? {} : { encryption: { luks2: { password: passphrase } } };
  return {
    drives: [{ ...searched(0), alias: "disk", partitions: [everything] }],
    volumeGroups: [
      {
        name: "system",
        physicalVolumes: [{ generate: { targetDevices: ["disk"], ...encryption } }],
        logicalVolumes: [{ name: "root", ...root }],
      },
    ],
  };
}
