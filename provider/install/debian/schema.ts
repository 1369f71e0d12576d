import { z } from "zod";
import { isRecipe } from "./recipe";

/** Options that only Debian's installer has. */
export const debianOptions = z.strictObject({
  suite: z
    .string()
    .regex(/^[a-z][a-z-]*$/, { error: ({ input }) => `"${String(input)}" is not a suite; write it like "trixie"` })
    .optional()
    .meta({ description: "The suite of the archive. Default: the ISO's own.", sets: "mirror/suite" }),
  repositories: z
    .array(z.enum(["security", "updates", "backports"]))
    .optional()
    .meta({
      description:
        "Further repositories on Debian's own servers. Default: security and updates, but none with a `mirror`: whoever gives one may have nothing else in reach, and the installer would wait.",
      sets: "apt-setup/services-select",
    }),
  recipe: z
    .string()
    .refine(isRecipe, {
      error: ({ input }) =>
        `"${String(input)}" is neither atomic, home, multi nor an expert recipe, which starts like "name :: 1024 1024 -1 ext4"`,
    })
    .default("atomic")
    .meta({
      description:
        "Partitions within the layout: all in one (atomic), a separate /home (home), separate /home, /var and /tmp (multi), or the text of an expert recipe, which the layout custom needs.",
      sets: "partman-auto/choose_recipe, partman-auto/expert_recipe",
    }),
  kernelPackage: z
    .string()
    .regex(/^linux-image-[a-z0-9+.-]+$/, {
      error: ({ input }) => `"${String(input)}" is not a kernel package; write it like "linux-image-cloud-amd64"`,
    })
    .optional()
    .meta({
      description: "The kernel's package. Default: the installer's own choice.",
      sets: "base-installer/kernel/image",
    }),
  recommends: z.boolean().default(true).meta({
    description: "Whether recommended packages are installed too.",
    sets: "base-installer/install-recommends",
  }),
  initramfs: z.enum(["most", "dep"]).default("most").meta({
    description:
      "Drivers in the initial RAM disk: most of them, or only those that this machine needs (dep: smaller and faster).",
    sets: "base-installer/initramfs-tools/driver-policy",
  }),
  lateCommands: z.array(z.string().min(1)).default([]).meta({
    description:
      "Shell scripts that run in the installer at the end, with the new system at /target; one that fails makes the installation fail.",
    sets: "finish-install.d",
    secret: true,
  }),
});

export type DebianOptions = z.output<typeof debianOptions>;

export const debianInput = debianOptions.optional().meta({
  description: "Options that only Debian's installer has; {} says that the ISO is Debian's.",
  sets: "preseed.cfg",
});
