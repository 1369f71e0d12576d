import { Conflict } from "../errors";
import { el, type Element, find, parse, withChild } from "../format/xml";

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
 * The thing of that name when it is ours.
 * @throws Conflict when somebody else made it
 */
export function ownDefinition(xml: string, what: string, urn: string): Element {
  const root = parse(xml);
  const owner = readMark(root)?.owner;
  if (owner === urn) return root;
  const maker = owner === undefined ? "kvm-deploy did not make it" : `it belongs to ${owner}`;
  throw new Conflict(`${what} exists already, and ${maker}`, {
    property: "name",
    remedy: "Choose another name, or remove the existing one first",
  });
}
