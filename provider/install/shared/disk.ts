import { z } from "zod";
import type { Rule } from "../../resource/rules";

/** The name of a disk in the installer. */
const diskDevice = z.string().regex(/^\/dev\/[A-Za-z0-9/_.:-]+$/, {
  error: ({ input }) => `"${String(input)}" is not a disk; write it like "/dev/vda"`,
});

const layouts = ["whole", "lvm", "encrypted", "raid1", "custom"] as const;

export const disk = z.strictObject({
  devices: z.array(diskDevice).min(1).max(2).optional().meta({
    description: "The disk to erase and install on; with raid1, the two. Default: the first one.",
    sets: "the installer's partitioning",
  }),
  layout: z.enum(layouts).default("whole").meta({
    description:
      "Partitions: plain ones on the whole disk (whole), LVM (lvm), LVM within LUKS (encrypted), mirrored on two disks (raid1), or what the family's own option describes (custom).",
    sets: "the installer's partitioning",
  }),
  fileSystem: z
    .enum(["ext4", "xfs", "btrfs"])
    .optional()
    .meta({ description: "File system of the root. Default: the family's own.", sets: "the installer's partitioning" }),
  passphrase: z
    .string()
    .regex(/^[\x20-\x7e]{8,512}$/, {
      error: "must be 8 to 512 printable ASCII characters or spaces: it is typed at every boot",
    })
    .optional()
    .meta({
      description:
        "What opens the encrypted disk. The machine asks for it at every boot, on its last console, which is the first serial port by default: `virsh console` opens it.",
      sets: "LUKS passphrase",
      secret: true,
    }),
});

export type DiskOptions = z.output<typeof disk>;

/** What no single option of the disk can say of itself. */
export const diskRules: readonly Rule<DiskOptions>[] = [
  ({ devices, layout }, report) => {
    const count = layout === "raid1" ? 2 : 1;
    if (devices !== undefined && layout !== "custom" && devices.length !== count)
      report(["devices"], `has ${devices.length} disks; the layout ${layout} takes ${count}`);
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
];
