import * as pulumi from "@pulumi/pulumi";
import { stackSecrets } from "../../../sdk/config";
import { type DeployedMachine, Deployment } from "../../../sdk/index";
import type { Configuration } from "../../config/configuration";
import { readConfiguration, withSecrets } from "../../config/read";
import { KvmError } from "../../values/errors";
import { settingsKeys } from "./names";

/** The texts that request another installation, by machine: `--force` writes them. */
export type Reinstallations = Readonly<Record<string, string>>;

export interface Outputs {
  readonly machines: Readonly<Record<string, Pick<DeployedMachine, "addresses" | "sshCommand">>>;
}

/** What a stack of the command deploys. */
export function deploy(configuration: Configuration, reinstallations: Reinstallations): Outputs {
  const whole = reinstalled(
    expected(() => withSecrets(configuration, stackSecrets())),
    reinstallations,
  );
  const { machines } = new Deployment(pulumi.getStack(), whole);
  const outputs = Object.entries(machines).map(
    ([name, { addresses, sshCommand }]) => [name, { addresses, sshCommand }] as const,
  );
  return { machines: Object.fromEntries(outputs) };
}

/** The same from the stack's settings alone, for `pulumi` itself. */
export function deployBySettings(): Outputs {
  const settings = new pulumi.Config();
  const [file, reinstall] = [settingsKeys.file, settingsKeys.reinstall].map((key) =>
    settings.get(key.split(":")[1] ?? ""),
  );
  if (file === undefined)
    throw new pulumi.RunError("this stack has no configuration file; run `kvm-deploy preview FILE --stack NAME` first");
  return deploy(
    expected(() => readConfiguration(file)),
    reinstallationsIn(reinstall),
  );
}

/** Pulumi shows only the message of a RunError; of other errors the stack, too. */
function expected<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof KvmError ? new pulumi.RunError(error.message) : error;
  }
}

export function reinstallationsIn(setting: string | undefined): Reinstallations {
  return setting === undefined ? {} : (JSON.parse(setting) as Reinstallations);
}

/** Both texts count, so a change of the file's own text is a request, too. */
export function reinstalled(configuration: Configuration, texts: Reinstallations): Configuration {
  const machines = Object.entries(configuration.machines).map(([name, entry]) => {
    const own = entry["reinstall"];
    const text = [...(typeof own === "string" ? [own] : []), ...(Object.hasOwn(texts, name) ? [texts[name]] : [])];
    return [name, text.length === 0 ? entry : { ...entry, reinstall: text.join(", ") }] as const;
  });
  return { ...configuration, machines: Object.fromEntries(machines) };
}
