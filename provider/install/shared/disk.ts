import { z } from "zod";
import { each } from "../../resource/known";
import type { Report, Rule } from "../../resource/rules";
import * as scalar from "../../values/scalars";
import { parseSize } from "../../values/units";
import { unlock, unlockRule } from "./unlock/options";

/** The name of a disk in the installer. */
const diskDevice = z
  .string()
  .regex(/^\/dev(?:\/[A-Za-z0-9_:-][A-Za-z0-9_.:-]*)+$/, {
    error: ({ input }) => `"${String(input)}" is not a disk; write it like "/dev/vda"`,
  })
  .refine((device) => !/^\/dev\/(?:(?:x?v|s|h)d[a-z]+\d+|(?:nvme\d+n|mmcblk)\d+p\d+)$|-part\d+$/.test(device), {
    error: ({ input }) => `"${String(input)}" is a partition; name the whole disk`,
  });

const layouts = ["whole", "lvm", "encrypted", "raid1", "raid1-lvm", "custom"] as const;

const mostMirrored = 8;

const fileSystem = z.enum(["ext4", "xfs", "btrfs"]);

const mebibyte = 2 ** 20;

/** Installers count in mebibytes. */
const wholeMebibytes = scalar.size.refine((size) => (parseSize(size) ?? 0) % mebibyte === 0, {
  error: ({ input }) => `"${String(input)}" is not a whole number of MiB`,
});

const mount = z.strictObject({
  path: z
    .string()
    .regex(/^\/(?:[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*)?$/, {
      error: ({ input }) => `"${String(input)}" is not the path of a directory; write it like "/home"`,
    })
    .refine((path) => !/^\/(boot|dev|etc|proc|run|sys|bin|sbin|lib\d*|usr)(\/|$)/.test(path), {
      error: ({ input }) =>
        `"${String(input)}" can't be a file system of its own: the system starts from it, or the kernel fills it`,
    })
    .meta({ description: "Where the file system is mounted, such as `/home`.", sets: "the installer's partitioning" }),
  size: wholeMebibytes.optional().meta({
    description: "Its size. Default: what the others leave; only one of them can be without a size.",
    sets: "the installer's partitioning",
  }),
  fileSystem: fileSystem
    .optional()
    .meta({ description: "Its kind. Default: the same as the root.", sets: "the installer's partitioning" }),
});

export type Mount = z.output<typeof mount>;

export const disk = z.strictObject({
  devices: z.array(diskDevice).min(1).max(mostMirrored).optional().meta({
    description: "The disk to erase and install on; with raid1 and raid1-lvm, two or more. Default: the first one.",
    sets: "the installer's partitioning",
  }),
  layout: z.enum(layouts).default("whole").meta({
    description:
      "Partitions: plain ones on the whole disk (whole), LVM (lvm), LVM within LUKS (encrypted), one file system that is mirrored on all disks (raid1), mirrored LVM (raid1-lvm; with both, the boot loader is on each disk), or what the family's own option describes (custom).",
    sets: "the installer's partitioning",
  }),
  fileSystem: fileSystem
    .optional()
    .meta({ description: "File system of the root. Default: the family's own.", sets: "the installer's partitioning" }),
  mounts: z.array(mount).default([]).meta({
    description:
      "Further file systems, such as `/home`, each in a partition or logical volume of its own; `/` in the list gives the root's size. Default: the root alone, on all that is left.",
    sets: "the installer's partitioning",
  }),
  swap: z
    .union([z.literal(false), wholeMebibytes], { error: 'must be a size, such as "1GiB", or false' })
    .optional()
    .meta({
      description: "Size of the swap partition or logical volume, or `false` for none. Default: the family's own.",
      sets: "the installer's partitioning",
    }),
  passphrase: z
    .string()
    .regex(/^[\x20-\x7e]{8,512}$/, {
      error: "must be 8 to 512 printable ASCII characters or spaces: it is typed at every boot",
    })
    .optional()
    .meta({
      description:
        "What opens the encrypted disk. The machine asks for it at every boot, unless `unlock` opens the disk, on its last console, which is the first serial port by default: `virsh console` opens it.",
      sets: "LUKS passphrase",
      secret: true,
    }),
  unlock: unlock.optional().meta({
    description:
      "What opens the encrypted disk at a boot, so that nothing has to be typed. What is typed otherwise opens it, too. Default: nothing.",
    sets: "clevis luks bind",
  }),
});

export type DiskOptions = z.output<typeof disk>;

export function isMirrored({ layout }: { readonly layout: string }): boolean {
  return layout === "raid1" || layout === "raid1-lvm";
}

export function hasVolumes({ layout }: Pick<DiskOptions, "layout">): boolean {
  return layout === "lvm" || layout === "encrypted" || layout === "raid1-lvm";
}

/** Whether the options say more of sizes than the layout does. */
export function hasSizes({ mounts, swap }: DiskOptions): boolean {
  return mounts.length > 0 || swap !== undefined;
}

/** A file system to make; without a size it takes what the others leave. */
export interface FileSystem {
  readonly path: string;
  readonly mebibytes?: number;
  readonly kind?: NonNullable<DiskOptions["fileSystem"]>;
  /** For a logical volume: `root`, `home`, `var-log`. */
  readonly name: string;
}

/** All file systems but those that the firmware and the boot loader need; the one without a size comes last. */
export function fileSystemsOf({ mounts, fileSystem: kind }: DiskOptions): FileSystem[] {
  const root = mounts.some(({ path }) => path === "/") ? [] : [{ path: "/" }];
  return [...root, ...mounts]
    .map((one: Partial<Mount> & Pick<Mount, "path">) => ({
      path: one.path,
      name: nameOf(one.path),
      ...(one.size === undefined ? {} : { mebibytes: mebibytesOf(one.size) }),
      ...((one.fileSystem ?? kind) === undefined ? {} : { kind: one.fileSystem ?? kind }),
    }))
    .sort((one, other) => Number(one.mebibytes === undefined) - Number(other.mebibytes === undefined)) as FileSystem[];
}

function nameOf(path: string): string {
  return path === "/" ? "root" : path.slice(1).replaceAll("/", "-");
}

/** Undefined where the family decides. */
export function swapMebibytes({ swap }: DiskOptions): number | false | undefined {
  return swap === undefined || swap === false ? swap : mebibytesOf(swap);
}

function mebibytesOf(size: string): number {
  return (parseSize(size) ?? 0) / mebibyte;
}

/** LVM keeps these for volumes that it makes itself. */
const partsOfLvm = [
  ...["cdata", "cmeta", "corig", "cpool", "cvol", "iorig", "imeta", "mimage", "mlog", "pmspare", "rimage", "rmeta"],
  ...["tdata", "tmeta", "vdata", "vorigin", "wcorig"],
];
const namesOfLvm = new RegExp(`^(?:snapshot|pvmove)|_(?:${partsOfLvm.join("|")})`);

/** The kernel's name of a volume has its group's name, too, and at most 127 characters, each hyphen twice. */
const longestName = 48;

const volumeNameRule: Rule<DiskOptions> = ({ layout, mounts }, report) => {
  if (!hasVolumes({ layout })) return;
  each(mounts, ({ path }, index) => {
    const name = nameOf(path);
    const at = ["mounts", index, "path"];
    if (namesOfLvm.test(name))
      report(at, `"${path}" would have the volume ${name}, a name that LVM keeps for itself; choose another path`);
    if (name.length > longestName)
      report(at, `"${path}" would have a volume with more than ${longestName} characters; choose a shorter path`);
  });
};

/** The programs that make them refuse less. */
const leastMebibytes = { ext4: 8, xfs: 300, btrfs: 128 };

const leastSizeRule: Rule<DiskOptions> = ({ mounts, fileSystem: ofRoot }, report) => {
  each(mounts, ({ size, fileSystem }, index) => {
    const kind = fileSystem ?? ofRoot ?? "ext4";
    const least = leastMebibytes[kind];
    if (size !== undefined && Number.isInteger(mebibytesOf(size)) && mebibytesOf(size) < least)
      report(["mounts", index, "size"], `${size} is too small for ${kind}, which needs ${least}MiB`);
  });
};

/** What no single option of the disk can say of itself. */
export const diskRules: readonly Rule<DiskOptions>[] = [
  ({ devices, layout }, report) => {
    if (devices === undefined || layout === "custom") return;
    if (isMirrored({ layout })) {
      if (devices.length < 2) report(["devices"], `has 1 disk; the layout ${layout} takes 2 or more`);
    } else if (devices.length !== 1) report(["devices"], `has ${devices.length} disks; the layout ${layout} takes 1`);
  },
  ({ devices = [] }, report) => {
    if (new Set(devices).size < devices.length) report(["devices"], "names a disk twice");
  },
  ({ layout, passphrase }, report) => {
    if (layout === "encrypted" && passphrase === undefined)
      report(["passphrase"], "is missing: the layout encrypted needs one");
  },
  ({ layout, passphrase }, report) => {
    if (layout !== "encrypted" && layout !== "custom" && passphrase !== undefined)
      report(["passphrase"], `is of no use to the layout ${layout}; leave it out, or take the layout encrypted`);
  },
  unlockRule,
  ({ mounts }, report) => {
    const paths = mounts.map(({ path }) => path);
    paths.forEach((path, index) => {
      if (paths.indexOf(path) < index) report(["mounts", index, "path"], `"${path}" is given twice`);
    });
    const names = ["root", "swap", "boot", ...paths.map(nameOf)];
    paths.forEach((path, index) => {
      if (path !== "/" && !paths.slice(0, index).includes(path) && names.indexOf(nameOf(path)) < index + 3)
        report(
          ["mounts", index, "path"],
          `"${path}" would have the name of another volume, ${nameOf(path)}; rename it`,
        );
    });
    const growing = mounts.flatMap(({ size }, index) => (size === undefined ? [index] : []));
    const [first, second] = paths.includes("/") ? growing : [-1, ...growing];
    if (first !== undefined && second !== undefined)
      report(
        ["mounts", second, "size"],
        `is missing: what is left can go to one file system only, ${leftTo(paths, first)}`,
      );
  },
  volumeNameRule,
  leastSizeRule,
  ({ layout, mounts, swap }, report) => {
    if (mounts.length > 0) refuseSizes(layout, "mounts", report);
    if (swap !== undefined) refuseSizes(layout, "swap", report);
  },
];

function leftTo(paths: readonly string[], index: number): string {
  return `and goes to ${paths[index] ?? "/, which the list doesn't give a size"}`;
}

function refuseSizes(layout: DiskOptions["layout"], option: "mounts" | "swap", report: Report): void {
  if (layout === "custom") report([option], "can't be given with the layout custom; describe it there");
  if (layout === "raid1")
    report([option], "can't be given with the layout raid1, which makes one file system and no swap; take raid1-lvm");
}
