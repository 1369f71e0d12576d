import type { LocalWorkspace, Stack, StackSettings } from "@pulumi/pulumi/automation";
import { KvmError } from "../../values/errors";
import type { World } from "../command";
import { environmentOf, makePlaces } from "./make-places";
import { type Places, placesIn, settingsFileOf, settingsKeys, stackNameOf, stateFileOf } from "./names";
import { type Reinstallations, reinstallationsIn } from "./program";
import { automation, findPulumi } from "./pulumi-command";

export interface StackWish {
  /** The configuration, as an absolute path. */
  readonly file: string;
  /** The stack's name, if it isn't the file's. */
  readonly name?: string | undefined;
  /** Whether the user has agreed to everything. */
  readonly isSure: boolean;
  /** Whether a stack that does not exist is created. */
  readonly creates: boolean;
}

/** A stack of the command. */
export interface OpenStack {
  readonly name: string;
  readonly stack: Stack;
  readonly reinstallations: Reinstallations;
  /** Records them in the stack's settings. */
  reinstall(texts: Reinstallations): Promise<void>;
}

export async function openStack(wish: StackWish, world: World): Promise<OpenStack> {
  const places = placesIn(world.surroundings.data);
  const name = wish.name ?? stackNameOf(wish.file);
  const workspace = await openWorkspace(places, wish, world);
  const isRecorded = (await world.files.stat(settingsFileOf(places, name))) !== undefined;
  const settings = isRecorded ? await workspace.stackSettings(name) : {};
  const [owner, forced] = [settingsKeys.file, settingsKeys.reinstall].map((key) => textIn(settings, key));
  if (owner !== undefined && owner !== wish.file) requireName(wish, name, `belongs to ${owner}`);
  const record = (values: StackSettings["config"]) =>
    workspace.saveStackSettings(name, { ...settings, config: { ...settings.config, ...values } });
  const stack = await selectedStack(name, workspace, places, world);
  if (stack === undefined && !wish.creates) throw await notDeployed(wish.file, world);
  if (stack !== undefined && owner === undefined) requireName(wish, name, "exists, and it is unknown for which file");
  // Recorded first: a stack without a record is refused.
  if (owner !== wish.file) await record({ [settingsKeys.file]: wish.file });
  return {
    name,
    stack: withoutExtras(stack ?? (await createdStack(name, workspace))),
    reinstallations: reinstallationsIn(forced),
    reinstall: (texts) => record({ [settingsKeys.file]: wish.file, [settingsKeys.reinstall]: JSON.stringify(texts) }),
  };
}

async function openWorkspace(places: Places, { isSure }: StackWish, world: World): Promise<LocalWorkspace> {
  const backend = world.surroundings.variable("PULUMI_BACKEND_URL");
  const [pulumiCommand, { LocalWorkspace: Workspace }] = await Promise.all([
    findPulumi(world, isSure),
    automation(),
    makePlaces(places, backend, world),
  ]);
  return Workspace.create({
    pulumiCommand,
    workDir: places.project,
    envVars: environmentOf(places, backend, world.surroundings),
  });
}

/** Undefined if it does not exist. */
async function selectedStack(
  name: string,
  workspace: LocalWorkspace,
  places: Places,
  { surroundings, files }: World,
): Promise<Stack | undefined> {
  const { Stack: AutomationStack, StackNotFoundError } = await automation();
  if (surroundings.variable("PULUMI_BACKEND_URL") === undefined) {
    if ((await files.stat(stateFileOf(places, name))) === undefined) return undefined;
    // Each run of the CLI takes a fifth of a second, and the state's own file says as much.
    Object.assign(workspace, { selectStack: () => Promise.resolve() });
  }
  return AutomationStack.select(name, workspace).catch((error: unknown) => {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  });
}

async function createdStack(name: string, workspace: LocalWorkspace): Promise<Stack> {
  const { Stack: AutomationStack } = await automation();
  return AutomationStack.create(name, workspace);
}

/** After its end, an operation reads outputs and history by three runs of the CLI, for a result that nobody uses. */
function withoutExtras(stack: Stack): Stack {
  return Object.assign(stack, { outputs: () => Promise.resolve({}), info: () => Promise.resolve(undefined) });
}

function requireName({ name, file }: StackWish, stack: string, why: string): void {
  if (name !== undefined) return;
  throw new KvmError("conflict", `the stack ${stack} ${why}`, {
    remedy: `If it is the stack of ${file}, run this again with --stack ${stack}; for another stack, give another name`,
  });
}

async function notDeployed(file: string, { files }: World): Promise<KvmError> {
  const why = (await files.stat(file)) === undefined ? ", which does not exist" : "";
  return new KvmError("not-found", `nothing was deployed from ${file}${why}`, {
    remedy: "Run `kvm-deploy up` first, or name its stack by --stack",
  });
}

function textIn({ config }: StackSettings, key: string): string | undefined {
  const value: unknown = config?.[key];
  return typeof value === "string" ? value : undefined;
}
