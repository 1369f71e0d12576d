import { changesBetween } from "../../diff";
import { PartiallyCreated } from "../../errors";
import { parse } from "../../format/xml";
import type { Context, Properties } from "../../handler";
import type { Host } from "../../host/index";
import { isOwn, type Mark, readMark } from "../../libvirt/mark";
import { letGo, notOursAnyMore } from "../../ownership";
import { cutOff, handlerOf, isCutOff, Refused } from "../../resource";
import { existingMachine, nicsIn, nowOf, seenOn, takeOver } from "./adopt";
import { change } from "./change";
import { type Deployment, isGone, reserveAddresses, resultOf, runStep } from "./deploy";
import { updated } from "./edit";
import { machineEffects } from "./effects";
import { withOverlayText } from "./overlay";
import { stillUntold } from "./follow";
import { addressFailures, changedAddressFailures } from "./networks";
import { nothingYet, planCreate, type Progress } from "./plan";
import { machinePolicies } from "./policy";
import { release, type Reservation, reservationsOf, stillAwaited } from "./reservations";
import { remove } from "./remove";
import { type MachineInputs, machineInputs, type MachineOutputs } from "./schema";
import { factsOf, lastWanted, savedFacts } from "./state";
import { defaultDomainType, installerLogOf, type Known, readInstallation, survey } from "./survey";

export const machine = handlerOf<MachineInputs>({
  schema: machineInputs,
  policies: machinePolicies,

  async effects({ changes, news, state }, context) {
    const { libvirt } = context.host(String(state["connection"]));
    const isActive = await libvirt.isActive("domain", savedFacts(state).uuid);
    return machineEffects(changes, news, { name: String(state["name"]), isActive });
  },

  async outstanding({ allowRestart, name, nics, running }, state, context) {
    const { waitingForRestart: waiting = [], macAddresses = [] } = state as Partial<MachineOutputs>;
    // At preview it may be unknown.
    const isDue = (allowRestart as unknown) === true && waiting.length > 0;
    const host = context.host(String(state["connection"]));
    return [
      ...(isDue ? [`${waiting.join(", ")}: ${name} restarts for what waits`] : []),
      ...stillUntold({ name, running }, state),
      ...(await stillAwaited(host, { nics, macs: macAddresses }, state)),
    ];
  },

  async inspect(inputs, context) {
    const host = context.host(inputs.connection);
    await existingMachine(host, inputs, context);
    await warnOfEmulation(host, inputs, context);
    const failures = await addressFailures(inputs, context);
    if (failures.length > 0) throw new Refused(failures);
  },

  refuse: changedAddressFailures,

  derived: ["xml.text"],
  derive: (inputs) => Promise.resolve(withOverlayText(inputs)),

  async create(inputs, context) {
    const host = context.host(inputs.connection);
    const existing = await existingMachine(host, inputs, context);
    const known = existing && { uuid: existing.uuid, ...nicsIn(existing.root, inputs) };
    const deployment = await prepare(inputs, context, {}, existing?.isForeign !== true, known);
    const id = deployment.facts.uuid;
    if (existing?.isForeign === true) await takeOver(host, existing, context);
    else await deploy(deployment, await progressOf(deployment, existing));
    // One that was ready may have been defined by other inputs.
    const isNew = existing === undefined || existing.mark?.phase === "installing";
    if (isNew) return { id, outputs: await resultOf(deployment) };
    const now = await nowOf(host, id);
    return { id, outputs: (await seenOn(host, existing.root, inputs, deployment.facts, now)).outputs };
  },

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

  async update(uuid, olds, news, state, context) {
    const deployment = await prepare(news, context, state, isCutOff(state), knownOf(uuid, olds, news, state));
    const { host } = deployment;
    const xml = await host.libvirt.definition("domain", uuid);
    if (xml === undefined) throw isGone(news);
    const before = parse(xml);
    if (!isOwn(before, context.identity)) throw notOursAnyMore(`machine "${news.name}"`, readMark(before));
    const mark = readMark(before);
    const unwanted = unwantedBy(deployment, olds, state);
    const changes = changesBetween(machineInputs, machinePolicies, state, { ...news });
    // While it is being installed, the definition of the installation stays; its end brings the changes.
    if (mark?.phase === "ready") {
      const { surroundings } = deployment;
      const edited = updated(before, news, surroundings, lastWanted(olds, state, surroundings));
      await change(deployment, { before, edited, changes, unwanted });
    } else {
      await reserveAddresses(deployment);
      for (const reservation of unwanted) await release(host, reservation);
    }
    if (isCutOff(state)) await deploy(deployment, await progressOf(deployment, { mark }));
    return resultOf(deployment);
  },

  delete: remove,
});

/** Ten to fifty times slower, which nobody should learn from a clock. */
async function warnOfEmulation(host: Host, { name, domainType }: MachineInputs, context: Context): Promise<void> {
  if (domainType !== undefined || (await defaultDomainType(host)) === "kvm") return;
  context.warn(
    `domainType: ${name} is emulated, which is many times slower, since the host offers no hardware virtualisation. ` +
      'Turn it on in the host\'s firmware and load kvm_intel or kvm_amd; or set domainType to "qemu", if that is meant',
  );
}

/** @param installs whether the installer's medium is still needed; it may be gone once a machine is installed */
async function prepare(
  inputs: MachineInputs,
  context: Context,
  state: Properties,
  installs: boolean,
  known?: Known,
): Promise<Deployment> {
  const host = context.host(inputs.connection);
  const surroundings = await survey(host, inputs, context.identity, known);
  const installation =
    inputs.installer === undefined || !installs
      ? undefined
      : await readInstallation(host, inputs.installer, surroundings.uuid);
  const facts = factsOf(inputs, surroundings, installation, state);
  return { host, inputs, surroundings, installation, facts, context };
}

/** What identifies the machine of the last deployment; a path that the program sets or unsets comes from the inputs. */
function knownOf(uuid: string, olds: MachineInputs, news: MachineInputs, state: Properties): Known {
  const { macAddresses, consoleLogPath, volumeFormats } = savedFacts(state);
  const isSameLog = olds.consoleLog === undefined && news.consoleLog === undefined;
  const consoleLog = isSameLog ? consoleLogPath : undefined;
  return { uuid, nics: olds.nics, macAddresses, consoleLog, volumeFormats };
}

/** Runs what is left of a create. From the definition on, a failure leaves the machine in the state, to be continued. */
async function deploy(deployment: Deployment, progress: Progress): Promise<void> {
  const discards = deployment.installation?.keep === false;
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

/** How far the machine has come. */
async function progressOf(
  { host, inputs, facts, installation }: Deployment,
  existing: { readonly mark: Mark | undefined } | undefined,
): Promise<Progress> {
  if (existing === undefined) return nothingYet;
  const log = (await host.files.readTextIfPresent(installerLogOf(host, inputs))) ?? "";
  return {
    phase: existing.mark?.phase,
    isActive: await host.libvirt.isActive("domain", facts.uuid),
    isInstalled: installation !== undefined && log.includes(installation.mark),
  };
}

/** What the last deployment reserved, and this one doesn't. */
function unwantedBy({ inputs, surroundings }: Deployment, olds: MachineInputs, state: Properties): Reservation[] {
  const wanted = reservationsOf(inputs, surroundings.macs);
  const isWanted = (old: Reservation) => wanted.some(({ network, mac }) => network === old.network && mac === old.mac);
  return reservationsOf(olds, savedFacts(state).macAddresses).filter((old) => !isWanted(old));
}
