import { NotFound } from "../../errors";
import { type Element, parse, render } from "../../format/xml";
import type { Context, Properties } from "../../handler";
import type { Host } from "../../host/index";
import { familyOf } from "../../install/index";
import type { Installation } from "../../install/installation";
import { discardIso } from "../../iso/receipt";
import { readMark, withMark } from "../../libvirt/mark";
import { domainsThat, usesFile } from "../../libvirt/users";
import { parseDuration } from "../../scalars";
import { addressesOf } from "./addresses";
import { awaitInstallation, awaitSsh } from "./await";
import { installed, updated } from "./edit";
import { withLacking } from "./follow";
import type { MachineStep } from "./plan";
import { awaiting, missingOf, reservationsOf, reserve, reservedFor, waitingFor } from "./reservations";
import type { MachineInputs } from "./schema";
import { type Facts, outputsOf, powerOf, runningDefinition } from "./state";
import { installerLogOf } from "./survey";
import { machineXml, type Surroundings } from "./xml";

/** What the steps of one create or update work on. */
export interface Deployment {
  readonly host: Host;
  readonly inputs: MachineInputs;
  readonly surroundings: Surroundings;
  /** Undefined when nothing is to be installed. */
  readonly installation: Installation | undefined;
  readonly facts: Facts;
  readonly context: Context;
}

export function runStep(step: MachineStep, deployment: Deployment): Promise<void> {
  const { host, inputs, surroundings } = deployment;
  switch (step) {
    case "reserve-addresses":
      return reserveAddresses(deployment);
    case "define":
      return defineNew(deployment);
    case "start-installation":
      return startInstallation(deployment);
    case "await-installation":
      return watchInstallation(deployment);
    case "finish-installation":
      return finishInstallation(deployment);
    case "set-autostart":
      return host.libvirt.setAutostart("domain", surroundings.uuid, inputs.autostart);
    case "start":
      return host.libvirt.start("domain", surroundings.uuid);
    case "await-ssh":
      return waitForSsh(deployment);
    case "discard-installer":
      return discardInstaller(deployment);
  }
}

/** Its definition is there: whose a reservation is, is told by the machine that has the MAC address. */
export async function reserveAddresses({ host, inputs, surroundings, context }: Deployment): Promise<void> {
  const awaited = await reserve(host, reservationsOf(inputs, surroundings.macs), context);
  for (const each of awaited) context.warn(waitingFor(each));
}

/** The definition comes first: its mark names what is made for it, so that nothing is left behind. */
async function defineNew({ host, inputs, surroundings, installation, context }: Deployment): Promise<void> {
  const media =
    installation === undefined ? undefined : { iso: inputs.installer ?? "", log: installerLogOf(host, inputs) };
  const phase = media === undefined ? "ready" : "installing";
  const files = await filesToMake(host, surroundings.consoleLog);
  const { urn, identity } = context;
  const mark = { owner: urn, identity, phase, files } as const;
  await host.libvirt.define("domain", render(withMark(machineXml(inputs, surroundings, media), mark)));
  await makeLog(host, surroundings.consoleLog);
}

/** A log that is there already is somebody else's; what is in kvm-deploy's own folder goes without being named. */
async function filesToMake({ files, folders }: Host, log: string): Promise<string[]> {
  const isElsewhere = !log.startsWith(`${folders.consoles}/`);
  return isElsewhere && (await files.stat(log)) === undefined ? [log] : [];
}

/** The log begins anew: an earlier attempt's last words would be taken for this one's. */
async function startInstallation({ host, inputs, surroundings }: Deployment): Promise<void> {
  await host.files.remove(installerLogOf(host, inputs));
  await makeLog(host, installerLogOf(host, inputs));
  await host.libvirt.start("domain", surroundings.uuid);
}

/** The folder must be there, and no file may ever be readable for others: consoles show what they show. */
export async function makeLog({ files }: Host, log: string): Promise<void> {
  await files.makeFolder(log.slice(0, log.lastIndexOf("/")) || "/", 0o711);
  if ((await files.stat(log)) === undefined) await files.write(log, "");
}

async function watchInstallation({ host, inputs, surroundings, installation, context }: Deployment): Promise<void> {
  if (installation === undefined) return;
  await awaitInstallation(
    host,
    {
      uuid: surroundings.uuid,
      name: inputs.name,
      log: installerLogOf(host, inputs),
      installation,
      stageOf: familyOf(installation.family).stageOf,
      timeoutSeconds: parseDuration(inputs.installTimeout) ?? 0,
    },
    context,
  );
}

/** What a definition is to become: edited, and marked as ready. */
export async function readyDefinition({ host, surroundings, context }: Deployment, edited: Element): Promise<Element> {
  const { urn, identity } = context;
  const { files: made = [], adopted = false } = readMark(edited) ?? {};
  const files = [...new Set([...made, ...(await filesToMake(host, surroundings.consoleLog))])];
  return withMark(edited, { owner: urn, identity, phase: "ready", adopted, files });
}

async function finishInstallation(deployment: Deployment): Promise<void> {
  const { host, inputs, surroundings } = deployment;
  const present = await host.libvirt.definition("domain", surroundings.uuid);
  if (present === undefined) throw isGone(inputs);
  const edited = installed(updated(parse(present), inputs, surroundings));
  await host.libvirt.define("domain", render(await readyDefinition(deployment, edited)));
}

/** While another machine is being installed from it, the ISO stays: that one's installation will delete it. */
async function discardInstaller({ host, inputs, surroundings, installation }: Deployment): Promise<void> {
  const iso = inputs.installer;
  if (iso === undefined || installation === undefined || (await host.files.stat(iso)) === undefined) return;
  const others = (await domainsThat(host.libvirt, usesFile(iso))).filter(({ uuid }) => uuid !== surroundings.uuid);
  if (others.length === 0) await discardIso(iso, { installation, machine: surroundings.uuid }, host);
}

/** The outputs as they are now. */
export async function resultOf({ host, inputs, facts }: Deployment): Promise<Properties> {
  const [live, missing] = await Promise.all([
    runningDefinition(host, facts.uuid),
    missingOf(host, reservationsOf(inputs, facts.macAddresses)),
  ]);
  const outputs = await outputsOf(host, inputs, facts, live);
  return missing.length === 0 ? outputs : awaiting(outputs, missing);
}

/** The outputs when not all was done: what is to be true and isn't shows as a difference. */
export async function partialResultOf({ host, inputs, facts }: Deployment): Promise<Properties> {
  const live = await runningDefinition(host, facts.uuid);
  const xml = await host.libvirt.definition("domain", facts.uuid);
  const nics = await reservedFor(host, inputs, facts.macAddresses);
  const outputs = await outputsOf(host, { ...inputs, nics, running: powerOf(inputs, live) }, facts, live);
  return xml === undefined ? outputs : withLacking(outputs, live, parse(xml));
}

export function isGone({ name }: MachineInputs): NotFound {
  return new NotFound(`machine "${name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
}

function waitForSsh({ host, inputs, surroundings, facts, context }: Deployment): Promise<void> {
  const target = {
    name: inputs.name,
    hostKeys: facts.hostKeys,
    timeoutSeconds: parseDuration(inputs.sshTimeout) ?? 0,
    address: async () => {
      const live = await runningDefinition(host, surroundings.uuid);
      return (await addressesOf(host, { inputs, macs: surroundings.macs, live }))[0];
    },
  };
  return awaitSsh(host, target, context);
}
