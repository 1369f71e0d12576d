import { effectsByPolicy, plainEffects } from "../../diff";
import { NotFound, PartiallyCreated } from "../../errors";
import { parse } from "../../format/xml";
import type { Context, Properties } from "../../handler";
import type { Host } from "../../host/index";
import { ownDefinition, readMark } from "../../libvirt/mark";
import { cutOff, handlerOf, isCutOff } from "../../resource";
import { parseDuration } from "../../scalars";
import { type Deployment, redefine, reserveAddresses, runStep } from "./deploy";
import { updated } from "./edit";
import { macsOf } from "./identity";
import { withOverlayText } from "./overlay";
import { nothingYet, planCreate, type Progress } from "./plan";
import { machinePolicies } from "./policy";
import { readMachine } from "./read";
import { release, reservationsOf } from "./reservations";
import { type MachineInputs, machineInputs, type MachineOutputs } from "./schema";
import { factsOf, lastWanted, outputsOf, savedFacts } from "./state";
import { consoleLogOf, installerLogOf, readInstallation, survey } from "./survey";

const effects = {
  ...plainEffects,
  restart: "takes effect when the machine is next shut down and started",
  reinstall: "used by the next installation only; the machine stays as it is",
  replace: "makes the machine anew; with an installer it is installed again, over what is on its first disk",
};

export const machine = handlerOf<MachineInputs>({
  schema: machineInputs,
  policies: machinePolicies,
  effects: ({ changes }) => Promise.resolve(effectsByPolicy(changes, effects)),

  async inspect(inputs, context) {
    const { libvirt } = context.host(inputs.connection);
    const entry = await libvirt.find("domain", inputs.name);
    const xml = entry && (await libvirt.definition("domain", entry.uuid));
    if (xml !== undefined) ownDefinition(xml, `a machine named "${inputs.name}"`, context.urn);
  },

  derive: (inputs) => Promise.resolve(withOverlayText(inputs)),

  async create(inputs, context) {
    const deployment = await prepare(inputs, context, true);
    const progress = await progressOf(deployment);
    return { id: deployment.surroundings.uuid, outputs: await deploy(deployment, progress, {}) };
  },

  async read(uuid, inputs, state, context) {
    const host = context.host(inputs.connection);
    const xml = await host.libvirt.definition("domain", uuid);
    if (xml === undefined) return undefined;
    const known = savedFacts(state);
    const seen = readMachine(parse(xml), { inputs, known }, await host.libvirt.hasAutostart("domain", uuid));
    const outputs = await outputsOf(host, seen, known);
    return { id: uuid, outputs: isCutOff(state) ? cutOff(outputs) : outputs, inputs: { ...seen } };
  },

  async update(uuid, olds, news, state, context) {
    const deployment = await prepare(news, context, isCutOff(state));
    const xml = await deployment.host.libvirt.definition("domain", uuid);
    if (xml === undefined)
      throw new NotFound(`machine "${news.name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
    const mark = readMark(ownDefinition(xml, `machine "${news.name}"`, context.urn));
    await releaseUnwanted(deployment, olds);
    await reserveAddresses(deployment);
    // While it is being installed, the definition of the installation stays; its end brings the changes.
    const last = lastWanted(olds, state, deployment.surroundings);
    if (mark?.phase === "ready")
      await redefine(deployment, (domain) => updated(domain, news, deployment.surroundings, last));
    if (isCutOff(state)) return deploy(deployment, await progressOf(deployment), state);
    await runStep("set-autostart", deployment);
    return resultOf(deployment, state);
  },

  async delete(uuid, inputs, state, context) {
    const host = context.host(inputs.connection);
    const xml = await host.libvirt.definition("domain", uuid);
    if (xml !== undefined) {
      const { phase } = readMark(ownDefinition(xml, `machine "${inputs.name}"`, context.urn)) ?? {};
      if (phase === "ready") await shutDown(host, uuid, inputs, context);
      await host.libvirt.stop("domain", uuid);
      await host.libvirt.undefine("domain", uuid);
    }
    const macs = (state as Partial<MachineOutputs>).macAddresses ?? macsOf(inputs, context.urn);
    for (const reservation of reservationsOf(inputs, macs)) await release(host.libvirt, reservation);
    for (const log of [consoleLogOf(host, inputs), installerLogOf(host, inputs)]) await host.files.remove(log);
    await host.files.removeEmptyFolder(host.folders.consoles);
  },
});

/** @param installs whether the installer's medium is still needed; it may be gone once a machine is installed */
async function prepare(inputs: MachineInputs, context: Context, installs: boolean): Promise<Deployment> {
  const host = context.host(inputs.connection);
  const surroundings = await survey(host, inputs, context.urn);
  const installation =
    inputs.installer === undefined || !installs ? undefined : await readInstallation(host, inputs.installer);
  return { host, inputs, surroundings, installation, context };
}

function resultOf({ host, inputs, surroundings, installation }: Deployment, state: Properties): Promise<Properties> {
  return outputsOf(host, inputs, factsOf(inputs, surroundings, installation, state));
}

/** Runs what is left of a create. From the definition on, a failure leaves the machine in the state, to be continued. */
async function deploy(deployment: Deployment, progress: Progress, state: Properties): Promise<Properties> {
  for (const step of planCreate(deployment.inputs, progress)) {
    try {
      await runStep(step, deployment);
    } catch (error) {
      if (!(await isDefined(deployment))) throw error;
      throw new PartiallyCreated(deployment.surroundings.uuid, cutOff(await resultOf(deployment, state)), error);
    }
  }
  return resultOf(deployment, state);
}

async function isDefined({ host, surroundings }: Deployment): Promise<boolean> {
  return (await host.libvirt.list("domain")).some(({ uuid }) => uuid === surroundings.uuid);
}

/** How far the machine of that name has come, when it is ours. */
async function progressOf({ host, inputs, surroundings, installation, context }: Deployment): Promise<Progress> {
  const entry = await host.libvirt.find("domain", inputs.name);
  const xml = entry && (await host.libvirt.definition("domain", entry.uuid));
  if (xml === undefined) return nothingYet;
  const mark = readMark(ownDefinition(xml, `a machine named "${inputs.name}"`, context.urn));
  const log = (await host.files.readTextIfPresent(installerLogOf(host, inputs))) ?? "";
  return {
    phase: mark?.phase,
    isActive: await host.libvirt.isActive("domain", surroundings.uuid),
    isInstalled: installation !== undefined && log.includes(installation.mark),
  };
}

async function releaseUnwanted(
  { host, inputs, surroundings, context }: Deployment,
  olds: MachineInputs,
): Promise<void> {
  const wanted = reservationsOf(inputs, surroundings.macs);
  for (const old of reservationsOf(olds, macsOf(olds, context.urn))) {
    if (!wanted.some(({ network, mac }) => network === old.network && mac === old.mac))
      await release(host.libvirt, old);
  }
}

/** Asks the guest to power off, and waits as long as the user allows. */
async function shutDown(host: Host, uuid: string, inputs: MachineInputs, context: Context): Promise<void> {
  if (!(await host.libvirt.isActive("domain", uuid))) return;
  await host.libvirt.shutdown(uuid);
  const until = host.clock.now() + (parseDuration(inputs.shutdownTimeout) ?? 0) * 1000;
  while (host.clock.now() < until && (await host.libvirt.isActive("domain", uuid))) {
    context.progress("waiting for the guest to power off");
    await host.clock.sleep(1_000, context.signal);
  }
}
