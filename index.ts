import * as pulumi from "@pulumi/pulumi";
import { Deployment, loadConfig } from "kvm-deploy";

const file = new pulumi.Config().get("config");
if (file === undefined) {
  throw new pulumi.RunError(
    "this stack has no configuration yet; name one by `pulumi config set config FILE`, such as examples/example2/example2.yaml",
  );
}

const deployment = new Deployment(pulumi.getStack(), loadConfig(file));

/** Where the machines are, and how to log in. */
export const machines = Object.fromEntries(
  Object.entries(deployment.machines).map(([name, { addresses, sshCommand }]) => [name, { addresses, sshCommand }]),
);
