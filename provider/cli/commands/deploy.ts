import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Configuration } from "../../config/configuration";
import {
  type ExitCode,
  exitCodes,
  has,
  helpFor,
  type Request,
  valueOf,
  wordsOf,
  type World,
  wrongUse,
} from "../command";
import { configurationFile } from "../configuration-file";
import { summaryLine } from "../rows/lines";
import type { Row } from "../rows/rows";
import { type OpenStack, openStack } from "../stack/open";
import type { Verb } from "../stack/operate";
import type { Reinstallations } from "../stack/program";
import { show, type Shown } from "../stack/show";
import { goingWith, machinesIn, resourcesOf } from "../stack/state";
import { requireMachine, targetsOf } from "../stack/targets";

/**
 * `preview`, `up`, `refresh` and `destroy`: the engine's operations.
 * @param known the configuration, if it has been read already
 */
export async function deploy(verb: Verb, request: Request, world: World, known?: Configuration): Promise<ExitCode> {
  const [isSure, asJson] = [has(request, "yes"), has(request, "json")];
  if (verb !== "preview") requireConsent(isSure, asJson, request, world);
  const machines = wordsOf(request, "MACHINE");
  const forced = has(request, "force") ? machines : [];
  if (has(request, "force") && machines.length === 0)
    throw wrongUse("--force needs the names of the machines to install again", helpFor(request.command));
  const file = await configurationFile(request, world);
  const configuration = runsProgram(verb) ? (known ?? (await configurationIn(file))) : undefined;
  const name = valueOf(request, "stack");
  const opened = await openStack({ file, name, isSure, creates: runsProgram(verb) }, world);
  const targets = await targetsIn(verb, machines, configuration, opened, world);
  const texts = { ...opened.reinstallations, ...textsFor(forced, world) };
  const program = await programFor(configuration, texts);
  const run = (isPreview: boolean) => show(opened, { verb, isPreview, targets, program }, world, asJson);

  if (verb === "preview" || !isSure) {
    const planned = await run(true);
    report(verb, true, planned, opened, asJson, world);
    if (!planned.isOk) return exitCodes.failed;
    if (verb === "preview") return changes(planned).length === 0 ? exitCodes.fine : exitCodes.found;
    if (changes(planned).length === 0) return exitCodes.fine;
    if (!(await world.terminal.confirm(questions[verb]))) {
      world.terminal.report("Nothing is changed.");
      return exitCodes.failed;
    }
  }
  // Recorded first, so that an interrupted installation is continued by the next `up`.
  if (forced.length > 0) await opened.reinstall(texts);
  const done = await run(false);
  report(verb, false, done, opened, asJson, world);
  return done.isOk ? exitCodes.fine : exitCodes.failed;
}

const questions = {
  up: "Make these changes?",
  refresh: "Take these differences into the state?",
  destroy: "Delete these, with what is on them?",
} as const;

function requireConsent(isSure: boolean, asJson: boolean, { command }: Request, { terminal }: World): void {
  if (isSure) return;
  if (asJson) throw wrongUse("--json asks no questions, so --yes is required", helpFor(command));
  if (!terminal.isInteractive)
    throw wrongUse("there is no terminal to ask for confirmation, so --yes is required", helpFor(command));
}

function runsProgram(verb: Verb): boolean {
  return verb === "preview" || verb === "up";
}

async function configurationIn(file: string): Promise<Configuration> {
  const { readConfiguration } = await import("../../config/read.js");
  return readConfiguration(file);
}

async function targetsIn(
  verb: Verb,
  machines: readonly string[],
  configuration: Configuration | undefined,
  { name, stack }: OpenStack,
  world: World,
): Promise<readonly string[]> {
  if (machines.length === 0) return [];
  if (configuration !== undefined) return targetsOf(machines, configuration, name);
  const resources = await resourcesOf(stack, world);
  const existing = machinesIn(resources);
  for (const machine of machines) requireMachine(machine, existing.map((each) => each.name)); // prettier-ignore
  if (verb === "destroy") return goingWith(machines, resources);
  return existing.filter((each) => machines.includes(each.name)).map(({ urn }) => urn);
}

function textsFor(machines: readonly string[], { clock }: World): Reinstallations {
  const text = `--force at ${new Date(clock.now()).toISOString()}`;
  return Object.fromEntries(machines.map((machine) => [machine, text]));
}

async function programFor(configuration: Configuration | undefined, texts: Reinstallations): Promise<PulumiFn> {
  if (configuration === undefined) return () => Promise.resolve();
  const { deploy: deployed } = await import("../stack/program.js");
  return () => Promise.resolve(deployed(configuration, texts));
}

function changes({ progress }: Shown): readonly Row[] {
  return progress.rows.filter(({ op }) => op !== "same" && op !== "refresh");
}

function report(
  verb: Verb,
  isPreview: boolean,
  shown: Shown,
  { name }: OpenStack,
  asJson: boolean,
  world: World,
): void {
  const { terminal, clock } = world;
  const nowMs = clock.now();
  if (!asJson) {
    if (shown.isOk || shown.progress.rows.length > 0) terminal.print(summaryLine(shown.progress, { isPreview, nowMs }));
    return;
  }
  const resources = shown.progress.rows.map(({ kind, name: key, op, phase, changes: inputs, startedMs, endedMs }) => ({
    ...{ kind, name: key, operation: op, isDone: phase === "done", changes: inputs },
    seconds: endedMs === undefined ? null : Math.round((endedMs - startedMs) / 100) / 10,
  }));
  const { messages } = shown.progress;
  terminal.print(
    JSON.stringify({ command: verb, stack: name, isPreview, isOk: shown.isOk, resources, messages }, null, 2),
  );
}
