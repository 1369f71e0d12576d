import { childrenOf, el, type Element, find, textOf, withChild } from "../format/xml";
import { legacyIdentity, type Owner, uuidFrom } from "../values/identity";
import { isAmongOwners, type Shared } from "../values/sharing";

/** An element in libvirt's metadata: the owner of a thing, and the progress of its creation. */
export interface Mark extends Shared {
  readonly phase: Phase;
  /** Whether it was there before: then it stays when the resource is deleted. */
  readonly adopted?: boolean;
  /** Files that were created for it outside of kvm-deploy's own directories; they are deleted with it. */
  readonly files?: readonly string[];
  /** The installation that was started last. */
  readonly started?: Started | undefined;
  /** The text that requested the last installation in place of an earlier one. */
  readonly reinstall?: string | undefined;
}

/** The inputs of an installation when it was started; what is on the host may have changed since. */
export interface Started {
  /** The image that the installation erases. */
  readonly disk: string;
  /** The medium's own description, as text. */
  readonly answers: string;
}

/** `reinstalling`: the installed system is to be erased, and is shut down first; nothing is erased yet. */
export type Phase = "installing" | "reinstalling" | "ready";

const phases: readonly string[] = ["installing", "reinstalling"] satisfies Phase[];

const namespace = "urn:kvm-deploy:mark:1";
const elementName = "kvm-deploy:mark";
const fileName = "kvm-deploy:file";
const sharerName = "kvm-deploy:sharer";
const startedName = "kvm-deploy:started";

/** `root` (a domain or network) with the mark in its metadata; other programs' metadata stays. */
export function withMark(
  root: Element,
  { owner, identity, phase, adopted = false, files = [], sharers, started, reinstall }: Mark,
): Element {
  const named = [
    ...files.map((path) => el(fileName, { path })),
    ...(sharers ?? []).map((sharer) => el(sharerName, { owner: sharer.owner, identity: sharer.identity })),
  ];
  const under = started && el(startedName, { disk: started.disk }, started.answers);
  const attributes = { owner, identity, phase, adopted: yes(adopted), shared: yes(sharers !== undefined), reinstall };
  const mark = el(elementName, { "xmlns:kvm-deploy": namespace, ...attributes }, ...named, under);
  return withChild(root, "metadata", withChild(find(root, "metadata") ?? el("metadata"), elementName, mark));
}

function yes(is: boolean): string | undefined {
  return is ? "yes" : undefined;
}

/** For a thing that kvm-deploy stops managing, because other programs created it. */
export function withoutMark(root: Element): Element {
  const metadata = find(root, "metadata");
  return metadata === undefined ? root : withChild(root, "metadata", withChild(metadata, elementName, undefined));
}

/** Undefined if kvm-deploy neither created it nor took it over. */
export function readMark(root: Element): Mark | undefined {
  const mark = find(root, `metadata/${elementName}`);
  const owner = mark?.attributes["owner"];
  if (mark === undefined || owner === undefined) return undefined;
  const files = childrenOf(mark, fileName).map(({ attributes: { path = "" } }) => path);
  const { phase = "", reinstall } = mark.attributes;
  return {
    owner,
    identity: mark.attributes["identity"] ?? legacyIdentity(owner),
    phase: phases.includes(phase) ? (phase as Phase) : "ready",
    ...(mark.attributes["adopted"] === "yes" ? { adopted: true } : {}),
    ...(files.length === 0 ? {} : { files }),
    ...(mark.attributes["shared"] === "yes" ? { sharers: sharersIn(mark) } : {}),
    ...startedIn(mark),
    ...(reinstall === undefined ? {} : { reinstall }),
  };
}

function sharersIn(mark: Element): Owner[] {
  return childrenOf(mark, sharerName).map(({ attributes: { owner = "", identity = "" } }) => ({ owner, identity }));
}

function startedIn(mark: Element): Pick<Mark, "started"> {
  const started = find(mark, startedName);
  return started === undefined
    ? {}
    : { started: { disk: started.attributes["disk"] ?? "", answers: textOf(started) ?? "" } };
}

/** Whether the resource owns it. A thing that lost its mark is recognised by its UUID, if the resource created it. */
export function isOwn(root: Element, identity: string): boolean {
  const mark = readMark(root);
  if (mark === undefined) return textOf(root, "uuid") === uuidOf(root.name, identity);
  return isAmongOwners(mark, identity);
}

/**
 * The UUID of a thing that the resource creates; no other thing has it. @param kind the definition's outermost element
 */
export function uuidOf(kind: string, identity: string): string {
  return uuidFrom(kind, identity);
}
