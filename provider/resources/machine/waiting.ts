import { type Change, fieldsOf } from "../../diff";
import { childrenOf, el, type Element, find, render } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import type { LiveStep } from "./live";

/** A change that is in the definition, and not yet in the running machine. */
export interface Waiting {
  /** The input's property path. */
  readonly path: string;
  /** The step that the guest hasn't followed, which the next update tries again; undefined where only a restart helps. */
  readonly key?: string | undefined;
}

const namespace = "urn:kvm-deploy:waiting:1";
const prefix = "kvm-deploy";
/** Its name in a definition. */
export const waitingElement = `${prefix}:waiting`;

/**
 * What waits is kept in the metadata of the running machine alone: a restart, by whomever, brings the changes into force
 * and forgets the list, in one.
 */
export function waitingIn(live: Element | undefined): Waiting[] {
  const list = find(live, `metadata/${waitingElement}`);
  return childrenOf(list).map(({ attributes: { path = "", key } }) => ({ path, key }));
}

export async function keepWaiting(libvirt: Libvirt, uuid: string, waiting: readonly Waiting[]): Promise<void> {
  const list = el("waiting", {}, ...waiting.map(({ path, key }) => el("field", { path, key })));
  const xml = waiting.length === 0 ? undefined : render(list);
  await libvirt.changeLive(uuid, { kind: "metadata", namespace, prefix, xml });
}

export function pathsOf(waiting: readonly Waiting[]): string[] {
  return [...new Set(waiting.map(({ path }) => path))];
}

export function keysOf(waiting: readonly Waiting[]): string[] {
  return waiting.flatMap(({ key }) => key ?? []);
}

/** In the words of the inputs where a policy foresaw it; else as libvirt calls the parts. */
export function waitingForRestart(parts: readonly string[], changes: readonly Change[]): Waiting[] {
  const foreseen = changes.filter(({ policy }) => policy === "restart").map(({ path }) => path);
  const paths = parts.length > 0 && foreseen.length > 0 ? foreseen : parts;
  return paths.map((path) => ({ path }));
}

/** Of a step that the guest hasn't followed. */
export function waitingForStep(step: LiveStep, changes: readonly Change[]): Waiting[] {
  const asked = changes.filter((change) => fieldsOf([change]).includes(step.field) && isAskedBy(change, step));
  const paths = asked.length === 0 ? [step.field] : asked.map(({ path }) => path);
  return paths.map((path) => ({ path, key: keyOf(step) }));
}

export function keyOf(step: LiveStep): string {
  return "key" in step ? step.key : step.kind;
}

function isAskedBy({ before, after }: Change, { kind }: LiveStep): boolean {
  if (kind === "attach-device") return before === undefined;
  if (kind === "detach-device") return after === undefined;
  return true;
}
