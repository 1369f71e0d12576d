import { z } from "zod";

const snap = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, { error: ({ input }) => `"${String(input)}" is not the name of a snap` })
    .meta({ description: "Name of the snap.", sets: "snaps: name" }),
  channel: z
    .string()
    .regex(/^[\x21-\x7e]+$/, {
      error: ({ input }) => `"${String(input)}" is not a channel; write it like "latest/stable"`,
    })
    .default("stable")
    .meta({ description: "The channel to follow.", sets: "snaps: channel" }),
  classic: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the snap runs without confinement.", sets: "snaps: classic" }),
});

const mapping = z.record(z.string(), z.unknown());

/** Options that only Ubuntu's installer has. */
export const ubuntuOptions = z.strictObject({
  edition: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, {
      error: ({ input }) => `"${String(input)}" is not an edition; write it like "ubuntu-server-minimal"`,
    })
    .optional()
    .meta({
      description:
        "What of the ISO is installed, such as ubuntu-server-minimal; its casper/install-sources.yaml lists them. Default: the ISO's own choice.",
      sets: "source: id",
    }),
  updates: z
    .enum(["security", "all"])
    .default("security")
    .meta({ description: "The updates that are installed right away, where an archive is in reach.", sets: "updates" }),
  snaps: z.array(snap).default([]).meta({ description: "Snaps to install.", sets: "snaps" }),
  storage: mapping.optional().meta({
    description: "The storage section of autoinstall, for the layout custom.",
    sets: "storage",
    secret: true,
  }),
  userData: mapping.default({}).meta({
    description: "What cloud-init does at the first start, in addition to what follows from `system`.",
    sets: "user-data",
    secret: true,
  }),
});

export type UbuntuOptions = z.output<typeof ubuntuOptions>;

export const ubuntuInput = ubuntuOptions.optional().meta({
  description: "Options that only Ubuntu's installer has; {} says that the ISO is Ubuntu Server's.",
  sets: "autoinstall",
});
