import { type ContextFor, type Removal, removeAll } from "../../orphans/remove";
import { type Sorted, sorted } from "../../orphans/sort";
import { type Known, knownBy, nothingKnown, stackOf, together } from "../../orphans/stacks";
import { thingsOn } from "../../orphans/survey";
import { nameOf, type Thing, thingKinds } from "../../orphans/thing";
import type { Host } from "../../resource/host";
import { connectionProblem } from "../../values/connection";
import { KvmError, messageOf } from "../../values/errors";
import {
  type ExitCode,
  exitCodes,
  type Given,
  has,
  type Request,
  valueOf,
  valuesOf,
  type World,
  wrongUse,
} from "../command";
import type { Terminal } from "../terminal";

interface Wish {
  readonly connection: string;
  readonly stacks: readonly StackAt[];
  readonly files: readonly string[];
  readonly isAll: boolean;
  readonly remove: readonly string[];
  readonly isSure: boolean;
  readonly asJson: boolean;
}

export async function run(request: Request, world: World): Promise<ExitCode> {
  const wish = wishIn(request, world);
  const host = world.host(wish.connection);
  const known = await knownOf(wish, host, world.terminal);
  const found = sorted(await thingsOn(host), known, wish.isAll);
  if (wish.remove.length > 0) return remove(wish, found, host, world);
  print(wish, known, found, world.terminal);
  return found.orphans.length === 0 ? exitCodes.fine : exitCodes.found;
}

const usage = "kvm-deploy orphans --help";

function wishIn(request: Request, { defaultConnection }: World): Wish {
  const connection = valueOf(request, "connection") ?? defaultConnection();
  const problem = connectionProblem(connection);
  if (problem !== undefined) throw wrongUse(problem, usage);
  return {
    connection,
    stacks: stacksIn(request.options),
    files: valuesOf(request, "state"),
    isAll: has(request, "all-stacks"),
    remove: valuesOf(request, "remove"),
    isSure: has(request, "yes"),
    asJson: has(request, "json"),
  };
}

interface StackAt {
  readonly name: string;
  /** Undefined: the current directory. */
  readonly cwd?: string;
}

/** Each `--cwd` belongs to the `--stack` before it. */
function stacksIn(given: readonly Given[]): StackAt[] {
  return given.reduce<StackAt[]>((stacks, { name, value }) => {
    if (name === "stack") return [...stacks, { name: value }];
    if (name !== "cwd") return stacks;
    const last = stacks.at(-1);
    if (last === undefined || last.cwd !== undefined)
      throw wrongUse(`--cwd ${value} must follow the --stack that it belongs to`, usage);
    return [...stacks.slice(0, -1), { ...last, cwd: value }];
  }, []);
}

async function knownOf({ stacks, files }: Wish, host: Host, terminal: Terminal): Promise<Known> {
  const all: Known[] = [nothingKnown];
  for (const { name, cwd = "." } of stacks) all.push(await knownByPulumi(name, cwd, host));
  for (const file of files) all.push(await knownByFile(file, host, terminal));
  return together(all);
}

async function knownByPulumi(name: string, cwd: string, host: Host): Promise<Known> {
  const exported = await exportOf(name, cwd, host);
  const known = knownBy(exported, `the state of stack ${name}`);
  const [stack = "", project] = name.split("/").reverse();
  const owner = project ?? (await projectIn(cwd, host));
  // The state of a stack without resources contains no stack name.
  return owner === undefined ? known : together([known, { ...nothingKnown, stacks: [{ stack, project: owner }] }]);
}

async function exportOf(name: string, cwd: string, { run }: Host): Promise<string> {
  try {
    const args = ["stack", "export", "--stack", name, "--non-interactive"];
    return (await run("pulumi", args, { cwd })).stdout;
  } catch (cause) {
    throw new KvmError("command-failed", `the state of stack ${name} in ${cwd} can't be read: ${reasonIn(cause)}`, {
      remedy: "Log in to the stack's backend, and give the stack's name and the directory of its program",
      cause,
    });
  }
}

/** Pulumi's own error message, without the command. */
function reasonIn(cause: unknown): string {
  const text = messageOf(cause);
  const said = text.slice(text.indexOf("error: ") + "error: ".length);
  return text.includes("error: ") ? said : text;
}

async function projectIn(cwd: string, { files }: Host): Promise<string | undefined> {
  for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
    const text = await files.readTextIfPresent(`${cwd}/${name}`);
    const [, project] = /^name:\s*["']?([^\s"'#]+)/m.exec(text ?? "") ?? [];
    if (project !== undefined) return project;
  }
  return undefined;
}

async function knownByFile(file: string, { files }: Host, terminal: Terminal): Promise<Known> {
  if (file === "-") return knownBy(await terminal.input(), "the input");
  const text = await files.readTextIfPresent(file);
  if (text === undefined) throw new KvmError("not-found", `there is no file ${file}`, { remedy: `See \`${usage}\`` });
  const known = knownBy(text, file);
  if (known.stacks.length === 0)
    terminal.report(`${file} contains no resources, and so no stack's name: give that stack by --stack instead`);
  return known;
}

async function remove(wish: Wish, found: Sorted, host: Host, world: World): Promise<ExitCode> {
  const { terminal } = world;
  const things = wish.remove.flatMap((name) => removable(name, found));
  if (!wish.isSure && !(await isConfirmed(things, terminal))) {
    terminal.report("Nothing is removed.");
    return exitCodes.failed;
  }
  const contextFor: ContextFor = (owner) => ({
    ...owner,
    host: world.host,
    defaultConnection: wish.connection,
    progress: () => undefined,
    warn: (text) => terminal.report(text),
    debug: () => undefined,
    signal: new AbortController().signal,
  });
  const removals = await removeAll(things, host, contextFor, (removal) => report(removal, terminal));
  if (wish.asJson) terminal.print(JSON.stringify({ removals: removals.map(removalAsData) }, null, 2));
  return removals.every(({ failure }) => failure === undefined) ? exitCodes.fine : exitCodes.failed;
}

/** Several where several orphans share a thing. */
function removable(name: string, { orphans: proven, others, unproven }: Sorted): readonly Thing[] {
  const named = (thing: Thing) => nameOf(thing) === name;
  const things = proven.filter(named);
  if (things.length > 0) return things;
  const other = others.find(named);
  if (other !== undefined) {
    const owner = other.owner === undefined ? "its owner is unknown" : `it belongs to ${other.owner.owner}`;
    throw new KvmError("forbidden", `${name} is not known to be an orphan: ${owner}, and that stack is not given`, {
      remedy: "Give its stack by --stack or --state; if all stacks that use this host are given, add --all-stacks",
    });
  }
  if (unproven.some(named))
    throw new KvmError("forbidden", `${name} is not removed: its owner can't be proven`, {
      remedy: "Remove it by libvirt's own means, if you know that it is yours",
    });
  const kind = name.slice(0, Math.max(0, name.indexOf(":")));
  const isKind = thingKinds.some((one) => one === kind);
  throw new KvmError("not-found", `there is no orphan ${name} on this host`, {
    remedy: isKind
      ? "Name it as `kvm-deploy orphans` lists it"
      : `Write the kind before it, such as volume:${name}; the kinds are ${thingKinds.join(", ")}`,
  });
}

async function isConfirmed(things: readonly Thing[], terminal: Terminal): Promise<boolean> {
  if (!terminal.isInteractive)
    throw wrongUse("there is no terminal to ask for confirmation, so --yes is required", usage);
  for (const thing of things) terminal.report(line(thing));
  return terminal.confirm(
    `Remove ${things.length === 1 ? "it, with what is in it" : `these ${things.length}, with what is in them`}?`,
  );
}

function report({ thing, failure, remarks }: Removal, terminal: Terminal): void {
  for (const remark of remarks) terminal.report(`${nameOf(thing)}: ${remark}`);
  terminal.report(`${nameOf(thing)}: ${failure === undefined ? "removed" : `not removed: ${failure}`}`);
}

function print(wish: Wish, known: Known, found: Sorted, terminal: Terminal): void {
  if (wish.asJson) {
    const { connection, isAll } = wish;
    const data = Object.fromEntries(
      Object.entries(found).map(([group, things]) => [group, (things as readonly Thing[]).map(asData)]),
    );
    terminal.print(JSON.stringify({ connection, allStacks: isAll, stacks: known.stacks, ...data }, null, 2));
    return;
  }
  const isUnknown = known.stacks.length === 0 && !wish.isAll;
  const stacks = known.stacks.map(({ stack, project }) => `${project}/${stack}`).join(", ");
  const section = (title: string, things: readonly Thing[]) =>
    things.length === 0 ? [] : [title, ...things.map((thing) => `  ${line(thing)}`), ""];
  const lines = [
    ...section(
      `Orphans: none of the given stacks has them (${stacks === "" ? "no stack is given" : stacks}):`,
      found.orphans,
    ),
    ...section(
      isUnknown
        ? "All that kvm-deploy has created here; no stack is given, so it is unknown what is still in use:"
        : "Owned by stacks that are not given, so it is unknown whether they still have it:",
      found.others,
    ),
    ...section("The owner of these can't be proven, so they are never removed:", found.unproven),
  ];
  if (found.orphans.length === 0)
    lines.push(isUnknown ? "Give the stacks by --stack or --state to find orphans." : "There are no orphans.");
  terminal.print(lines.join("\n").trimEnd());
}

function line(thing: Thing): string {
  const { owner, what, sinceMs } = thing;
  const made =
    sinceMs === undefined ? "" : `, since ${new Date(sinceMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const whose = owner === undefined ? "" : `, of ${owner.owner} (identity ${owner.identity})`;
  return `${nameOf(thing)}  ${what}${whose}${made}`;
}

function asData(thing: Thing) {
  const { kind, name, owner, what, sinceMs } = thing;
  const since = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
  const stack = owner && stackOf(owner.owner);
  return { item: nameOf(thing), kind, name, owner: owner?.owner, identity: owner?.identity, ...stack, what, since };
}

function removalAsData({ thing, failure, remarks }: Removal) {
  return { ...asData(thing), isRemoved: failure === undefined, failure, remarks };
}
