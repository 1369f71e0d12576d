import { NotFound } from "../../errors";
import { type Element, parse, render } from "../../format/xml";
import type { Context } from "../../handler";
import type { Host } from "../../host/index";
import { familyOf } from "../../install/index";
import type { Installation } from "../../install/installation";
import { withMark } from "../../libvirt/mark";
import { parseDuration } from "../../scalars";
import { addressesOf } from "./addresses";
import { awaitInstallation, awaitSsh } from "./await";
import { installed, updated } from "./edit";
import type { MachineStep } from "./plan";
import { reserve, reservationsOf } from "./reservations";
import type { MachineInputs } from "./schema";
import { installerLogOf } from "./survey";
import { machineXml, type Surroundings } from "./xml";

/** What the steps of one create or update work on. */
export interface Deployment {
  readonly host: Host;
  readonly inputs: MachineInputs;
  readonly surroundings: Surroundings;
  /** Undefined when nothing is to be installed. */
  readonly installation: Installation | undefined;
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
      return redefine(deployment, (domain) => installed(updated(domain, inputs, surroundings)));
    case "set-autostart":
      return host.libvirt.setAutostart("domain", surroundings.uuid, inputs.autostart);
    case "start":
      return host.libvirt.start("domain", surroundings.uuid);
    case "await-ssh":
      return waitForSsh(deployment);
  }
}

export async function reserveAddresses({ host, inputs, surroundings }: Deployment): Promise<void> {
  for (const reservation of reservationsOf(inputs, surroundings.macs)) {
    const index = surroundings.macs.indexOf(reservation.mac);
    await host.lock(`network ${reservation.network}`, () =>
      reserve(host.libvirt, reservation, `nics[${index}].address`),
    );
  }
}

async function defineNew({ host, inputs, surroundings, installation, context }: Deployment): Promise<void> {
  await makeLog(host, surroundings.consoleLog);
  const media =
    installation === undefined ? undefined : { iso: inputs.installer ?? "", log: installerLogOf(host, inputs) };
  const phase = media === undefined ? "ready" : "installing";
  await host.libvirt.define(
    "domain",
    render(withMark(machineXml(inputs, surroundings, media), { owner: context.urn, phase })),
  );
}

/** The log begins anew: an earlier attempt's last words would be taken for this one's. */
async function startInstallation({ host, inputs, surroundings }: Deployment): Promise<void> {
  await host.files.remove(installerLogOf(host, inputs));
  await makeLog(host, installerLogOf(host, inputs));
  await host.libvirt.start("domain", surroundings.uuid);
}

/** The folder must be there, and no file may ever be readable for others: consoles show what they show. */
async function makeLog({ files }: Host, log: string): Promise<void> {
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

/** Edits the persistent definition; a running machine follows at its next start. */
export async function redefine(
  { host, inputs, surroundings, context }: Deployment,
  edit: (domain: Element) => Element,
): Promise<void> {
  const present = await host.libvirt.definition("domain", surroundings.uuid);
  if (present === undefined)
    throw new NotFound(`machine "${inputs.name}" is gone`, { remedy: "Run `pulumi refresh`, then `pulumi up`" });
  const edited = render(withMark(edit(parse(present)), { owner: context.urn, phase: "ready" }));
  if (edited !== render(parse(present))) await host.libvirt.define("domain", edited);
}

function waitForSsh({ host, inputs, surroundings, installation, context }: Deployment): Promise<void> {
  const target = {
    name: inputs.name,
    hostKeys: installation?.hostKeys ?? [],
    timeoutSeconds: parseDuration(inputs.sshTimeout) ?? 0,
    address: async () =>
      (await addressesOf(host.libvirt, inputs, surroundings.macs)).find((address) => address !== undefined),
  };
  return awaitSsh(host, target, context);
}
