import { childrenOf, el, type Element, find, render } from "../../../format/xml";
import type { Libvirt } from "../../../libvirt/client";
import { type Change, fieldsOf } from "../../../resource/diff";
import type { LiveStep } from "./plan";

/** A change that is in the definition, but not yet in the running machine. */
export interface Waiting {
  /** The input's property path. */
  readonly path: string;
  /** The step that the guest has not done, which the next update tries again; undefined if only a restart helps. */
  readonly key?: string | undefined;
  /** Whether the step was tried and failed; otherwise the update was interrupted before it. */
  readonly isTried?: true;
}

const namespace = "urn:kvm-deploy:waiting:1";
const prefix = "kvm-deploy";
/** The record's name in a definition. */
export const waitingElement = `${prefix}:waiting`;

/**
 * The list is only in the metadata of the running machine: any restart applies the changes and discards the list, both
 * at once.
 */
export function waitingIn(live: Element | undefined): Waiting[] {
  const list = find(live, `metadata/${waitingElement}`);
  return childrenOf(list).map(({ attributes: { path = "", key, tried } }) =>
    tried === "yes" ? { path, key, isTried: true } : { path, key },
  );
}

export async function keepWaiting(libvirt: Libvirt, uuid: string, waiting: readonly Waiting[]): Promise<void> {
  const list = el(
    "waiting",
    {},
    ...waiting.map(({ path, key, isTried = false }) => el("field", { path, key, tried: isTried ? "yes" : undefined })),
  );
  const xml = waiting.length === 0 ? undefined : render(list);
  await libvirt.changeLive(uuid, { kind: "metadata", namespace, prefix, xml });
}

export function pathsOf(waiting: readonly Waiting[]): string[] {
  return [...new Set(waiting.map(({ path }) => path))];
}

export function keysOf(waiting: readonly Waiting[]): string[] {
  return waiting.flatMap(({ key }) => key ?? []);
}

/** Named by inputs if a change explains the part; otherwise by libvirt's names. */
export function waitingForRestart(parts: readonly string[], changes: readonly Change[]): Waiting[] {
  if (parts.length === 0) return [];
  const foreseen = changes.filter(({ policy }) => policy === "restart");
  const fields = parts.flatMap((part) => fieldsOfParts[part] ?? []);
  const others = changes.filter((change) => fieldsOf([change]).some((field) => fields.includes(field)));
  const requested = foreseen.length > 0 ? foreseen : others;
  return (requested.length > 0 ? requested.map(({ path }) => path) : parts).map((path) => ({ path }));
}

/** The inputs' names for a device and for its connection. */
const fieldsOfParts: Readonly<Record<string, readonly string[]>> = {
  "devices/disk": ["disks", "cdroms"],
  "devices/controller": ["disks", "cdroms"],
  "devices/interface": ["nics"],
  "devices/graphics": ["graphics"],
};

/** The record of a step that the guest has not done. */
export function waitingForStep(step: LiveStep, changes: readonly Change[]): Waiting[] {
  const requested = changesFor(step, changes).filter((change) => isRequestedBy(change, step));
  const paths = requested.length === 0 ? [step.field] : requested.map(({ path }) => path);
  return paths.map((path) => ({ path, key: keyOf(step) }));
}

/** The changes of the input that a step is for. */
export function changesFor({ field }: LiveStep, changes: readonly Change[]): Change[] {
  return changes.filter((change) => fieldsOf([change]).includes(field));
}

export function keyOf(step: LiveStep): string {
  return "key" in step ? step.key : step.kind;
}

function isRequestedBy({ before, after }: Change, { kind }: LiveStep): boolean {
  if (kind === "attach-device") return before === undefined;
  if (kind === "detach-device") return after === undefined;
  return true;
}
