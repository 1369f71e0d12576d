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
import { isStill, type Target, type Thing } from "./thing";

/** Creates the context of the resource as which a thing is removed. */
export type ContextFor = (owner: { readonly urn: string; readonly identity: string }) => Context;

/**
 * Removes a thing in the same way as its resource. Its owner is checked again. What was taken over stays, and
 * kvm-deploy's mark is removed.
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
      throw new KvmError("forbidden", "its owner can't be proven, so it is left unchanged");
  }
}

async function requireInNoDrive(iso: string, { libvirt }: Host): Promise<void> {
  const users = await domainsThat(libvirt, usesFile(iso));
  if (users.length === 0) return;
  throw new Conflict(`${iso} is in a drive of ${users.map(({ name }) => name).join(", ")}`, {
    remedy: "Eject it, or remove that machine first",
  });
}

/** A machine that exists may have the address by now, and also the MAC address. */
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
  await host.files.removeEmptyDirectory(host.directories.consoles);
}

export interface Removal {
  readonly thing: Thing;
  /** Undefined if it was removed. */
  readonly failure?: string | undefined;
  /** Messages of its resource. */
  readonly remarks: readonly string[];
}

/**
 * Removes the things in an order that may fail at first: a volume is in a pool, and is based on another volume. Failed
 * things are retried as long as that helps.
 */
export async function removeAll(
  things: readonly Thing[],
  host: Host,
  contextFor: ContextFor,
  report: (removal: Removal) => void,
): Promise<Removal[]> {
  const done: Removal[] = [];
  let left: readonly Thing[] = things;
  for (;;) {
    const failed: Removal[] = [];
    for (const thing of left) {
      const removal = await attempt(thing, host, contextFor);
      if (removal.failure === undefined) {
        done.push(removal);
        report(removal);
      } else failed.push(removal);
    }
    if (failed.length === 0 || failed.length === left.length) {
      for (const removal of failed) report(removal);
      return [...done, ...failed];
    }
    left = failed.map(({ thing }) => thing);
  }
}

/** The result is verified: a delete leaves a thing of another owner without a failure. */
async function attempt(thing: Thing, host: Host, contextFor: ContextFor): Promise<Removal> {
  const remarks: string[] = [];
  const warn = (text: string) => void remarks.push(text);
  try {
    await removeThing(thing, host, (owner) => ({ ...contextFor(owner), warn }));
  } catch (error) {
    return { thing, remarks, failure: reportOf(error) };
  }
  const isLeft = (await thingsOn(host)).some((other) => isStill(other, thing));
  return { thing, remarks, failure: isLeft ? "it is left unchanged" : undefined };
}
