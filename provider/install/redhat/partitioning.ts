import { type DiskOptions, fileSystemsOf, hasSizes, hasVolumes, isMirrored, swapMebibytes } from "../shared/disk";

/** Whether the commands follow from file systems and disks that the options name, beyond what the plain layouts have. */
export function isDescribed(disk: DiskOptions): boolean {
  return hasSizes(disk) || isMirrored(disk);
}

const volumeGroup = "system";

/** The least that a root or other growing file system has, as in the plain layouts. */
const least = 4096;

/** Kickstart's commands by their words; a %pre writes those for the firmware's partitions, which depend on the machine. */
export function described(disk: DiskOptions, names: readonly string[]) {
  return {
    // On a mirror, each disk has what the firmware starts from.
    mirrored: isMirrored(disk) ? names : [],
    commands: (isMirrored(disk) ? mirrored(disk, names) : plain(disk)).map((words) => ({ words })),
    // The distribution's own default, which depends on its release.
    recommendedSwap:
      disk.swap !== undefined || disk.layout === "raid1"
        ? null
        : [...commandFor(disk, "swap", "swap"), "--recommended"],
  };
}

type Words = readonly string[];

function plain(disk: DiskOptions): Words[] {
  const { passphrase } = disk;
  const encryption = passphrase === undefined ? [] : ["--encrypted", `--passphrase=${passphrase}`];
  const volumes = [
    ["part", "pv.1", `--size=${least}`, "--grow", ...encryption],
    ["volgroup", volumeGroup, "pv.1"],
  ];
  return [["reqpart", "--add-boot"], ...(hasVolumes(disk) ? volumes : []), ...fileSystems(disk)];
}

/** The members of an array on each disk, and the array. */
function array(names: readonly string[], number: number, size: Words, place: string, options: Words): Words[] {
  const members = names.map((_name, index) => `raid.${number}${index + 1}`);
  return [
    ...names.map((name, index) => ["part", members[index] ?? "", ...size, `--ondisk=${name}`]),
    ["raid", place, "--level=1", ...options, ...members],
  ];
}

function mirrored(disk: DiskOptions, names: readonly string[]): Words[] {
  const boot = array(names, 1, ["--size=1024"], "/boot", ["--device=boot"]);
  const growing = [`--size=${least}`, "--grow"];
  if (disk.layout === "raid1")
    return [...boot, ...array(names, 2, growing, "/", ["--device=root", ...kindOption(disk.fileSystem)])];
  const volumes = array(names, 2, growing, "pv.1", ["--device=system"]);
  return [...boot, ...volumes, ["volgroup", volumeGroup, "pv.1"], ...fileSystems(disk)];
}

function fileSystems(disk: DiskOptions): Words[] {
  const swap = swapMebibytes(disk);
  return [
    ...fileSystemsOf(disk).map(({ path, name, kind, mebibytes }) => {
      const size =
        mebibytes === undefined ? [`--size=${path === "/" ? least : 512}`, "--grow"] : [`--size=${mebibytes}`];
      return [...commandFor(disk, path, name), ...size, ...kindOption(kind)];
    }),
    ...(typeof swap === "number" ? [[...commandFor(disk, "swap", "swap"), `--size=${swap}`]] : []),
  ];
}

function kindOption(kind: string | undefined): Words {
  return kind === undefined ? [] : [`--fstype=${kind}`];
}

function commandFor(disk: DiskOptions, place: string, name: string): Words {
  return hasVolumes(disk) ? ["logvol", place, `--vgname=${volumeGroup}`, `--name=${name}`] : ["part", place];
}
