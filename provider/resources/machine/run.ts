import { render } from "../../format/xml";
import { cutOff, isCutOff } from "../../resource/definition";
import type { Properties } from "../../resource/handler";
import { type Runners, runSteps } from "../../resource/steps";
import { PartiallyCreated } from "../../values/errors";
import { requireEmpty } from "./files/content";
import { imagesAtRisk } from "./files/images";
import { makeLog } from "./files/logs";
import { waitingFor } from "./guest/awaited";
import { requireRoom, requireTpm } from "./guest/needs";
import { turnOff } from "./guest/power";
import { release, reserve } from "./guest/reservations";
import { follow, reportFailures } from "./live/follow";
import { keepWaiting } from "./live/waiting";
import { observeAgain } from "./observe";
import { isInstalling, type MachineStep, planAfterFollowing, planCreate, planUpdate } from "./plan";
import type { Run } from "./schema/actual";
import { incompleteResultOf, partialResultOf } from "./state";
import { defineNew, redefine, takeOver } from "./steps/define";
import {
  bootDiskNext,
  discardInstaller,
  finishInstallation,
  forgetReinstallation,
  leaveInstallation,
  startInstallation,
  stopInstaller,
  watchInstallation,
} from "./steps/install";
import { restart, start, waitForSsh } from "./steps/start";

type StepOf<Kind extends MachineStep["kind"]> = Extract<MachineStep, { readonly kind: Kind }>;

const runners: Runners<MachineStep, Run> = {
  "take-over": (_, run) => takeOver(run),
  "require-empty-disk": requireEmptyDisks,
  "require-room": async (_, { host, desired, actual: { installation } }) => {
    if (installation !== undefined) await requireRoom(host, desired, installation);
    requireTpm(desired, installation?.tpm);
  },
  "define-new": (_, run) => defineNew(run),
  note: ({ waiting }, { host, actual }) => keepWaiting(host.libvirt, actual.uuid, waiting),
  define: ({ definition, notedBefore }, run) => redefine(run, definition, notedBefore),
  "record-reinstallation": ({ definition }, { host }) => host.libvirt.define("domain", render(definition)),
  reserve: reserveAddresses,
  release: ({ reservation }, { host }) => release(host, reservation),
  "make-log": (_, { host, actual }) => makeLog(host, actual.consoleLogPath),
  "start-installation": (_, run) => startInstallation(run),
  "boot-disk-next": (_, run) => bootDiskNext(run),
  "stop-installer": (_, run) => stopInstaller(run),
  "await-installation": (_, run) => watchInstallation(run),
  "leave-installation": (_, run) => leaveInstallation(run),
  "finish-installation": (_, run) => finishInstallation(run),
  "set-autostart": ({ on }, { host, actual }) => host.libvirt.setAutostart("domain", actual.uuid, on),
  start: ({ isFirst }, run) => start(run, isFirst),
  "turn-off": (_, run) => turnOff(run, "it continues to run"),
  "resume-and-plan-again": (_, run) => resumeAndPlanAgain(run),
  "look-again-and-follow": followAsItIs,
  "report-failures": ({ failures, changes }, run) => {
    reportFailures(run, failures, changes);
    return Promise.resolve();
  },
  restart: ({ waiting }, run) => restart(run, waiting),
  "await-ssh": (_, run) => waitForSsh(run),
  "discard-installer": (_, run) => discardInstaller(run),
  "forget-reinstallation": (_, run) => forgetReinstallation(run),
};

async function requireEmptyDisks(
  { named }: StepOf<"require-empty-disk">,
  { host, desired, actual }: Run,
): Promise<void> {
  await requireEmpty(host, await imagesAtRisk(host, desired, actual.installation?.disk, named));
}

async function reserveAddresses({ reservations }: StepOf<"reserve">, { host, context }: Run): Promise<void> {
  for (const each of await reserve(host, reservations, context)) context.warn(waitingFor(each));
}

async function resumeAndPlanAgain(run: Run): Promise<void> {
  await run.host.libvirt.start("domain", run.actual.uuid);
  const { actual, ...again } = await observeAgain(run);
  await runUpdate({ ...again, actual: { ...actual, hasSavedState: false } });
}

async function followAsItIs(step: StepOf<"look-again-and-follow">, run: Run): Promise<void> {
  const left = await follow(run, step);
  await runSteps(planAfterFollowing(run.desired, left, step.changes), runners, run);
}

/** After the definition is written, a failure leaves the machine in the state, to be continued. */
export function runCreate(run: Run): Promise<void> {
  const { host, desired, actual } = run;
  return carryOut(planCreate(desired, actual), run, async () =>
    (await host.libvirt.exists("domain", actual.uuid)) ? cutOff(await incompleteResultOf(run)) : undefined,
  );
}

/** After its definition is written, no failure loses the machine, nor the steps that a create has left. */
export async function runUpdate(run: Run): Promise<void> {
  const { desired, actual, previous, context } = run;
  if (previous === undefined) return;
  const plan = planUpdate(desired, actual, previous, { owner: context.urn, identity: context.identity });
  const isDefined = actual.definition === undefined || !isInstalling(actual.definition);
  const isIncomplete = isCutOff(previous.state) || actual.installation !== undefined;
  const left = isIncomplete ? async () => cutOff(await partialResultOf(run)) : () => partialResultOf(run);
  await carryOut(plan, run, async () => (isDefined ? left() : undefined));
}

/** Until the last of these steps, a failure leaves the machine in the state as it is there. */
const first: readonly MachineStep["kind"][] = ["take-over", "resume-and-plan-again", "note", "define"];

/** @param left the outputs after a failure; undefined if the failure leaves nothing */
async function carryOut(
  plan: readonly MachineStep[],
  run: Run,
  left: () => Promise<Properties | undefined>,
): Promise<void> {
  const last = plan.findLastIndex(({ kind }) => first.includes(kind));
  for (const [index, step] of plan.entries()) {
    try {
      await runSteps([step], runners, run);
    } catch (error) {
      const outputs = index <= last ? undefined : await left();
      throw outputs === undefined ? error : new PartiallyCreated(run.actual.uuid, outputs, error);
    }
  }
}
