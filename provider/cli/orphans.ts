import { type ContextFor, type Removal, removeAll } from "../orphans/remove";
import { type Sorted, sorted } from "../orphans/sort";
import { type Known, knownBy, nothingKnown, stackOf, together } from "../orphans/stacks";
import { thingsOn } from "../orphans/survey";
import { nameOf, type Thing, thingKinds } from "../orphans/thing";
import type { Host } from "../resource/host";
import { connectionProblem } from "../values/connection";
import { KvmError, messageOf } from "../values/errors";
import { type Command, type ExitCode, exitCodes, type Given, type World, wrongUse } from "./command";
import type { Terminal } from "./terminal";

const help = `usage: kvm-deploy orphans [OPTION...]

Lists what kvm-deploy has made or taken over on a KVM host and none of the given stacks has: machines, networks, storage
pools, volumes, DHCP reservations, installer ISOs, logs, and notes of what is not there or was cut off.

A thing is a stack's by the identity in that stack's state, not by its name. A thing whose stack isn't given is no orphan:
it is listed by itself. Without a stack, all is listed with its owner.

  --connection URI   the host's libvirt (default: KVM_DEPLOY_CONNECTION, else qemu:///system)
  --stack NAME       a stack, whose state \`pulumi stack export\` gives; may be repeated
  --cwd DIR          the folder of that stack's program (default: the present one); stands behind its --stack
  --state FILE       the same from a file that \`pulumi stack export\` has written, or from the input (-); may be repeated
  --all-stacks       the given stacks are all that use this host: what none of them has is an orphan, whoever made it
  --remove ITEM      removes that orphan, named as in the list, such as volume:default/web-root; may be repeated
  --yes              doesn't ask before it removes
  --json             prints the result as JSON

Each is removed as its resource would do it: whose it is, is looked at once more; what is in use stays. What was taken
over by \`adopt\` stays, too, and is no longer noted as kvm-deploy's. Let no \`pulumi up\` run on the host meanwhile: what it is
just making is in no state yet.

Exit code: 0 there is no orphan, or all that was named is removed; 1 there are orphans; 2 something could not be done.`;

interface Request {
  readonly connection: string;
  readonly stacks: readonly StackAt[];
  readonly files: readonly string[];
  readonly isAll: boolean;
  readonly remove: readonly string[];
  readonly isSure: boolean;
  readonly asJson: boolean;
}

export const orphans: Command = {
  name: "orphans",
  summary: "finds what kvm-deploy made on a host and no stack has any more, and removes it",
  help,
  options: {
    connection: { type: "string" },
    stack: { type: "string", multiple: true },
    cwd: { type: "string", multiple: true },
    state: { type: "string", multiple: true },
    "all-stacks": { type: "boolean" },
    remove: { type: "string", multiple: true },
    yes: { type: "boolean" },
    json: { type: "boolean" },
  },

  async run(given, world) {
    const request = requestOf(given, world);
    const host = world.host(request.connection);
    const known = await knownOf(request, host, world.terminal);
    const found = sorted(await thingsOn(host), known, request.isAll);
    if (request.remove.length > 0) return remove(request, found, host, world);
    print(request, known, found, world.terminal);
    return found.orphans.length === 0 ? exitCodes.fine : exitCodes.found;
  },
};

const usage = "kvm-deploy orphans --help";

function requestOf(given: readonly Given[], { defaultConnection }: World): Request {
  const values = (wanted: string) => given.filter(({ name }) => name === wanted).map(({ value }) => value);
  const has = (wanted: string) => values(wanted).length > 0;
  const connection = values("connection").at(-1) ?? defaultConnection();
  const problem = connectionProblem(connection);
  if (problem !== undefined) throw wrongUse(problem, usage);
  return {
    connection,
    stacks: stacksIn(given),
    files: values("state"),
    isAll: has("all-stacks"),
    remove: values("remove"),
    isSure: has("yes"),
    asJson: has("json"),
  };
}

interface StackAt {
  readonly name: string;
  /** Undefined: the present folder. */
  readonly cwd?: string;
}

/** Each `--cwd` belongs to the `--stack` before it. */
function stacksIn(given: readonly Given[]): StackAt[] {
  return given.reduce<StackAt[]>((stacks, { name, value }) => {
    if (name === "stack") return [...stacks, { name: value }];
    if (name !== "cwd") return stacks;
    const last = stacks.at(-1);
    if (last === undefined || last.cwd !== undefined)
      throw wrongUse(`--cwd ${value} stands behind no --stack of its own`, usage);
    return [...stacks.slice(0, -1), { ...last, cwd: value }];
  }, []);
}

async function knownOf({ stacks, files }: Request, host: Host, terminal: Terminal): Promise<Known> {
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
  // A stack without resources tells its name nowhere.
  return owner === undefined ? known : together([known, { ...nothingKnown, stacks: [{ stack, project: owner }] }]);
}

async function exportOf(name: string, cwd: string, { run }: Host): Promise<string> {
  try {
    const args = ["stack", "export", "--stack", name, "--non-interactive"];
    return (await run("pulumi", args, { cwd })).stdout;
  } catch (cause) {
    throw new KvmError("command-failed", `the state of stack ${name} in ${cwd} can't be read: ${reasonIn(cause)}`, {
      remedy: "Log in where the stack is kept, and give its name and the folder of its program",
      cause,
    });
  }
}

/** What Pulumi says, without the command. */
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
    terminal.tell(`${file} holds no resources, and so tells no stack's name: give that stack by --stack instead`);
  return known;
}

async function remove(request: Request, found: Sorted, host: Host, world: World): Promise<ExitCode> {
  const { terminal } = world;
  const things = request.remove.map((name) => removable(name, found));
  if (!request.isSure && !(await isConfirmed(things, terminal))) {
    terminal.tell("Nothing is removed.");
    return exitCodes.failed;
  }
  const contextFor: ContextFor = (owner) => ({
    ...owner,
    host: world.host,
    defaultConnection: request.connection,
    progress: () => undefined,
    warn: (text) => terminal.tell(text),
    debug: () => undefined,
    signal: new AbortController().signal,
  });
  const removals = await removeAll(things, host, contextFor, (removal) => tell(removal, terminal));
  if (request.asJson) terminal.print(JSON.stringify({ removals: removals.map(removalAsData) }, null, 2));
  return removals.every(({ failure }) => failure === undefined) ? exitCodes.fine : exitCodes.failed;
}

function removable(name: string, { orphans: proven, others, unproven }: Sorted): Thing {
  const named = (thing: Thing) => nameOf(thing) === name;
  const thing = proven.find(named);
  if (thing !== undefined) return thing;
  const other = others.find(named);
  if (other !== undefined) {
    const owner = other.owner === undefined ? "nobody knows whose it is" : `it belongs to ${other.owner.owner}`;
    throw new KvmError("forbidden", `${name} is not known as an orphan: ${owner}, and that stack is not given`, {
      remedy: "Give its stack by --stack or --state; if all stacks that use this host are given, say --all-stacks",
    });
  }
  if (unproven.some(named))
    throw new KvmError("forbidden", `${name} is not removed: whose it is can't be proven`, {
      remedy: "Remove it by libvirt's own means, if you know that it is yours",
    });
  const kind = name.slice(0, Math.max(0, name.indexOf(":")));
  const isKind = thingKinds.some((one) => one === kind);
  throw new KvmError("not-found", `there is no orphan ${name} on this host`, {
    remedy: isKind
      ? "Name it as `kvm-deploy orphans` lists it"
      : `Write the kind before it, such as volume:${name}; there are ${thingKinds.join(", ")}`,
  });
}

async function isConfirmed(things: readonly Thing[], terminal: Terminal): Promise<boolean> {
  if (!terminal.isInteractive) throw wrongUse("nobody can be asked here, so that removing needs --yes", usage);
  for (const thing of things) terminal.tell(line(thing));
  return terminal.confirm(
    `Remove ${things.length === 1 ? "it, with what is in it" : `these ${things.length}, with what is in them`}?`,
  );
}

function tell({ thing, failure, remarks }: Removal, terminal: Terminal): void {
  for (const remark of remarks) terminal.tell(`${nameOf(thing)}: ${remark}`);
  terminal.tell(`${nameOf(thing)}: ${failure === undefined ? "removed" : `not removed: ${failure}`}`);
}

function print(request: Request, known: Known, found: Sorted, terminal: Terminal): void {
  if (request.asJson) {
    const { connection, isAll } = request;
    const data = Object.fromEntries(
      Object.entries(found).map(([group, things]) => [group, (things as readonly Thing[]).map(asData)]),
    );
    terminal.print(JSON.stringify({ connection, allStacks: isAll, stacks: known.stacks, ...data }, null, 2));
    return;
  }
  const isUnknown = known.stacks.length === 0 && !request.isAll;
  const stacks = known.stacks.map(({ stack, project }) => `${project}/${stack}`).join(", ");
  const section = (title: string, things: readonly Thing[]) =>
    things.length === 0 ? [] : [title, ...things.map((thing) => `  ${line(thing)}`), ""];
  const lines = [
    ...section(
      `Orphans, which none of the given stacks has (${stacks === "" ? "none is given" : stacks}):`,
      found.orphans,
    ),
    ...section(
      isUnknown
        ? "All that kvm-deploy has made here; no stack is given, so that nothing tells what is still in use:"
        : "Of other stacks, which are not given, so that nothing tells whether they still have it:",
      found.others,
    ),
    ...section("It can't be proven whose these are, so that they are never removed:", found.unproven),
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
