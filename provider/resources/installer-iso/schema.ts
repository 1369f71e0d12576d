import { z } from "zod";
import { familyIds, familyInputs } from "../../install/index";
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
    .meta({ description: "URL from which the KVM host downloads it once.", sets: "xorriso -indev" }),
  sha256: scalar.sha256.meta({
    description: "SHA-256 sum, as published by the distribution.",
    sets: "a check before its use",
  }),
});

const releaseName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*:[A-Za-z0-9._-]+(\/[a-z0-9][a-z0-9-]*)?$/, {
    error: ({ input }) =>
      `"${String(input)}" is not a release; write it like "debian:13", "debian:13.6", "debian:13/dvd" or "ubuntu:latest"`,
  })
  .meta({ kind: "release", example: "debian:13" });

const image = z.strictObject({
  url: z.string().meta({ description: "URL of the download.", sets: "xorriso -indev" }),
  sha256: scalar.sha256.meta({ description: "Its sum in the signed list.", sets: "a check before its use" }),
  family: z.enum(familyIds).meta({ description: "The family of its installer.", sets: "the answers" }),
});

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
        "The distribution's own installer ISO: a release by name, or a file by path or URL. A name is `DISTRIBUTION:RELEASE`, also with a point release (`debian:13.6`) or a medium (`debian:13/dvd`); `latest` is the latest release. A name is looked up at its first use, and the distribution's signature is verified.",
      sets: "xorriso -indev",
    }),
    catalogue: scalar.programFile.optional().meta({
      description:
        "YAML file of the releases by name, on the machine that runs Pulumi. Default: kvm-deploy's own, provider/releases/catalogue.yaml.",
      sets: "xorriso -indev",
    }),
    directory: scalar.absolutePath.optional().meta({
      description: "Directory of the new ISO on the KVM host. Default: kvm-deploy's own.",
      sets: "xorriso -dev",
    }),
    keep: z.boolean().default(false).meta({
      description:
        "Whether the ISO stays after the installation; required if several machines are installed from it. Otherwise the ISO is deleted, because its answers contain keys and hashes of passwords. It is written again if its machine no longer exists.",
      sets: "kvm-deploy/installation.json",
    }),
    system: systemOptions.prefault({}).meta({
      description: "What to install: the options of all installer families.",
      sets: "the answers",
    }),
    ...familyInputs,
    template: scalar.programFile.optional().meta({
      description: "Handlebars file of the answers, on the machine that runs Pulumi. Default: the family's own.",
      sets: "the answers",
    }),
    table: scalar.programFile.optional().meta({
      description: "YAML file that maps the template's variables to the configuration. Default: the family's own.",
      sets: "the answers",
    }),
    data: z.record(z.string(), z.unknown()).default({}).meta({
      description: "What template and table may use in addition to the options.",
      sets: "the answers",
      secret: true,
    }),
    image: image.optional().meta({
      description: "Computed: the image of the named release. A given value is ignored.",
      sets: "xorriso -indev",
      derived: true,
    }),
    family: z.enum(familyIds).optional().meta({
      description: "Computed: the installer's family. A given value is ignored.",
      sets: "kvm-deploy/installation.json",
      derived: true,
    }),
    digest: scalar.sha256.optional().meta({
      description: "Computed: SHA-256 of the ISO's whole content. A given value is ignored.",
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
      description: "Computed: the key of the digest. Without the key, passwords could be guessed from the digest.",
      sets: "kvm-deploy/installation.json",
      secret: true,
      derived: true,
    }),
  })
  .meta({
    description:
      "An installer ISO with the answers for an unattended installation. Its id is the value of a machine's `installer`.",
  })
  .superRefine(installerIsoRules);

export type InstallerIsoInputs = z.output<typeof installerIsoInputs>;

export const installerIsoOutputs = z.object({
  path: z.string().meta({ description: "Path of the ISO on the host; also the resource's id." }),
  release: z.string().meta({ description: "The release that it installs, as named by its installer." }),
  login: z.string().optional().meta({
    description: "The account that can log in by SSH after the installation. Undefined if the options create none.",
  }),
  hostKeys: z.array(z.string()).meta({ description: "Public SSH host keys of the installed system." }),
});

export type InstallerIsoOutputs = OutputsOf<typeof installerIsoOutputs>;
