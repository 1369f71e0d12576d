import * as pulumi from "@pulumi/pulumi";
import { createRequire } from "node:module";

/**
 * The text from which Pulumi's provider process makes a provider. That process runs in the program's directory, and a
 * plain `require` would be Pulumi's own there: yarn's Plug'n'Play refuses it in a workspace.
 */
export function providerText(handler: string): string {
  return `exports.handler = () => require("module").createRequire(process.cwd() + "/")("kvm-deploy/provider").${handler};`;
}

let isFound = false;

/**
 * Whether the provider's process will find this package, as far as the program can know it: Pulumi starts both in one
 * directory, except for a program of the Automation API.
 * @throws pulumi.RunError that says which package.json must name kvm-deploy
 */
export function requireReachable(directory = process.cwd(), script = process.argv[1]): void {
  if (isFound || !/[\\/]cmd[\\/]run([\\/]index\.js)?$/.test(script ?? "")) return;
  try {
    createRequire(`${directory}/`).resolve("kvm-deploy/provider");
    isFound = true;
  } catch {
    throw new pulumi.RunError(
      `kvm-deploy is not among the dependencies of the program in ${directory}, from where Pulumi loads its provider. ` +
        "Add it to those in the program's package.json, even if only a package of components uses it, and install them",
    );
  }
}
