import { el, type Element, find, parse, withChild } from "../format/xml";
import { type Claimant, claimOf } from "../ownership";

/** Says in libvirt's metadata who made a thing and how far its making has come. */
export interface Mark {
  /** URN of the resource, which names stack and project. */
  readonly owner: string;
  readonly phase: Phase;
}

export type Phase = "installing" | "ready";

const namespace = "urn:kvm-deploy:mark:1";
const elementName = "kvm-deploy:mark";

/** `root` (a domain or network) with the mark in its metadata; other programs' metadata stays. */
export function withMark(root: Element, { owner, phase }: Mark): Element {
  const mark = el(elementName, { "xmlns:kvm-deploy": namespace, owner, phase });
  return withChild(root, "metadata", withChild(find(root, "metadata") ?? el("metadata"), elementName, mark));
}

/** Undefined when kvm-deploy didn't make it. */
export function readMark(root: Element): Mark | undefined {
  const mark = find(root, `metadata/${elementName}`);
  const owner = mark?.attributes["owner"];
  if (owner === undefined) return undefined;
  return { owner, phase: mark?.attributes["phase"] === "installing" ? "installing" : "ready" };
}

/**
 * The thing of that name when it is the claimant's, or becomes so by `adopt`.
 * @throws Conflict when it is somebody else's
 */
export function claimDefinition(
  xml: string,
  what: string,
  claimant: Claimant,
): { root: Element; claim: "own" | "adopted" } {
  const root = parse(xml);
  return { root, claim: claimOf(readMark(root)?.owner, what, claimant) };
}

/** @throws Conflict when it isn't that owner's */
export function ownDefinition(xml: string, what: string, urn: string): Element {
  return claimDefinition(xml, what, { urn, adopt: false }).root;
}
