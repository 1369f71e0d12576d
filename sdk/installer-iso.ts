import * as pulumi from "@pulumi/pulumi";
import type { InstallerIsoArgs } from "./args.gen";
import { KvmResource } from "./resource";

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
    super("InstallerIso", "installerIso", name, withSecrets(args), ["path", "release", "login", "hostKeys"], opts);
  }
}

/** Private keys, password hashes and a template's data never lie in the state in plain text, whatever the program does. */
function withSecrets(args: InstallerIsoArgs): pulumi.Inputs {
  return { ...args, debian: args.debian && secretParts(args.debian), data: args.data && pulumi.secret(args.data) };
}

function secretParts(options: NonNullable<InstallerIsoArgs["debian"]>): pulumi.Output<unknown> {
  return pulumi.output(options).apply((known) => {
    const secrets = { hostKeys: known.hostKeys, rootPassword: known.rootPassword, users: known.users };
    const given = Object.entries(secrets).filter(([, value]) => value !== undefined);
    return { ...known, ...Object.fromEntries(given.map(([key, value]) => [key, pulumi.secret(value)])) };
  });
}
