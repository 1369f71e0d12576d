import * as pulumi from "@pulumi/pulumi";
import type { InstallerIsoArgs } from "./args.gen";
import { carried, KvmResource, type ResourceKind } from "./resource";

/** An installer ISO with the answers that make it install unattended. Its id goes into a machine's `installer`. */
export class InstallerIso extends KvmResource {
  /** Path of the ISO on the host. */
  declare readonly path: pulumi.Output<string>;
  /** The release that it installs, as the installer names itself. */
  declare readonly release: pulumi.Output<string>;
  /** The account that the installation gives a key or password to. */
  declare readonly login: pulumi.Output<string>;
  /** Public SSH host keys of what it installs. */
  declare readonly hostKeys: pulumi.Output<string[]>;

  constructor(name: string, args: InstallerIsoArgs, opts: pulumi.CustomResourceOptions = {}) {
    super(kind, name, withSecrets(carried(name, args)), opts);
  }
}

const kind: ResourceKind = {
  kind: "InstallerIso",
  handler: "installerIso",
  outputs: ["path", "release", "login", "hostKeys"],
};

/** Private keys, password hashes and a template's data never lie in the state in plain text, whatever the program does. */
function withSecrets({ system, debian, ubuntu, redhat, suse, agama, data, ...args }: InstallerIsoArgs): pulumi.Inputs {
  return {
    ...args,
    system: pulumi.output(system).apply(withSecretSystem),
    debian: pulumi.output(debian).apply((options) => secretIn(options, ["lateCommands"])),
    ubuntu: pulumi.output(ubuntu).apply((options) => secretIn(options, ["storage", "userData"])),
    redhat: pulumi.output(redhat).apply((options) => secretIn(options, ["partitioning"])),
    suse: pulumi.output(suse).apply((options) => secretIn(options, ["registration"])),
    agama: pulumi.output(agama).apply((options) => secretIn(options, ["registration", "storage"])),
    data: data && pulumi.secret(data),
    // What the provider puts in its place is kept as secret as this is.
    digestKey: pulumi.secret(""),
  };
}

function withSecretSystem(system: pulumi.Unwrap<InstallerIsoArgs["system"]>): unknown {
  if (system === undefined) return undefined;
  const disk = secretIn(system.disk, ["passphrase"]);
  return secretIn({ ...system, ...(disk === undefined ? {} : { disk }) }, secretOptions);
}

const secretOptions = ["hostKeys", "rootPassword", "users", "proxy", "scripts"] as const;

function secretIn<Options extends object>(options: Options | undefined, keys: readonly (keyof Options)[]) {
  if (options === undefined) return undefined;
  const given = keys.filter((key) => options[key] !== undefined);
  return { ...options, ...Object.fromEntries(given.map((key) => [key, pulumi.secret(options[key])])) };
}
