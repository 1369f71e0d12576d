import { removeReceipt } from "../iso/receipt";
import { domainsThat, usesFile } from "../libvirt/users";
import type { Context } from "../resource/handler";
import type { Host } from "../resource/host";
import { installerIso } from "../resources/installer-iso/handler";
import { release } from "../resources/machine/guest/reservations";
import { machine } from "../resources/machine/handler";
import { network } from "../resources/network/handler";
import { storagePool } from "../resources/storage-pool/handler";
import { volume } from "../resources/volume/handler";
import { Conflict, KvmError, reportOf } from "../values/errors";
import { thingsOn } from "./survey";
import { nameOf, type Target, type Thing } from "./thing";

/** Makes the context of one resource, as which a thing is removed. */
export type ContextFor = (owner: { readonly urn: string; readonly identity: string }) => Context;

/**
 * Removes a thing as its resource would: whose it is, is looked at once more. What was taken over stays, and is no longer
 * noted as ours.
 */
export async function removeThing(thing: Thing, host: Host, contextFor: ContextFor): Promise<void> {
  const { owner: urn = "", identity = "" } = thing.owner ?? {};
  await removeTarget(thing.target, thing, host, contextFor({ urn, identity }));
  if (thing.owner === undefined) return;
  await host.ledger.settle(urn, identity);
  await host.ledger.close(identity);
}

async function removeTarget(target: Target, thing: Thing, host: Host, context: Context): Promise<void> {
  switch (target.by) {
    case "machine":
      return machine.delete(target.id, target.state, context);
    case "volume":
      return volume.delete(target.id, target.state, context);
    case "pool":
      return storagePool.delete(target.id, target.state, context);
    case "network":
      return network.delete(target.id, target.state, context);
    case "iso":
      if (thing.kind === "receipt") return removeReceipt(target.id, context.identity, host);
      await requireInNoDrive(target.id, host);
      return installerIso.delete(target.id, target.state, context);
    case "reservation":
      return removeReservation(target, host);
    case "log":
      return removeLog(target.file, host);
    case "record":
      return;
    case "nobody":
      throw new KvmError("forbidden", "whose it is can't be proven, so that it is left where it is");
  }
}

async function requireInNoDrive(iso: string, { libvirt }: Host): Promise<void> {
  const users = await domainsThat(libvirt, usesFile(iso));
  if (users.length === 0) return;
  throw new Conflict(`${iso} is in a drive of ${users.map(({ name }) => name).join(", ")}`, {
    remedy: "Take it out, or remove that machine first",
  });
}

/** Its address may belong to a machine by now, and so may its MAC address. */
async function removeReservation(
  { network: name, mac, address }: Extract<Target, { by: "reservation" }>,
  host: Host,
): Promise<void> {
  const hasMac = { texts: [mac], matches: () => true };
  if ((await domainsThat(host.libvirt, hasMac)).length > 0) return;
  await release(host, { network: name, mac, address });
}

async function removeLog(file: string, host: Host): Promise<void> {
  const isLeft = (await thingsOn(host)).some(({ target }) => target.by === "log" && target.file === file);
  if (!isLeft) return;
  await host.files.remove(file);
  await host.files.removeEmptyFolder(host.folders.consoles);
}

export interface Removal {
  readonly thing: Thing;
  /** Undefined when it is done. */
  readonly failure?: string | undefined;
  /** What its resource said meanwhile. */
  readonly remarks: readonly string[];
}

/**
 * Removes the things, of which some may be in another's way: a volume lies in a pool, and is based on another. It is tried
 * again as long as that helps.
 */
export async function removeAll(
  things: readonly Thing[],
  host: Host,
  contextFor: ContextFor,
  told: (removal: Removal) => void,
): Promise<Removal[]> {
  const done: Removal[] = [];
  let left: readonly Thing[] = things;
  for (;;) {
    const failed: Removal[] = [];
    for (const thing of left) {
      const removal = await attempt(thing, host, contextFor);
      if (removal.failure === undefined) {
        done.push(removal);
        told(removal);
      } else failed.push(removal);
    }
    if (failed.length === 0 || failed.length === left.length) {
      for (const removal of failed) told(removal);
      return [...done, ...failed];
    }
    left = failed.map(({ thing }) => thing);
  }
}

/** Its word is proven by looking: what isn't its resource's any more is left alone by a delete, without a failure. */
async function attempt(thing: Thing, host: Host, contextFor: ContextFor): Promise<Removal> {
  const remarks: string[] = [];
  const warn = (text: string) => void remarks.push(text);
  try {
    await removeThing(thing, host, (owner) => ({ ...contextFor(owner), warn }));
  } catch (error) {
    return { thing, remarks, failure: reportOf(error) };
  }
  const isLeft = (await thingsOn(host)).some((other) => nameOf(other) === nameOf(thing));
  return { thing, remarks, failure: isLeft ? "it is left where it is" : undefined };
}
