import { el, type Element, find, render, textOf, withChild } from "../../format/xml";
import { definitionNamed } from "../../libvirt/look-up";
import { isOwn } from "../../libvirt/mark";
import type { Context, Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { ifKnownAtHost } from "../../resource/known";
import { type Runners, runSteps } from "../../resource/steps";
import { Conflict } from "../../values/errors";
import { consoleLogOf, installerLogOf, moveLog, pictureOf } from "./files/logs";
import { variablesOf, variablesTaken } from "./files/variables";
import { runsInstaller } from "./guest/installing";
import { turnOff } from "./guest/power";
import { persistentDefinition, runningDefinition } from "./live/definitions";
import { mayTurnOff, planRename, type RenameStep } from "./rename-plan";
import type { Run } from "./schema/actual";
import type { MachineInputs } from "./schema/machine";

type Renaming = Pick<Run, "host" | "context" | "desired"> & {
  readonly actual: { readonly uuid: string; readonly definition: Element };
};

/** What a rename has done. */
interface Renamed {
  readonly definition: Element;
  readonly wasTurnedOff: boolean;
  /** Whether its installer was stopped, which is no failure of the installation. */
  readonly wasStopped: boolean;
}

/** The machine under its desired name; undefined if it no longer exists. */
export async function underItsName(renaming: Renaming): Promise<Renamed | undefined> {
  const { host, desired, actual } = renaming;
  const { uuid, definition } = actual;
  if (textOf(definition, "name") === desired.name) return { definition, wasTurnedOff: false, wasStopped: false };
  const steps = planRename(desired, { definition, live: await runningDefinition(host, uuid) });
  await runSteps(steps, runners, renaming);
  const renamed = await persistentDefinition(host, uuid);
  const off = steps.find((step) => step.kind === "turn-off");
  return renamed && { definition: renamed, wasTurnedOff: off !== undefined, wasStopped: off?.how === "stop" };
}

const runners: Runners<RenameStep, Renaming> = {
  "require-free-name": (_, { host, desired, actual }) => refuseTaken(host, actual.uuid, desired),
  "turn-off": ({ how }, renaming) => turnOffFirst(how, renaming),
  "move-variables": ({ from }, renaming) => moveVariables(from, renaming),
  rename: (_, { host, desired, actual }) => host.libvirt.rename(actual.uuid, desired.name),
  "move-logs": async ({ from }, { host, desired }) => {
    for (const fileOf of [consoleLogOf, installerLogOf, pictureOf])
      await moveLog(host.files, fileOf(host, { name: from }), fileOf(host, desired));
  },
};

async function turnOffFirst(
  how: Extract<RenameStep, { readonly kind: "turn-off" }>["how"],
  { host, context, desired, actual }: Renaming,
): Promise<void> {
  const name = textOf(actual.definition, "name") ?? "";
  if (how === "refuse") throw new Conflict(runsStill(name), { property: "name", remedy: waysOut });
  if (how === "stop") return host.libvirt.stop("domain", actual.uuid);
  await turnOff({ host, context, desired: { ...desired, name }, actual }, `it keeps the name "${name}"`);
}

/** libvirt renames a machine, but not the file of its firmware's variables. */
async function moveVariables(from: string, { host, desired, actual: { definition } }: Renaming): Promise<void> {
  const [old, fresh] = [variablesOf({ name: from }), variablesOf(desired)];
  const given = textOf(definition, "os/nvram") ?? "";
  if (given !== "" && given !== old) return;
  if ((await host.files.stat(old)) !== undefined) await host.files.rename(old, fresh);
  if (given === "") return;
  const os = find(definition, "os") ?? el("os");
  const nvram = find(os, "nvram") ?? el("nvram");
  const moved = withChild(os, "nvram", { ...nvram, children: [fresh] });
  await host.libvirt.define("domain", render(withChild(definition, "os", moved)));
}

/** At preview: what prevents the rename. */
export async function refuseRename(
  olds: MachineInputs,
  news: MachineInputs,
  context: Context,
): Promise<readonly Failure[]> {
  if (olds.name === news.name) return [];
  const host = context.host(news.connection);
  const existing = await definitionNamed(host.libvirt, "domain", olds.name);
  if (existing === undefined || !isOwn(existing.root, context.identity)) return [];
  const { uuid } = existing;
  const failures: string[] = [];
  const runsOn = async () => !mayTurnOff(news) && (await runsFromDisk(host, uuid));
  if ((await ifKnownAtHost(runsOn)) === true) failures.push(`${runsStill(olds.name)}. ${waysOut}`);
  const kept = await host.libvirt.keptStates(uuid);
  if (kept.length > 0)
    failures.push(
      `machine "${olds.name}" has ${kept.join(" and ")}, and libvirt renames no such machine. Remove them first (virsh ${removalOf[kept[0] ?? "snapshots"]} ${olds.name}), or keep the name`,
    );
  const other = await host.libvirt.find("domain", news.name);
  if (other !== undefined && other.uuid !== uuid) failures.push(`${taken(news)}. Choose another name`);
  const conflict = await ifKnownAtHost(() => variablesTaken(host, news, uuid));
  if (conflict !== undefined) failures.push(conflict.reason);
  return failures.map((reason) => ({ property: "name", reason }));
}

const removalOf = {
  "a saved state": "managedsave-remove",
  snapshots: "snapshot-delete --current",
  checkpoints: "checkpoint-delete --current",
} as const;

async function runsFromDisk(host: Host, uuid: string): Promise<boolean> {
  return (await host.libvirt.isActive("domain", uuid)) && !(await runsInstaller(host, uuid));
}

async function refuseTaken(host: Host, uuid: string, inputs: MachineInputs): Promise<void> {
  const conflict = await variablesTaken(host, inputs, uuid);
  if (conflict !== undefined) throw conflict;
  const other = await host.libvirt.find("domain", inputs.name);
  if (other === undefined || other.uuid === uuid) return;
  throw new Conflict(taken(inputs), { property: "name", remedy: "Choose another name" });
}

function taken({ name }: MachineInputs): string {
  return `another machine has the name "${name}" already`;
}

function runsStill(name: string): string {
  return `machine "${name}" runs, and libvirt renames a machine only while it is off`;
}

const waysOut = "Set allowRestart to true for a restart, shut it down, or keep the name";
