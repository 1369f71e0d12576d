import path from "node:path";
import { obtainSource } from "../../host/downloads";
import { detectRelease, probesOf } from "../../install/index";
import type { Installation } from "../../install/installation";
import { inspectIso } from "../../iso/inspect";
import { removeReceipt } from "../../iso/receipt";
import { remaster } from "../../iso/remaster";
import type { Context, Created } from "../../resource/handler";
import { answersOf } from "./answers";
import { requireOwn } from "./claim";
import { digestOf } from "./digest";
import { requireFitting } from "./family";
import { systemOf } from "./host-keys";
import { pathOf } from "./observe";
import { goneImage, originAnywhere } from "./origin";
import { planIso } from "./plan";
import type { InstallerIsoInputs, InstallerIsoOutputs } from "./schema";

/** Writes the ISO. An older one of the same resource is replaced. */
export async function writeIso(inputs: InstallerIsoInputs, context: Context): Promise<Created> {
  const host = context.host(inputs.connection);
  const iso = pathOf(inputs, host);
  const write = async () => {
    await requireOwn(iso, host, context);
    const reporting = { ...context, what: "the ISO", ...goneImage(inputs, context.urn) };
    const source = await obtainSource(originAnywhere(inputs), host, reporting);
    const installation = await remasterFrom(source, iso, inputs, context);
    return { id: iso, outputs: { ...inputs, ...outputsOf(iso, installation) } };
  };
  return host.lock(`iso ${iso}`, write, context);
}

async function remasterFrom(
  source: string,
  iso: string,
  inputs: InstallerIsoInputs,
  context: Context,
): Promise<Installation> {
  const host = context.host(inputs.connection);
  context.progress("writing the ISO");
  const contents = await inspectIso(source, probesOf, host);
  const release = detectRelease(contents, source);
  requireFitting(inputs, release);
  const { family } = release;
  const owner = { owner: context.urn, identity: context.identity };
  const { keep, template } = inputs;
  const digest = digestOf(inputs, family);
  const installed = { system: systemOf(inputs), template, keep, release, owner, digest };
  const plan = planIso(contents, installed, (mark) => answersOf(inputs, family, mark));
  // A user with an ISO's path can read the ISO, because the emulator has its own user, but can't list the others.
  await host.files.createDirectory(path.dirname(iso), 0o711);
  await remaster(source, iso, plan.remaster, host, context.signal);
  await removeReceipt(iso, context.identity, host);
  return plan.installation;
}

function outputsOf(
  iso: string,
  { release, family, digest, login, hostKeys }: Installation,
): InstallerIsoOutputs & Pick<InstallerIsoInputs, "family" | "digest"> {
  return { path: iso, release, family, digest, login, hostKeys };
}
