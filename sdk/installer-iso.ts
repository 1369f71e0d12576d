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
function withSecrets({ system, data, ...args }: InstallerIsoArgs): pulumi.Inputs {
  return { ...args, system: pulumi.output(system).apply(secretParts), data: data && pulumi.secret(data) };
}

const secretOptions = ["hostKeys", "rootPassword", "users", "proxy", "disk"] as const;

function secretParts(options: pulumi.Unwrap<InstallerIsoArgs["system"]>): unknown {
  if (options === undefined) return undefined;
  const secrets = secretOptions.filter((key) => options[key] !== undefined);
  return { ...options, ...Object.fromEntries(secrets.map((key) => [key, pulumi.secret(options[key])])) };
}
