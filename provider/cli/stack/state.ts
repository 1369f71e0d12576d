import type { Stack } from "@pulumi/pulumi/automation";
import type { World } from "../command";
import { KvmError } from "../../values/errors";

/** A resource in an exported state. */
export interface StateResource {
  readonly urn: string;
  /** Such as `Machine`. */
  readonly kind: string;
  /** The name in the program. */
  readonly name: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** URNs. */
  readonly dependencies: readonly string[];
}

interface Exported {
  readonly resources?: readonly {
    readonly urn: string;
    readonly type: string;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly dependencies?: readonly string[];
    readonly delete?: boolean;
  }[];
}

/** The resources of a stack. Secrets stay encrypted: no command needs them. */
export async function resourcesOf({ name, workspace }: Stack, { run }: World): Promise<StateResource[]> {
  const { pulumiCommand, workDir, envVars } = workspace;
  const args = ["stack", "export", "--stack", name, "--non-interactive"];
  const { stdout } = await run(pulumiCommand.command, args, { cwd: workDir, env: envVars });
  return resourcesIn((JSON.parse(stdout) as { readonly deployment?: unknown }).deployment);
}

/** kvm-deploy's own resources of an exported state. */
export function resourcesIn(deployment: unknown): StateResource[] {
  const { resources = [] } = (deployment ?? {}) as Exported;
  return resources.flatMap(({ urn, type, outputs = {}, dependencies = [], delete: isLeftOver = false }) => {
    const [, kind] = /^pulumi-nodejs:dynamic\/kvm:(\w+)$/.exec(type) ?? [];
    if (kind === undefined || isLeftOver) return [];
    // An output without a value is null in a state.
    const known = Object.entries(outputs).filter(([, value]) => value !== null);
    return [{ urn, kind, name: nameIn(urn), outputs: Object.fromEntries(known), dependencies }];
  });
}

/** The last part of a URN: the name in the program. */
export function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export function machinesIn(resources: readonly StateResource[]): StateResource[] {
  return resources.filter(({ kind }) => kind === "Machine");
}

/** What goes with machines: their volumes and installers, as far as nothing else needs them. */
export function goingWith(machines: readonly string[], resources: readonly StateResource[]): string[] {
  const going = new Set(machinesIn(resources).flatMap(({ urn, name }) => (machines.includes(name) ? [urn] : [])));
  const users = (urn: string) => resources.filter(({ dependencies }) => dependencies.includes(urn));
  const isFree = ({ urn, kind }: StateResource) =>
    ["Volume", "InstallerIso"].includes(kind) &&
    !going.has(urn) &&
    users(urn).length > 0 &&
    users(urn).every((user) => going.has(user.urn));
  for (let next = resources.find(isFree); next !== undefined; next = resources.find(isFree)) going.add(next.urn);
  return [...going];
}

/** An output that is a text, and no secret. */
export function textOutput({ outputs }: StateResource, name: string): string | undefined {
  const value = outputs[name];
  return typeof value === "string" ? value : undefined;
}

/** An output that must be known. */
export function requiredOutput(machine: StateResource, name: string): string {
  const text = textOutput(machine, name);
  if (text !== undefined) return text;
  throw new KvmError("not-found", `the state has no ${name} of machine "${machine.name}"`, {
    remedy: "Run `kvm-deploy up` first",
  });
}

export function listOutput({ outputs }: StateResource, name: string): string[] {
  const value = outputs[name];
  return Array.isArray(value) ? value.map(String) : [];
}
