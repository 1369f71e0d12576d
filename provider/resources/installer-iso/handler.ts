import path from "node:path";
import { obtainSource } from "../../host/downloads";
import type { FamilyId } from "../../install/family";
import { detectRelease, familyOf, probesOf } from "../../install/index";
import {
  identityOf,
  type Installation,
  installationPath,
  installedMark,
  parseInstallation,
} from "../../install/installation";
import { loginOf } from "../../install/shared/login";
import { problemsOfAnswers } from "../../install/validate";
import { inspectIso, readIsoText } from "../../iso/inspect";
import { planRemaster } from "../../iso/plan";
import { forgetIso, promiseIso } from "../../iso/promised";
import { type Receipt, receiptOf, removeReceipt } from "../../iso/receipt";
import { remaster } from "../../iso/remaster";
import { previewedInputs } from "../../resource/check";
import { Refused } from "../../resource/definition";
import { handlerOf } from "../../resource/definition";
import { effectsByPolicy } from "../../resource/diff";
import type { Context, Created, Handler, Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { Namesake } from "../../resource/ownership";
import { Conflict, KvmError } from "../../values/errors";
import { answersOf, digestOf, limitsOf, templateOf } from "./answers";
import { familyFor, releaseAtHand, requireFitting } from "./family";
import { originOf, withImage } from "./origin";
import { installerIsoPolicies } from "./policy";
import { type InstallerIsoInputs, installerIsoInputs, type InstallerIsoOutputs } from "./schema";

/**
 * InstallerIso: the distribution's installer ISO with answers, written by appending to a copy of it. A machine needs it
 * for its installation only.
 */
const resource = handlerOf<InstallerIsoInputs>({
  schema: installerIsoInputs,
  policies: installerIsoPolicies,
  effects: ({ changes }) =>
    Promise.resolve(
      effectsByPolicy(changes, { reinstall: "the ISO is written anew; machines use it at their next installation" }),
    ),
  inspectedFields: ["source"],

  async inspect(inputs, context) {
    await inputs.whenKnown(async ({ connection, name, directory }) => {
      const host = context.host(connection);
      await requireOwn(pathOf({ name, directory }, host), host, context);
    });
    await inputs.whenKnown((known) => inspectSource(known, context.host(known.connection)));
  },

  derived: ["image", "family", "digest", "digestKey"],
  async derive(given, context, before) {
    const host = context.host(given.connection);
    const inputs = await withImage(given, before, host, context.signal);
    const family = await familyFor(inputs, before, host);
    const limits = limitsOf(inputs, family);
    if (limits.length > 0) throw new Refused(limits);
    const { digest, digestKey } = keyedDigest(inputs, family, before, host);
    const problems = digest === before?.digest ? [] : await problemsOf(inputs, family, host, context);
    if (problems.length > 0) throw new Refused(problems);
    return { ...inputs, family, digest, digestKey };
  },

  async outstanding(news, state, context) {
    const { path: iso = "", connection = "" } = state as Partial<InstallerIsoInputs & InstallerIsoOutputs>;
    const host = context.host(connection);
    const receipt = await receiptIfDeleted(iso, host);
    if (receipt === undefined) return [];
    const isGone = !(await host.libvirt.exists("domain", receipt.machine));
    return isGone || news.known(({ keep }) => keep) === true
      ? ["was deleted after an installation; is written anew for the next one"]
      : [];
  },

  create: (inputs, context) => write(pathOf(inputs, context.host(inputs.connection)), inputs, context),

  async read(id, inputs, state, context) {
    const host = context.host(inputs.connection);
    const receipt = await receiptIfDeleted(id, host);
    if (receipt === undefined && (await host.files.stat(id)) === undefined) return undefined;
    // An ISO that isn't ours any more has no digest that could be right: the next `up` meets it, and says so.
    const installation = receipt?.installation ?? (await ownInstallation(id, host, context));
    const digest = installation?.digest ?? "0".repeat(64);
    return { id, inputs: { ...inputs, digest }, outputs: { ...state, digest } };
  },

  update: async (id, _olds, news, _state, context) => (await write(id, news, context)).outputs,

  async delete(id, inputs, _state, context) {
    const host = context.host(inputs.connection);
    // A killed write of it has left the answers.
    await host.files.sweep(path.dirname(id));
    await removeReceipt(id, context.identity, host);
    if ((await host.files.stat(id)) === undefined) return removeOwnFolder(id, inputs, host);
    if ((await ownInstallation(id, host, context)) === undefined) {
      context.warn(`${id} is left where it is, for it was not made by this resource`);
      return;
    }
    await host.files.remove(id);
    await removeOwnFolder(id, inputs, host);
  },
});

/** As long as its program has it, a machine that is installed anew can have an ISO that was deleted written again. */
export const installerIso: Handler = {
  ...resource,

  async check(olds, news, context) {
    const result = await resource.check(olds, news, context);
    if (result.failures.length === 0) promise(result.inputs, context);
    return result;
  },

  async delete(id, state, context) {
    forgetIso(context.host(String(state["connection"])), id);
    await resource.delete(id, state, context);
  },
};

/** What is unknown at preview promises all the same: at `up` it is known. */
function promise(inputs: Properties, context: Context): void {
  const previewed = previewedInputs(installerIsoInputs, inputs);
  previewed?.known(({ connection, name, directory }) => {
    const host = context.host(connection);
    promiseIso(host, pathOf({ name, directory }, host), {
      digest: previewed.complete?.digest,
      keep: previewed.known(({ keep }) => keep) ?? false,
      // Of who asks for it only how to report: it is written as this resource's.
      write: ({ progress, warn, signal }) => resource.create(inputs, { ...context, progress, warn, signal }),
    });
  });
}

async function removeOwnFolder(iso: string, { directory }: InstallerIsoInputs, { files }: Host): Promise<void> {
  if (directory === undefined) await files.removeEmptyFolder(path.dirname(iso));
}

/** What was installed from the ISO, when it was deleted after that. */
async function receiptIfDeleted(iso: string, host: Host): Promise<Receipt | undefined> {
  return (await host.files.stat(iso)) === undefined ? receiptOf(iso, host) : undefined;
}

/** By the key of the last deployment; one without a key gets it when it has to be written anew. */
function keyedDigest(
  inputs: InstallerIsoInputs,
  family: FamilyId,
  before: InstallerIsoInputs | undefined,
  host: Pick<Host, "newSecret">,
): Pick<InstallerIsoInputs, "digest" | "digestKey"> {
  const digestBy = (digestKey: string | undefined) => ({
    digest: digestOf({ ...inputs, digestKey }, family),
    digestKey,
  });
  if (before?.digestKey !== undefined) return digestBy(before.digestKey);
  const keyless = before === undefined ? undefined : digestBy(undefined);
  return keyless !== undefined && keyless.digest === before?.digest ? keyless : digestBy(host.newSecret());
}

/** What a program outside says of new answers. */
async function problemsOf(inputs: InstallerIsoInputs, family: FamilyId, host: Host, context: Context) {
  const validator = familyOf(family).validator?.(await releaseAtHand(inputs, host));
  if (validator === undefined) return [];
  return problemsOfAnswers(answersOf(inputs, family, ""), validator, templateOf(inputs, family), host, context);
}

function pathOf(
  { directory, name }: Pick<InstallerIsoInputs, "directory" | "name">,
  host: Pick<Host, "folders">,
): string {
  return path.join(directory ?? host.folders.isos, `${name}.iso`);
}

async function write(target: string, inputs: InstallerIsoInputs, context: Context): Promise<Created> {
  const host = context.host(inputs.connection);
  return host.lock(
    `iso ${target}`,
    async () => {
      await requireOwn(target, host, context);
      const source = await obtainSource(originOf(inputs), host, context);
      const installation = await writeIso(source, target, inputs, context);
      return { id: target, outputs: { ...inputs, ...outputsOf(target, installation) } };
    },
    context,
  );
}

async function writeIso(
  source: string,
  target: string,
  inputs: InstallerIsoInputs,
  context: Context,
): Promise<Installation> {
  const host = context.host(inputs.connection);
  context.progress("writing the ISO");
  const iso = await inspectIso(source, probesOf, host);
  const release = detectRelease(iso, source);
  requireFitting(inputs, release);
  const { family } = release;
  const digest = digestOf(inputs, family);
  const { login, hostKeys } = loginOf(inputs.system);
  const installation = {
    schemaVersion: 1 as const,
    owner: context.urn,
    identity: context.identity,
    digest,
    family,
    release: release.title,
    mark: installedMark(digest),
    login,
    hostKeys: [...hostKeys],
    keep: inputs.keep,
  };
  // Whoever knows an ISO's path may use it (the emulator has a user of its own), but not look for others.
  await host.files.makeFolder(path.dirname(target), 0o711);
  const plan = planRemaster(
    iso,
    familyOf(family).media(iso),
    answersOf(inputs, family, installation.mark),
    installation,
  );
  await remaster(source, target, plan, host, context.signal);
  await removeReceipt(target, context.identity, host);
  return installation;
}

function outputsOf(
  target: string,
  { release, family: id, digest, login, hostKeys }: Installation,
): InstallerIsoOutputs {
  return { path: target, release, family: id, digest, login, hostKeys };
}

/** Cheap enough for a preview: a local ISO's sum is taken only when it is used. A release's name is looked up later. */
async function inspectSource(inputs: InstallerIsoInputs, host: Host): Promise<void> {
  if (typeof inputs.source === "string") return;
  const release = await releaseAtHand(inputs, host);
  if (release !== undefined) requireFitting(inputs, release);
}

/** What the ISO installs, when this resource made it. */
async function ownInstallation(iso: string, host: Host, context: Context): Promise<Installation | undefined> {
  const installation = await installationOf(iso, host);
  return installation !== undefined && identityOf(installation) === context.identity ? installation : undefined;
}

/** Undefined when it is no ISO at all, or one that this release can't read: not known as ours. */
async function installationOf(iso: string, host: Host): Promise<Installation | undefined> {
  try {
    const text = await readIsoText(iso, installationPath, host);
    return text === undefined ? undefined : parseInstallation(text, iso);
  } catch (error) {
    if (error instanceof KvmError && ["unknown-iso", "invalid-input"].includes(error.code)) return undefined;
    throw error;
  }
}

/** Also what was deleted after an installation keeps its place, as long as it is noted. */
async function requireOwn(target: string, host: Host, context: Context): Promise<void> {
  const isThere = (await host.files.stat(target)) !== undefined;
  const installation = isThere ? await installationOf(target, host) : (await receiptOf(target, host))?.installation;
  if (installation === undefined ? !isThere : identityOf(installation) === context.identity) return;
  const [what, remedy] = isThere
    ? [
        "exists already, and this resource did not make it",
        "Choose another name or `directory`, or move that file away",
      ]
    : ["was deleted after an installation, and is still another InstallerIso's", "Choose another name or `directory`"];
  const details = { property: "name", remedy };
  if (installation?.owner === context.urn) throw new Namesake(target, "this resource did not make it", details);
  throw new Conflict(`${target} ${what}`, details);
}
