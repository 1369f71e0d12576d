import { receiptOf } from "../../iso/receipt";
import { uuidOf } from "../../libvirt/mark";
import { parseInputs } from "../../resource/check";
import type { Context, Replaced } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { ifKnownAtHost, type Previewed } from "../../resource/known";
import { Namesake } from "../../resource/ownership";
import { Conflict } from "../../values/errors";
import { type Claimed, claimMachine } from "./claim";
import { withOverlayText } from "./derive";
import { requireDomainType } from "./domain-type";
import { requireEmpty } from "./files/content";
import { imagesAtRisk } from "./files/images";
import { variablesTaken } from "./files/variables";
import { nextInstallation, obtainInstaller, requireInstaller } from "./guest/installer";
import { requireRoom, requireTpm } from "./guest/needs";
import { survey } from "./observe";
import { machineInputs } from "./schema";
import type { MachineDisk, MachineInputs } from "./schema/machine";

/**
 * At preview: what prevents the create. Things that another resource of the program may create are not reported as
 * missing.
 */
export async function inspect(inputs: Previewed<MachineInputs>, context: Context): Promise<void> {
  const isNamed = inputs.known(({ name }) => name) !== undefined;
  await inputs.whenKnown((known) => (isNamed ? inspectNamed : inspectUnnamed)(known, context));
}

/** While its name isn't known: only what holds whatever machine is there under that name, or goes. */
async function inspectUnnamed(inputs: MachineInputs, { host: at, identity, replaced }: Context): Promise<void> {
  const host = at(inputs.connection);
  await ifKnownAtHost(() => requireDomainType(host, inputs));
  if (inputs.adopt || inputs.installer === undefined) return;
  const own = uuidOf("domain", identity);
  if (replaced === undefined && (await host.libvirt.exists("domain", own))) return;
  // The machine that the ISO was deleted after may be the one that goes.
  await inspectInstallation(
    host,
    inputs,
    replaced === undefined ? (await receiptOf(inputs.installer, host))?.machine : own,
  );
}

async function inspectNamed(inputs: MachineInputs, context: Context): Promise<void> {
  const host = context.host(inputs.connection);
  const existing = await existingOrNamesake(host, inputs, context);
  if (existing instanceof Namesake) return inspectNamesake(host, inputs, existing, context);
  if (context.replaced !== undefined) await inspectReplaced(host, inputs, existing, context.replaced);
  else if (isOthers(existing)) return inspectAdoption(host, inputs, existing, context);
  await ifKnownAtHost(() => requireDomainType(host, inputs));
  // An existing machine that isn't replaced belongs to an interrupted create, which continues from its mark.
  if (existing !== undefined && context.replaced === undefined) return;
  const conflict = await ifKnownAtHost(() => variablesTaken(host, inputs, existing?.uuid));
  if (conflict !== undefined) throw conflict;
  await inspectInstallation(host, inputs, existing?.uuid);
}

function isOthers(claimed: Claimed | undefined): claimed is Claimed {
  return claimed !== undefined && claimed.adoption !== "none";
}

async function existingOrNamesake(host: Host, inputs: MachineInputs, context: Context) {
  try {
    return await claimMachine(host, inputs, context);
  } catch (error) {
    if (error instanceof Namesake) return error;
    throw error;
  }
}

/** The existing machine may be the one that is replaced. */
async function inspectNamesake(
  host: Host,
  inputs: MachineInputs,
  { doubt }: Namesake,
  { warn }: Context,
): Promise<void> {
  warn(doubt);
  await requireDomainType(host, inputs);
  const old = await host.libvirt.find("domain", inputs.name);
  await inspectInstallation(host, inputs, old?.uuid);
}

async function inspectReplaced(
  { libvirt }: Host,
  { name }: MachineInputs,
  old: Claimed | undefined,
  replaced: Replaced,
): Promise<void> {
  if (isOthers(old) && replaced.inputs["deleteAdopted"] !== true)
    throw new Conflict(`machine "${name}" was adopted, and would stay on the host if another machine replaced it`, {
      property: "deleteAdopted",
      remedy: "Set deleteAdopted to true and run `pulumi up`, then replace it",
    });
  const namesake = await libvirt.find("domain", name);
  if (namesake !== undefined && namesake.uuid !== old?.uuid)
    throw new Conflict(`another machine has the name "${name}" already`, {
      property: "name",
      remedy: "Choose another name",
    });
}

/**
 * At `up`, before a machine is deleted: everything that the new machine needs exists, or is created now.
 * @param old UUID of the machine to be deleted
 */
export async function prepareReplacement(
  { inputs: news, identity }: Replaced,
  old: string,
  context: Context,
): Promise<void> {
  const inputs = parseInputs(machineInputs, news);
  if (inputs === undefined) return;
  const host = context.host(inputs.connection);
  await requireDomainType(host, inputs);
  await survey(host, inputs, identity);
  if (inputs.installer !== undefined) await obtainInstaller(host, inputs.installer, old, context);
  await inspectInstallation(host, inputs, old);
}

/**
 * @param machine UUID of the machine to be installed, or of the one that it replaces
 * @param named disks whose content the user has released already
 */
export async function inspectInstallation(
  host: Host,
  inputs: MachineInputs,
  machine: string | undefined,
  named: readonly MachineDisk[] = [],
): Promise<void> {
  if (inputs.installer === undefined) return;
  const installed = await requireInstaller(host, inputs.installer, machine);
  if (installed !== undefined) await requireRoom(host, inputs, installed);
  const next = await nextInstallation(host, inputs.installer);
  requireTpm(withOverlayText(inputs), next?.tpm);
  if (inputs.overwrite) return;
  await requireEmpty(host, await imagesAtRisk(host, inputs, next?.disk, named));
}

async function inspectAdoption(
  host: Host,
  { name }: MachineInputs,
  { uuid, owner }: Claimed,
  { warn }: Context,
): Promise<void> {
  if (!(await host.libvirt.isPersistent(uuid)))
    throw new Conflict(`machine "${name}" has no persistent definition: it disappears when it stops`, {
      property: "adopt",
      remedy: `Give it one first: virsh dumpxml ${name} > ${name}.xml && virsh define ${name}.xml`,
    });
  warn(
    `takes over machine "${name}" as it is${owner === undefined ? ", which kvm-deploy did not create" : ` from ${owner}`}`,
  );
}
