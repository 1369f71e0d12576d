import { z } from "zod";
import { familyIds, familyInputs } from "../../install/inputs";
import { systemOptions } from "../../install/shared/system";
import type { OutputsOf } from "../../resource/outputs";
import * as scalar from "../../values/scalars";
import { installerIsoRules } from "./rules";

const source = z.strictObject({
  path: scalar.absolutePath
    .optional()
    .meta({ description: "The installer ISO on the KVM host.", sets: "xorriso -indev" }),
  url: scalar.downloadUrl
    .optional()
    .meta({ description: "Where the KVM host downloads it from, once.", sets: "xorriso -indev" }),
  sha256: scalar.sha256.meta({
    description: "SHA-256 sum that the distribution publishes of it.",
    sets: "a check before it is used",
  }),
});

const releaseName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*:[A-Za-z0-9._-]+$/, {
    error: ({ input }) => `"${String(input)}" is not a release; write it like "debian:13" or "ubuntu:latest"`,
  })
  .meta({ kind: "release", example: "debian:13" });

const image = z.strictObject({
  url: z.string().meta({ description: "Where it is downloaded from.", sets: "xorriso -indev" }),
  sha256: scalar.sha256.meta({ description: "Its sum in the signed list.", sets: "a check before it is used" }),
  family: z.enum(familyIds).meta({ description: "The family of its installer.", sets: "the answers" }),
});

const textFile = z.string().min(1);

export const installerIsoInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description: "File name of the new ISO without .iso. Default: the resource's name.",
      sets: "xorriso -dev",
      property: true,
    }),
    source: z.union([releaseName, source]).meta({
      description:
        "The distribution's own installer ISO: a release by name, or a file by path or URL. A name is looked up when it is first used, and the distribution's signature verified.",
      sets: "xorriso -indev",
    }),
    catalogue: textFile.optional().meta({
      description:
        "YAML file of the releases by name, on the machine that runs Pulumi. Default: the one that is shipped, provider/releases/catalogue.yaml.",
      sets: "xorriso -indev",
    }),
    directory: scalar.absolutePath.optional().meta({
      description: "Folder of the new ISO on the KVM host. Default: kvm-deploy's own.",
      sets: "xorriso -dev",
    }),
    keep: z.boolean().default(false).meta({
      description:
        "Whether the ISO stays after the installation; needed where several machines are installed from it. Without it, the ISO is deleted, since its answers hold keys and hashes of passwords, and written again when its machine is gone.",
      sets: "kvm-deploy/installation.json",
    }),
    system: systemOptions.prefault({}).meta({
      description: "What to install, in the words that all installer families share.",
      sets: "the answers",
    }),
    ...familyInputs,
    template: textFile.optional().meta({
      description: "Handlebars file of the answers, on the machine that runs Pulumi. Default: the family's own.",
      sets: "the answers",
    }),
    table: textFile.optional().meta({
      description:
        "YAML file that says where the template's variables lie in the configuration. Default: the family's own.",
      sets: "the answers",
    }),
    data: z.record(z.string(), z.unknown()).default({}).meta({
      description: "What template and table may use beside the options.",
      sets: "the answers",
      secret: true,
    }),
    image: image.optional().meta({
      description: "Computed: the image that the release's name stands for. What is given is not looked at.",
      sets: "xorriso -indev",
      derived: true,
    }),
    family: z.enum(familyIds).optional().meta({
      description: "Computed: the installer's family. What is given is not looked at.",
      sets: "kvm-deploy/installation.json",
      derived: true,
    }),
    digest: scalar.sha256.optional().meta({
      description: "Computed: SHA-256 of all that goes into the ISO. What is given is not looked at.",
      sets: "kvm-deploy/installation.json",
      derived: true,
    }),
    madeHostKeys: z.string().optional().meta({
      description: "Computed: the private SSH host keys that kvm-deploy made. What is given is not looked at.",
      sets: "/etc/ssh",
      secret: true,
      derived: true,
    }),
    digestKey: z.string().optional().meta({
      description: "Computed: what the digest is keyed with, so that nobody can guess by it.",
      sets: "kvm-deploy/installation.json",
      secret: true,
      derived: true,
    }),
  })
  .meta({
    description:
      "An installer ISO with the answers that make it install unattended. Its id goes into a machine's `installer`.",
  })
  .superRefine(installerIsoRules);

export type InstallerIsoInputs = z.output<typeof installerIsoInputs>;

export const installerIsoOutputs = z.object({
  path: z.string().meta({ description: "Path of the ISO on the host; also the resource's id." }),
  release: z.string().meta({ description: "The release that it installs, as the installer names itself." }),
  login: z.string().meta({ description: "The account that the installation gives a key or password to." }),
  hostKeys: z.array(z.string()).meta({ description: "Public SSH host keys of what it installs." }),
});

export type InstallerIsoOutputs = OutputsOf<typeof installerIsoOutputs>;
