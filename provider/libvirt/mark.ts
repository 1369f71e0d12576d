import { childrenOf, el, type Element, find, parse, withChild } from "../format/xml";
import { type Claimant, claimOf } from "../ownership";

/** Says in libvirt's metadata who made a thing and how far its making has come. */
export interface Mark {
  /** URN of the resource, which names stack and project. */
  readonly owner: string;
  readonly phase: Phase;
  /** Files that were made for it, outside of kvm-deploy's own folders, and go with it. */
  readonly files?: readonly string[];
}

export type Phase = "installing" | "ready";

const namespace = "urn:kvm-deploy:mark:1";
const elementName = "kvm-deploy:mark";
const fileName = "kvm-deploy:file";

/** `root` (a domain or network) with the mark in its metadata; other programs' metadata stays. */
export function withMark(root: Element, { owner, phase, files = [] }: Mark): Element {
  const named = files.map((path) => el(fileName, { path }));
  const mark = el(elementName, { "xmlns:kvm-deploy": namespace, owner, phase }, ...named);
  return withChild(root, "metadata", withChild(find(root, "metadata") ?? el("metadata"), elementName, mark));
}

/** Undefined when kvm-deploy didn't make it. */
export function readMark(root: Element): Mark | undefined {
  const mark = find(root, `metadata/${elementName}`);
  const owner = mark?.attributes["owner"];
  if (owner === undefined) return undefined;
  const files = childrenOf(mark, fileName).map(({ attributes: { path = "" } }) => path);
  const phase = mark?.attributes["phase"] === "installing" ? "installing" : "ready";
  return files.length === 0 ? { owner, phase } : { owner, phase, files };
}

/**
 * The thing of that name when it is the claimant's, or becomes so by `adopt`.
 * @throws Conflict when it is somebody else's
 */
export function claimRoot(root: Element, what: string, claimant: Claimant): "own" | "adopted" {
  return claimOf(readMark(root)?.owner, what, claimant);
}

/** @throws Conflict when it isn't that owner's */
export function ownDefinition(xml: string, what: string, urn: string): Element {
  const root = parse(xml);
  claimRoot(root, what, { urn, adopt: false });
  return root;
}
