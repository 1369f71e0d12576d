import { el, type Element, find, parse, render, textOf, withChild } from "../../format/xml";
import { definitionNamed } from "../../libvirt/look-up";
import { isOwn, readMark } from "../../libvirt/mark";
import type { Context, Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { ifKnownAtHost } from "../../resource/known";
import { notOursAnyMore } from "../../resource/ownership";
import { Conflict } from "../../values/errors";
import { moveLog } from "./logs";
import { turnOff } from "./power";
import type { MachineInputs } from "./schema";
import { consoleLogOf, installerLogOf } from "./survey";
import { variablesOf, variablesTaken } from "./variables";

export interface Renamed {
  /** Its persistent definition. */
  readonly root: Element;
  /** Whether it was turned off for that. */
  readonly wasOn: boolean;
}

/** The machine under the name that it is to have: libvirt renames what is off. Undefined when it is gone. */
export async function renamed(
  host: Host,
  uuid: string,
  inputs: MachineInputs,
  context: Context,
): Promise<Renamed | undefined> {
  const xml = await host.libvirt.definition("domain", uuid);
  if (xml === undefined) return undefined;
  const root = parse(xml);
  if (!isOwn(root, context.identity)) throw notOursAnyMore(`machine "${inputs.name}"`, readMark(root));
  const before = textOf(root, "name") ?? "";
  if (before === inputs.name) return { root, wasOn: false };
  await refuseTaken(host, uuid, inputs);
  const wasOn = await turnedOff(host, uuid, root, before, inputs, context);
  await moveVariables(host, root, before, inputs.name);
  await host.libvirt.rename(uuid, inputs.name);
  await moveLog(host.files, consoleLogOf(host, { name: before }), consoleLogOf(host, inputs));
  await moveLog(host.files, installerLogOf(host, { name: before }), installerLogOf(host, inputs));
  const after = await host.libvirt.definition("domain", uuid);
  return after === undefined ? undefined : { root: parse(after), wasOn };
}

/**
 * libvirt renames a machine without its firmware's variables. They go first: when only that was done, the next `up` finds
 * the machine under its old name, and goes on.
 */
async function moveVariables(host: Host, root: Element, before: string, after: string): Promise<void> {
  const fileOf = (name: string) => variablesOf({ name });
  const given = textOf(root, "os/nvram") ?? "";
  if (given !== "" && given !== fileOf(before)) return;
  if ((await host.files.stat(fileOf(before))) !== undefined) await host.files.rename(fileOf(before), fileOf(after));
  if (given === "") return;
  const os = find(root, "os") ?? el("os");
  const nvram = find(os, "nvram") ?? el("nvram");
  const moved = withChild(os, "nvram", { ...nvram, children: [fileOf(after)] });
  await host.libvirt.define("domain", render(withChild(root, "os", moved)));
}

async function turnedOff(
  host: Host,
  uuid: string,
  root: Element,
  before: string,
  inputs: MachineInputs,
  context: Context,
): Promise<boolean> {
  if (!(await host.libvirt.isActive("domain", uuid))) return false;
  // An installer wouldn't answer; it begins anew.
  if (readMark(root)?.phase === "installing") await host.libvirt.stop("domain", uuid);
  else if (mayTurnOff(inputs))
    await turnOff({ host, uuid, inputs: { ...inputs, name: before }, context }, `it keeps the name "${before}"`);
  else throw new Conflict(runsStill(before), { property: "name", remedy: waysOut });
  return true;
}

/** At preview, what would keep the machine from its new name. */
export async function refuseRename(
  olds: MachineInputs,
  news: MachineInputs,
  context: Context,
): Promise<readonly Failure[]> {
  if (olds.name === news.name) return [];
  const host = context.host(news.connection);
  const present = await definitionNamed(host.libvirt, "domain", olds.name);
  if (present === undefined || !isOwn(present.root, context.identity)) return [];
  const { uuid, root } = present;
  const failures: string[] = [];
  const isInstalling = readMark(root)?.phase === "installing";
  const runsOn = async () => !isInstalling && !mayTurnOff(news) && (await host.libvirt.isActive("domain", uuid));
  if ((await ifKnownAtHost(runsOn)) === true) failures.push(`${runsStill(olds.name)}. ${waysOut}`);
  const kept = await host.libvirt.keptStates(uuid);
  if (kept.length > 0)
    failures.push(
      `machine "${olds.name}" has ${kept.join(" and ")}, with which libvirt renames none. Remove them first (virsh ${removalOf[kept[0] ?? "snapshots"]} ${olds.name}), or keep the name`,
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

function mayTurnOff({ allowRestart, running }: MachineInputs): boolean {
  return allowRestart || running === false;
}

function runsStill(name: string): string {
  return `machine "${name}" runs, and libvirt renames only what is off`;
}

const waysOut = "Set allowRestart to true to have it restarted, shut it down, or keep the name";
