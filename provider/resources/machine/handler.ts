import { type Element, parse } from "../../format/xml";
import { isOwn, readMark } from "../../libvirt/mark";
import { cutOff, handlerOf, isCutOff, Refused } from "../../resource/definition";
import { changesBetween } from "../../resource/diff";
import type { Context, Created, Failure, Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { letGo } from "../../resource/ownership";
import { PartiallyCreated } from "../../values/errors";
import { type Existing, existingMachine, nicsIn, nowOf, seenOn, takeOver } from "./adopt";
import { change, resumes } from "./change";
import { type Deployment, isGone, reserveAddresses, resultOf, runStep } from "./deploy";
import { displacedDisk } from "./displaced";
import { updated } from "./edit";
import { machineEffects } from "./effects";
import { stillUntold } from "./follow";
import { imageFailures } from "./images-in-use";
import { inspect } from "./inspect";
import { requireLogFile } from "./logs";
import { addressFailures, changedAddressFailures } from "./networks";
import { withOverlayText } from "./overlay";
import { nothingYet, planCreate, type Progress } from "./plan";
import { machinePolicies } from "./policy";
import { courseOf } from "./progress";
import { remove } from "./remove";
import { refuseRename, renamed } from "./rename";
import { release, type Reservation, reservationsOf, stillAwaited } from "./reservations";
import { type MachineInputs, machineInputs, type MachineOutputs, machineOutputs } from "./schema";
import { factsOf, lastWanted, savedFacts } from "./state";
import { defaultDomainType, type Known, survey } from "./survey";

export const machine = handlerOf<MachineInputs, MachineOutputs>({
  schema: machineInputs,
  outputs: machineOutputs,
  policies: machinePolicies,

  async effects({ changes, olds, news, state }, context) {
    const host = context.host(String(state["connection"]));
    const { uuid } = savedFacts(state);
    const isResumed = (await news.whenKnown((known) => resumes(host, uuid, known))) ?? false;
    const isActive = isResumed || (await host.libvirt.isActive("domain", uuid));
    const displaced = await news.whenKnown(({ name, disks }) => displacedDisk(host, olds, { name, disks }, state));
    return [
      ...machineEffects(changes, news, { name: String(state["name"]), isActive, isResumed }),
      ...(displaced === undefined ? [] : [`up refuses this: ${displaced.message}`]),
    ];
  },

  async outstanding(news, state, context) {
    const { waitingForRestart: waiting = [], macAddresses: macs = [] } = state as Partial<MachineOutputs>;
    const isDue = waiting.length > 0 && news.known(({ allowRestart }) => allowRestart) === true;
    const host = context.host(String(state["connection"]));
    return [
      ...(isDue ? [`${waiting.join(", ")}: ${String(state["name"])} restarts for what waits`] : []),
      ...(news.known(({ name, running }) => stillUntold({ name, running }, state)) ?? []),
      ...((await news.whenKnown(({ nics }) => stillAwaited(host, { nics, macs }, state))) ?? []),
    ];
  },

  async inspect(inputs, context) {
    await inputs.whenKnown((known) => inspect(known, context));
    await inputs.whenKnown(({ connection, consoleLog }) =>
      consoleLog === undefined ? undefined : requireLogFile(context.host(connection).files, consoleLog),
    );
    await inputs.whenKnown(({ connection, name, domainType }) =>
      warnOfEmulation(context.host(connection), { name, domainType }, context),
    );
    await refuseAll([
      inputs.whenKnown((known) => addressFailures(known, context)),
      inputs.whenKnown((known) => (known.adopt === false ? imageFailures(known, context) : [])),
    ]);
  },

  async refuse(olds, news, context) {
    const failures = await Promise.all([
      news.whenKnown((known) => refuseRename(olds, known, context)),
      news.whenKnown((known) => changedAddressFailures(olds, known, context)),
      news.whenKnown((known) => imageFailures(known, context, olds.disks)),
    ]);
    return failures.flatMap((each) => each ?? []);
  },

  derived: ["xml.text"],
  derive: (inputs) => Promise.resolve(withOverlayText(inputs)),

  create: (inputs, context) => alone(context.identity, inputs, context, () => create(inputs, context)),

  async read(uuid, inputs, state, context) {
    const host = context.host(inputs.connection);
    const [xml, now] = await Promise.all([host.libvirt.definition("domain", uuid), nowOf(host, uuid)]);
    if (xml === undefined) return undefined;
    const root = parse(xml);
    if (!isOwn(root, context.identity)) {
      letGo(`machine "${inputs.name}"`, readMark(root), context);
      return;
    }
    const seen = await seenOn(host, root, inputs, savedFacts(state), now);
    if (!isCutOff(state)) return { id: uuid, outputs: seen.outputs, inputs: { ...seen.inputs } };
    // What isn't complete need not run yet.
    const { running } = inputs;
    return { id: uuid, outputs: cutOff({ ...seen.outputs, running }), inputs: { ...seen.inputs, running } };
  },

  update: (uuid, olds, news, state, context) =>
    alone(context.identity, news, context, () => update(uuid, olds, news, state, context)),

  delete: (uuid, inputs, state, context) =>
    alone(context.identity, inputs, context, () => remove(uuid, inputs, state, context)),
});

/** @throws all failures that the looks have found at once */
async function refuseAll(looks: readonly Promise<readonly Failure[] | undefined>[]): Promise<void> {
  const failures = (await Promise.all(looks)).flatMap((each) => each ?? []);
  if (failures.length > 0) throw new Refused(failures);
}

/** Ten to fifty times slower, which nobody should learn from a clock. */
async function warnOfEmulation(
  host: Host,
  { name, domainType }: Pick<MachineInputs, "name" | "domainType">,
  context: Context,
): Promise<void> {
  if (domainType !== undefined || (await defaultDomainType(host)) === "kvm") return;
  context.warn(
    `domainType: ${name} is emulated, which is many times slower, since the host offers no hardware virtualisation. ` +
      'Turn it on in the host\'s firmware and load kvm_intel or kvm_amd; or set domainType to "qemu", if that is meant',
  );
}

/** A program whose engine was killed may still be at it. */
function alone<T>(identity: string, inputs: MachineInputs, context: Context, work: () => Promise<T>): Promise<T> {
  return context.host(inputs.connection).lock(`machine ${identity}`, work, context);
}

async function create(inputs: MachineInputs, context: Context): Promise<Created> {
  const host = context.host(inputs.connection);
  const existing = await presentMachine(host, inputs, context);
  const known = existing && { uuid: existing.uuid, ...nicsIn(existing.root, inputs) };
  const present = existing?.isForeign === true ? undefined : existing;
  const [deployment, progress] = await prepare(
    inputs,
    context,
    {},
    { installs: existing?.isForeign !== true, known, root: present?.root },
  );
  const id = deployment.facts.uuid;
  if (existing?.isForeign === true) await takeOver(host, existing, context);
  else await deploy(deployment, progress);
  // One that was ready may have been defined by other inputs.
  const isNew = existing === undefined || existing.mark?.phase === "installing";
  if (isNew) return { id, outputs: await resultOf(deployment) };
  const now = await nowOf(host, id);
  return { id, outputs: (await seenOn(host, existing.root, inputs, deployment.facts, now)).outputs };
}

/** One that an earlier create has made under another name is renamed first. */
async function presentMachine(host: Host, inputs: MachineInputs, context: Context): Promise<Existing | undefined> {
  const existing = await existingMachine(host, inputs, context);
  if (existing?.mark === undefined || existing.isForeign) return existing;
  const present = await renamed(host, existing.uuid, inputs, context);
  return present && { ...existing, root: present.root };
}

async function update(
  uuid: string,
  olds: MachineInputs,
  news: MachineInputs,
  state: Properties,
  context: Context,
): Promise<Properties> {
  const host = context.host(news.connection);
  const before = await renamed(host, uuid, news, context);
  if (before === undefined) throw isGone(news);
  const known = knownOf(uuid, olds, news, state);
  const [deployment, progress] = await prepare(news, context, state, {
    installs: isCutOff(state),
    known,
    root: before.root,
  });
  const mark = readMark(before.root);
  const unwanted = unwantedBy(deployment, olds, state);
  const changes = changesBetween(machineInputs, machinePolicies, state, { ...news });
  // While it is being installed, the definition of the installation stays; its end brings the changes. One whose mark was
  // lost, by whoever has defined it by hand, is ours by its UUID, and gets a mark again.
  if (mark?.phase !== "installing") {
    const displaced = await displacedDisk(host, olds, news, state);
    if (displaced !== undefined) throw displaced;
    const { surroundings } = deployment;
    const edited = updated(before.root, news, surroundings, lastWanted(olds, state, surroundings));
    await change(deployment, { before: before.root, edited, changes, unwanted });
    if (before.wasOn && news.running === "leave") await host.libvirt.start("domain", uuid);
  } else {
    await reserveAddresses(deployment);
    for (const reservation of unwanted) await release(host, reservation);
  }
  if (isCutOff(state)) await deploy(deployment, progress);
  return resultOf(deployment);
}

interface Machine {
  /** Whether what is left of a create is to be done. */
  readonly installs: boolean;
  readonly known: Known | undefined;
  /** Its definition; undefined when it isn't there yet. */
  readonly root: Element | undefined;
}

async function prepare(
  inputs: MachineInputs,
  context: Context,
  state: Properties,
  { installs, known, root }: Machine,
): Promise<readonly [Deployment, Progress]> {
  const host = context.host(inputs.connection);
  const surroundings = await survey(host, inputs, context.identity, known);
  const { uuid } = surroundings;
  const mark = root && readMark(root);
  const { progress, installation } = installs
    ? await courseOf({ host, inputs, uuid, mark, context })
    : { progress: nothingYet, installation: undefined };
  const facts = factsOf(inputs, surroundings, installation, state);
  const isNew = root === undefined;
  return [{ host, inputs, surroundings, installation, facts, context, isNew }, progress];
}

/** What identifies the machine of the last deployment; a path that the program sets or unsets comes from the inputs. */
function knownOf(uuid: string, olds: MachineInputs, news: MachineInputs, state: Properties): Known {
  const { macAddresses, consoleLogPath, volumeFormats } = savedFacts(state);
  const isSameLog = olds.consoleLog === undefined && news.consoleLog === undefined && olds.name === news.name;
  const consoleLog = isSameLog ? consoleLogPath : undefined;
  return { uuid, nics: olds.nics, macAddresses, consoleLog, volumeFormats };
}

/** Runs what is left of a create. From the definition on, a failure leaves the machine in the state, to be continued. */
async function deploy(deployment: Deployment, progress: Progress): Promise<void> {
  const discards = deployment.installation !== undefined;
  for (const step of planCreate(deployment.inputs, progress, discards)) {
    try {
      await runStep(step, deployment);
    } catch (error) {
      const { host, facts } = deployment;
      if (!(await host.libvirt.exists("domain", facts.uuid))) throw error;
      throw new PartiallyCreated(facts.uuid, cutOff(await resultOf(deployment)), error);
    }
  }
}

/** What the last deployment reserved, and this one doesn't. */
function unwantedBy({ inputs, surroundings }: Deployment, olds: MachineInputs, state: Properties): Reservation[] {
  const wanted = reservationsOf(inputs, surroundings.macs);
  const isWanted = (old: Reservation) => wanted.some(({ network, mac }) => network === old.network && mac === old.mac);
  return reservationsOf(olds, savedFacts(state).macAddresses).filter((old) => !isWanted(old));
}
