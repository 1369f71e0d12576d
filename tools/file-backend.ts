import { randomBytes } from "node:crypto";
import { access, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** Variables of the environment for a Pulumi whose states, plugins and passphrase are all in this directory. */
export async function fileBackend(directory: string): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const passphrase = path.join(directory, "passphrase");
  if (!(await exists(passphrase))) await writeFile(passphrase, randomBytes(24).toString("base64"), { mode: 0o600 });
  return {
    PULUMI_BACKEND_URL: `file://${directory}`,
    PULUMI_HOME: path.join(directory, "home"),
    PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
