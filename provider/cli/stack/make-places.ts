import { createRequire } from "node:module";
import path from "node:path";
import type { Surroundings } from "../../host/surroundings";
import { KvmError } from "../../values/errors";
import type { World } from "../command";
import { type Places, projectFiles } from "./names";

const lazily = createRequire(__filename);

/** The packages that the providers of a stack are loaded from: this one, and its own Pulumi. */
function packages(): Readonly<Record<string, string>> {
  return {
    "kvm-deploy": path.resolve(__dirname, "../../../.."),
    "@pulumi/pulumi": path.dirname(lazily.resolve("@pulumi/pulumi/package.json")),
  };
}

/** Makes what is missing of the user's directory. Only the user can read it. */
export async function makePlaces(
  places: Places,
  backend: string | undefined,
  { files, userFiles }: World,
): Promise<void> {
  const { data, project, passphrase } = places;
  await files.createDirectory(data, 0o700);
  await files.createDirectory(path.join(project, "node_modules/@pulumi"));
  if ((await files.stat(passphrase)) === undefined) {
    await refuseLostPassphrase(places, files);
    await userFiles.createPrivate(passphrase, userFiles.newPassphrase());
  }
  for (const [name, text] of Object.entries(projectFiles(backend === undefined ? `file://${data}` : undefined))) {
    const file = path.join(project, name);
    if ((await files.readTextIfPresent(file)) !== text) await files.write(file, text);
  }
  for (const [name, target] of Object.entries(packages()))
    await userFiles.linkTo(target, path.join(project, "node_modules", name));
}

/** With a new one, the secrets of the existing stacks could not be read. */
async function refuseLostPassphrase({ project, passphrase }: Places, files: World["files"]): Promise<void> {
  const settings = (await files.list(project)).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  if (settings.length === 0) return;
  throw new KvmError("not-found", `the passphrase of your stacks, ${passphrase}, is missing`, {
    remedy: `Restore it from a backup; without stacks to keep, remove ${project}`,
  });
}

/** The environment of Pulumi: where the states are, and what its providers need. */
export function environmentOf(
  { data, home, passphrase }: Places,
  backend: string | undefined,
  { variable }: Surroundings,
): Record<string, string> {
  const hasPassphrase = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => variable(name) !== undefined,
  );
  const { ["@pulumi/pulumi"]: sdk = "" } = packages();
  // The providers run with this Node, and with the SDK's own starter if the CLI has none.
  const programs = [path.dirname(process.execPath), variable("PATH") ?? "", sdk];
  return {
    ...(backend === undefined ? { PULUMI_BACKEND_URL: `file://${data}`, PULUMI_HOME: home } : {}),
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE_FILE: passphrase }),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PATH: programs.join(path.delimiter),
  };
}
