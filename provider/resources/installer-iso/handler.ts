import path from "node:path";
import { type FamilyId, familyOf } from "../../install/index";
import { usesTpm } from "../../install/shared/unlock/options";
import { problemsOfAnswers } from "../../install/validate";
import { forgetIso, promiseIso } from "../../iso/promised";
import { removeReceipt } from "../../iso/receipt";
import { previewedInputs } from "../../resource/check";
import { Refused } from "../../resource/deep-check";
import { handlerOf } from "../../resource/handler-of";
import { effectsByPolicy } from "../../resource/diff";
import type { Context, Failure, Handler, Properties } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { answersOf, templateOf } from "./answers";
import { ownInstallation, requireOwn } from "./claim";
import { digested } from "./digest";
import { familyFor, installedBy, releaseAtHand, requireFitting } from "./family";
import { machinesFrom } from "./machines";
import { pathOf, receiptIfDeleted } from "./observe";
import { limitsFor, problemsOfOwn } from "./own-file";
import { withImage } from "./origin";
import { diskOf } from "./plan";
import { installerIsoPolicies } from "./policy";
import { writeIso } from "./run";
import { type InstallerIsoInputs, installerIsoInputs, type InstallerIsoOutputs, installerIsoOutputs } from "./schema";

/**
 * InstallerIso: the distribution's installer ISO with answers, written by appending to a copy of it. A machine needs it
 * only for its installation.
 */
const resource = handlerOf<InstallerIsoInputs, InstallerIsoOutputs>({
  schema: installerIsoInputs,
  outputs: installerIsoOutputs,
  policies: installerIsoPolicies,
  effects: async ({ changes, state }, context) =>
    effectsByPolicy(changes, {
      reinstall: `writes the ISO again; ${nextUse(await machinesFrom(context.host(String(state["connection"])), context))}`,
    }),
  inspectedFields: ["source"],

  async inspect(inputs, context) {
    await inputs.whenKnown(async ({ connection, name, directory }) => {
      const host = context.host(connection);
      await requireOwn(pathOf({ name, directory }, host), host, context);
    });
    await inputs.whenKnown((known) => inspectSource(known, context.host(known.connection)));
  },

  derived: ["image", "family", "madeHostKeys", "digest", "digestKey"],
  async derive(given, context, previous) {
    const host = context.host(given.connection);
    const inputs = await withImage(given, previous, host, context);
    const family = await familyFor(inputs, previous, host);
    requireNone(limitsFor(inputs, family));
    const derived = { ...inputs, ...(await digested(inputs, family, previous, host)), family };
    if (derived.digest !== previous?.digest) requireNone(await problemsOf(derived, family, host, context));
    return derived;
  },

  async outstanding(news, { path: iso = "", connection }, context) {
    const host = context.host(String(connection));
    const receipt = await receiptIfDeleted(iso, host);
    if (receipt === undefined) return [];
    const isGone = !(await host.libvirt.exists("domain", receipt.machine));
    return isGone || news.known(({ keep }) => keep) === true
      ? ["was deleted after an installation, and is written again for the next one"]
      : [];
  },

  create: writeIso,

  async read(id, inputs, state, context) {
    const host = context.host(inputs.connection);
    const receipt = await receiptIfDeleted(id, host);
    if (receipt === undefined && (await host.files.stat(id)) === undefined) return undefined;
    // The ISO of another owner has no correct digest. The next `up` finds it, and reports it.
    const installation = receipt?.installation ?? (await ownInstallation(id, host, context));
    const digest = installation?.digest ?? "0".repeat(64);
    return { id, inputs: { ...inputs, digest }, outputs: { ...state, digest } };
  },

  update: async (_id, _olds, news, _state, context) => (await writeIso(news, context)).outputs,

  async delete(id, inputs, _state, context) {
    const host = context.host(inputs.connection);
    // An interrupted write of the ISO has left the answers.
    await host.files.sweep(path.dirname(id));
    await removeReceipt(id, context.identity, host);
    const isThere = (await host.files.stat(id)) !== undefined;
    if (isThere && (await ownInstallation(id, host, context)) === undefined) {
      context.warn(`${id} stays on the host, because this resource did not create it`);
      return;
    }
    if (isThere) await host.files.remove(id);
    if (inputs.directory === undefined) await host.files.removeEmptyDirectory(path.dirname(id));
  },
});

/** While the program has the ISO, a deleted one can be written again for a machine that is installed again. */
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

/** Unknown inputs at preview still promise an ISO, because they are known at `up`. */
function promise(inputs: Properties, context: Context): void {
  const previewed = previewedInputs(installerIsoInputs, inputs);
  previewed?.known(({ connection, name, directory }) => {
    const host = context.host(connection);
    promiseIso(host, pathOf({ name, directory }, host), {
      digest: previewed.complete?.digest,
      keep: previewed.known(({ keep }) => keep) ?? false,
      disk: previewed.known(({ system, template }) => diskOf({ system, template })),
      tpm: previewed.known(({ system }) => usesTpm(system.disk)),
      installed: async () => previewed.whenKnown((known) => installedBy(known, host)),
      // The caller only provides the reporting: the ISO is written as this resource's.
      write: ({ progress, warn, signal }) => resource.create(inputs, { ...context, progress, warn, signal }),
    });
  });
}

/** The engine comes to the ISO before its machines, so their new inputs are not known here. */
function nextUse(machines: readonly string[]): string {
  if (machines.length === 0) return "the next installation uses it";
  return `this waits for the next installation of ${machines.join(", ")}, which another text of the machine's \`reinstall\` starts`;
}

function requireNone(failures: readonly Failure[]): void {
  if (failures.length > 0) throw new Refused(failures);
}

/** Findings in new answers: of our own look at them, then of an external program. */
async function problemsOf(inputs: InstallerIsoInputs, family: FamilyId, host: Host, context: Context) {
  const release = await releaseAtHand(inputs, host);
  const found = problemsOfOwn(inputs, family, release, context);
  const validator = familyOf(family).validator?.(release);
  if (found.length > 0 || validator === undefined) return found;
  return problemsOfAnswers(answersOf(inputs, family, ""), validator, templateOf(inputs, family), host, context);
}

/**
 * Cheap enough for a preview: the sum of a local ISO is computed only for its use. A release's name is resolved later.
 */
async function inspectSource(inputs: InstallerIsoInputs, host: Host): Promise<void> {
  if (typeof inputs.source === "string") return;
  const release = await releaseAtHand(inputs, host);
  if (release !== undefined) requireFitting(inputs, release);
}
