import { NotFound } from "../../errors";
import { type Element, parse, render } from "../../format/xml";
import type { Context, Properties } from "../../handler";
import type { Host } from "../../host/index";
import { familyOf } from "../../install/index";
import type { Installation } from "../../install/installation";
import { discardIso } from "../../iso/receipt";
import { type Mark, readMark, withMark } from "../../libvirt/mark";
import { domainsThat, usesFile } from "../../libvirt/users";
import { parseDuration } from "../../scalars";
import { addressesOf } from "./guest/addresses";
import { awaitInstallation, awaitSsh } from "./guest/await";
import { requireEmpty } from "./files/content";
import { installed, updated } from "./definition/edit";
import { withLacking } from "./live/follow";
import { installationOn } from "./guest/installer";
import { removeLog, requireLogFile } from "./files/logs";
import type { MachineStep } from "./plan";
import { awaiting, missingOf, reservationsOf, reserve, reservedFor, waitingFor } from "./guest/reservations";
import type { MachineInputs } from "./schema";
import { type Facts, outputsOf, powerOf, runningDefinition } from "./state";
import { imagesAtRisk, installerLogOf } from "./observe";
import { hasVariables, variablesIn } from "./files/variables";
import { type Image, machineXml, type Surroundings } from "./definition/xml";

/** What the steps of one create or update work on. */
export interface Deployment {
  readonly host: Host;
  readonly inputs: MachineInputs;
  readonly surroundings: Surroundings;
  /** What is being installed, or was; undefined when nothing is to be. */
  readonly installation: Installation | undefined;
  readonly facts: Facts;
  readonly context: Context;
  /** Whether it is made now: then nothing of an earlier machine of its name must be in force. */
  readonly isNew: boolean;
}

export async function runStep(step: MachineStep, deployment: Deployment): Promise<void> {
  const { host, inputs, surroundings } = deployment;
  switch (step) {
    case "require-empty-disk":
      return requireEmpty(host, await imagesAtRisk(host, inputs));
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
      return startFirst(deployment);
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
async function defineNew(deployment: Deployment): Promise<void> {
  const { host, surroundings, installation } = deployment;
  await requireLogFile(host.files, surroundings.consoleLog);
  const files = await filesToMake(host, surroundings.consoleLog);
  await defineAs(deployment, { phase: installation === undefined ? "ready" : "installing", files });
  await makeLog(host, surroundings.consoleLog);
}

async function defineAs(
  { host, inputs, surroundings, installation, context }: Deployment,
  state: Pick<Mark, "phase" | "files" | "started">,
): Promise<void> {
  const { urn, identity } = context;
  const media = installation && { iso: inputs.installer ?? "", log: installerLogOf(host, inputs) };
  const root = withMark(machineXml(inputs, surroundings, media), { owner: urn, identity, ...state });
  await host.libvirt.define("domain", render(root));
}

function firstImageOf({ surroundings }: Deployment): Image {
  return surroundings.images[0] ?? { path: "", format: "raw" };
}

/** Of one that was installed just now, the firmware's variables say what to boot. */
async function startFirst(deployment: Deployment): Promise<void> {
  const { host, surroundings, isNew, installation } = deployment;
  const freshNvram = isNew && installation === undefined && (await hasOwnNvram(deployment));
  await host.libvirt.start("domain", surroundings.uuid, { freshNvram });
}

/** Whether its firmware's variables lie where libvirt puts them by the machine's name; elsewhere others have prepared them. */
async function hasOwnNvram({ host, inputs, surroundings }: Deployment): Promise<boolean> {
  const xml = await host.libvirt.definition("domain", surroundings.uuid);
  const root = xml === undefined ? undefined : parse(xml);
  const path = variablesIn(root);
  return hasVariables(root) && (path === undefined || path.endsWith(`/qemu/nvram/${inputs.name}_VARS.fd`));
}

/** A log that is there already is somebody else's; what is in kvm-deploy's own folder goes without being named. */
async function filesToMake({ files, folders }: Host, log: string): Promise<string[]> {
  const isElsewhere = !log.startsWith(`${folders.consoles}/`);
  return isElsewhere && (await files.stat(log)) === undefined ? [log] : [];
}

/**
 * What it is started from is noted in its mark: by that the next `up` goes on, whatever the medium is by then. Nothing that
 * an earlier attempt has left is of worth, and its last words in the log would be taken for this one's.
 */
async function startInstallation(deployment: Deployment): Promise<void> {
  const { host, inputs, surroundings, installation } = deployment;
  if (await host.libvirt.isActive("domain", surroundings.uuid)) await host.libvirt.stop("domain", surroundings.uuid);
  const present = await host.libvirt.definition("domain", surroundings.uuid);
  const { files } = (present === undefined ? undefined : readMark(parse(present))) ?? {};
  const started = { disk: firstImageOf(deployment).path, answers: JSON.stringify(installation) };
  await removeLog(host.files, installerLogOf(host, inputs));
  await makeLog(host, installerLogOf(host, inputs));
  await defineAs(deployment, { phase: "installing", files: files ?? [], started });
  const freshNvram = await hasOwnNvram(deployment);
  await host.libvirt.start("domain", surroundings.uuid, { freshNvram, boots: true });
}

/** The folder must be there, and no file may ever be readable for others: consoles show what they show. */
export async function makeLog({ files }: Host, log: string): Promise<void> {
  await requireLogFile(files, log);
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
      isReady: async () => {
        const xml = await host.libvirt.definition("domain", surroundings.uuid);
        return xml !== undefined && readMark(parse(xml))?.phase === "ready";
      },
    },
    context,
  );
}

/** What a definition is to become: edited, and marked as ready. */
export async function readyDefinition({ host, surroundings, context }: Deployment, edited: Element): Promise<Element> {
  const { urn, identity } = context;
  const { files: made = [], adopted = false, started } = readMark(edited) ?? {};
  const files = [...new Set([...made, ...(await filesToMake(host, surroundings.consoleLog))])];
  return withMark(edited, { owner: urn, identity, phase: "ready", adopted, files, started });
}

async function finishInstallation(deployment: Deployment): Promise<void> {
  const { host, inputs, surroundings } = deployment;
  const present = await host.libvirt.definition("domain", surroundings.uuid);
  if (present === undefined) throw isGone(inputs);
  const edited = installed(updated(parse(present), inputs, surroundings));
  await host.libvirt.define("domain", render(await readyDefinition(deployment, edited)));
}

/**
 * While another machine is being installed from it, the ISO stays: that one's installation will delete it. The receipt says
 * what was on the ISO, which may have been written anew since the installation began.
 */
async function discardInstaller({ host, inputs, surroundings }: Deployment): Promise<void> {
  const iso = inputs.installer;
  const installation = iso === undefined ? undefined : await installationOn(host, iso);
  if (iso === undefined || installation === undefined || installation.keep) return;
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
