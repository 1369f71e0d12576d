import path from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation";
import { KvmError, messageOf } from "../../values/errors";
import type { World } from "../command";

/** The automation API takes a quarter of a second to load, which only the commands with an engine spend. */
export const automation = () => import("@pulumi/pulumi/automation/index.js");

/**
 * The Pulumi CLI: the one on PATH if it is new enough, else one that set-up or an earlier command has installed, else a
 * new one, if the user agrees.
 */
export async function findPulumi(world: World, isSure: boolean): Promise<PulumiCommand> {
  const { PulumiCommand } = await automation();
  const least = await leastVersion();
  const refused: string[] = [];
  for (const root of await rootsIn(world)) {
    const found = await PulumiCommand.get({ ...(root === undefined ? {} : { root }) }).catch(() => undefined);
    if (found?.version != null && isAtLeast(found.version, least)) return found;
    if (found?.version != null) refused.push(`${found.command} is ${found.version.version}`);
  }
  return install(
    world,
    isSure,
    `no Pulumi CLI ${least} or newer is installed${refused.map((text) => `; ${text}`).join("")}`,
  );
}

/** The places to look at, the first one first; undefined is PATH. */
async function rootsIn({ surroundings, files }: World): Promise<readonly (string | undefined)[]> {
  const { pulumiCommands } = surroundings;
  const kept = [...(await files.list(pulumiCommands))].sort((one, other) =>
    other.localeCompare(one, "en", { numeric: true }),
  );
  const roots = kept.filter((name) => !name.startsWith(".")).map((name) => path.join(pulumiCommands, name));
  return surroundings.onPath("pulumi") === undefined ? roots : [undefined, ...roots];
}

async function install(world: World, isSure: boolean, missing: string): Promise<PulumiCommand> {
  const { terminal, surroundings, files } = world;
  const { PulumiCommand } = await automation();
  const version = (await sdkVersion()).join(".");
  const root = path.join(surroundings.pulumiCommands, version);
  const remedy = `Install it (https://www.pulumi.com/docs/install), or let kvm-deploy download it with --yes`;
  if (!isSure && !terminal.isInteractive) throw new KvmError("not-found", missing, { remedy });
  if (!isSure && !(await terminal.confirm(`${missing}. Download version ${version} to ${root}?`)))
    throw new KvmError("not-found", missing, { remedy });
  terminal.report(`downloading the Pulumi CLI ${version} to ${root}`);
  await files.createDirectory(root);
  try {
    return await PulumiCommand.install({ root });
  } catch (cause) {
    const [reason = ""] = messageOf(cause).trim().split("\n").slice(-1);
    throw new KvmError("not-found", `the Pulumi CLI can't be downloaded: ${reason.trim()}`, {
      remedy: "Install it in another way, so that `pulumi` is on PATH (https://www.pulumi.com/docs/install)",
      cause,
    });
  }
}

/** A CLI as old as the SDK knows all that the SDK uses. */
async function leastVersion(): Promise<string> {
  const [major, minor] = await sdkVersion();
  return `${major}.${minor}`;
}

async function sdkVersion(): Promise<readonly [number, number, number]> {
  const { version } = await import("@pulumi/pulumi/version.js");
  const [major = 0, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return [major, minor, patch];
}

export function isAtLeast(found: { readonly major: number; readonly minor: number }, least: string): boolean {
  const [major = 0, minor = 0] = least.split(".").map(Number);
  return found.major > major || (found.major === major && found.minor >= minor);
}
