import { z } from "zod";
import { splitKickstart } from "../../format/kickstart";
import { mirrorUrl } from "../shared/urls";

/** One word for kickstart's lists of packages, where quotes count as letters. */
const word = (what: string, example: string) =>
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._:-]*$/, {
    error: ({ input }) => `${JSON.stringify(input)} is not ${what}; write it like "${example}"`,
  });

const unit = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9@._-]*$/, {
  error: ({ input }) => `${JSON.stringify(input)} is not a service; write it like "sshd"`,
});

const repository = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, {
      error: ({ input }) => `${JSON.stringify(input)} is not a repository's name; write it like "AppStream"`,
    })
    .meta({ description: "Name of the repository.", sets: "repo --name" }),
  url: mirrorUrl.optional().meta({ description: "Where it lies.", sets: "repo --baseurl" }),
  mirrorList: z
    .url({ protocol: /^https?$/, error: "is not a URL of the protocol http or https" })
    .optional()
    .meta({ description: "Where the list of its mirrors lies, in the place of `url`.", sets: "repo --mirrorlist" }),
  metalink: z
    .url({ protocol: /^https?$/, error: "is not a URL of the protocol http or https" })
    .optional()
    .meta({ description: "Where its metalink lies, in the place of `url`.", sets: "repo --metalink" }),
});

const firewall = z.strictObject({
  enabled: z
    .boolean()
    .default(true)
    .meta({ description: "Whether there is one.", sets: "firewall --enabled, firewall --disabled" }),
  services: z
    .array(unit)
    .default(["ssh"])
    .meta({ description: "Services that are let in, by firewalld's names.", sets: "firewall --service" }),
  ports: z
    .array(
      z.string().regex(/^\d{1,5}(-\d{1,5})?:(tcp|udp)$/, {
        error: ({ input }) => `${JSON.stringify(input)} is not a port; write it like "8080:tcp"`,
      }),
    )
    .default([])
    .meta({ description: "Further ports that are let in, such as 8080:tcp.", sets: "firewall --port" }),
});

const partitioningCommand =
  /^(zerombr|clearpart|ignoredisk|reqpart|part|partition|raid|volgroup|logvol|btrfs|autopart|mount|snapshot)\b[^\p{Cc}\u2028\u2029]*$/u;

/** Options that only Anaconda has. */
export const redhatOptions = z.strictObject({
  source: z.enum(["cdrom"]).optional().meta({
    description:
      "Packages from the ISO itself (cdrom). Default: the ISO's where it has packages, else the distribution's nearest mirror, which boot ISOs of EL 8 and 9 and of RHEL don't know; system.mirror goes before both.",
    sets: "cdrom",
  }),
  repositories: z
    .array(repository)
    .default([])
    .meta({ description: "Further repositories to install from.", sets: "repo" }),
  environment: word("an environment", "minimal-environment")
    .optional()
    .meta({ description: "The environment group to install. Default: the group core alone.", sets: "%packages @^" }),
  excludedPackages: z.array(word("a package", "plymouth")).default([]).meta({
    description: "Packages that groups would bring, and that are left out.",
    sets: "%packages -",
  }),
  weakDependencies: z.boolean().default(true).meta({
    description: "Whether what packages only recommend is installed too; false is nothing for EL 8.",
    sets: "%packages --excludeWeakdeps",
  }),
  selinux: z
    .enum(["enforcing", "permissive", "disabled"])
    .default("enforcing")
    .meta({ description: "SELinux in the new system.", sets: "selinux" }),
  firewall: firewall.prefault({}).meta({ description: "The firewall of the new system.", sets: "firewall" }),
  enabledServices: z
    .array(unit)
    .default([])
    .meta({ description: "Services that start with the new system.", sets: "services --enabled" }),
  disabledServices: z
    .array(unit)
    .default([])
    .meta({ description: "Services that don't start with the new system.", sets: "services --disabled" }),
  partitioning: z
    .array(
      z.string().refine((text) => partitioningCommand.test(text) && splitKickstart(text) !== undefined, {
        // Not the command itself, which may have a passphrase.
        error: 'is not a kickstart command for partitioning; write one a line, like "part / --size=4096 --grow"',
      }),
    )
    .default([])
    .meta({
      description:
        "Kickstart commands that partition the disks, for the layout custom; they say themselves what is erased.",
      sets: "part, raid, volgroup, logvol",
      secret: true,
    }),
});

export type RedhatOptions = z.output<typeof redhatOptions>;

export const redhatInput = redhatOptions.optional().meta({
  description:
    "Options that only the installer of Fedora, RHEL and their derivatives has; {} says that the ISO is one of theirs.",
  sets: "ks.cfg",
});
