import { childrenOf, el, type Element, find, textOf, withChild } from "../format/xml";
import { legacyIdentity, type Owner, uuidFrom } from "../values/identity";

/** Says in libvirt's metadata who made a thing and how far its making has come. */
export interface Mark extends Owner {
  readonly phase: Phase;
  /** Whether it was there before: then it stays when the resource goes. */
  readonly adopted?: boolean;
  /** Files that were made for it, outside of kvm-deploy's own folders, and go with it. */
  readonly files?: readonly string[];
  /** The installation that was started last, while the phase is `installing`. */
  readonly started?: Started | undefined;
}

/** What an installation was started from: whatever lies on the host by now, this is what is under way. */
export interface Started {
  /** The image that it erases. */
  readonly disk: string;
  /** What the medium said of itself, as text. */
  readonly answers: string;
}

export type Phase = "installing" | "ready";

const namespace = "urn:kvm-deploy:mark:1";
const elementName = "kvm-deploy:mark";
const fileName = "kvm-deploy:file";
const startedName = "kvm-deploy:started";

/** `root` (a domain or network) with the mark in its metadata; other programs' metadata stays. */
export function withMark(
  root: Element,
  { owner, identity, phase, adopted = false, files = [], started }: Mark,
): Element {
  const named = files.map((path) => el(fileName, { path }));
  const under = started && el(startedName, { disk: started.disk }, started.answers);
  const attributes = { owner, identity, phase, adopted: adopted ? "yes" : undefined };
  const mark = el(elementName, { "xmlns:kvm-deploy": namespace, ...attributes }, ...named, under);
  return withChild(root, "metadata", withChild(find(root, "metadata") ?? el("metadata"), elementName, mark));
}

/** What is let go, as others made it. */
export function withoutMark(root: Element): Element {
  const metadata = find(root, "metadata");
  return metadata === undefined ? root : withChild(root, "metadata", withChild(metadata, elementName, undefined));
}

/** Undefined when kvm-deploy neither made it nor took it over. */
export function readMark(root: Element): Mark | undefined {
  const mark = find(root, `metadata/${elementName}`);
  const owner = mark?.attributes["owner"];
  if (mark === undefined || owner === undefined) return undefined;
  const files = childrenOf(mark, fileName).map(({ attributes: { path = "" } }) => path);
  return {
    owner,
    identity: mark.attributes["identity"] ?? legacyIdentity(owner),
    phase: mark.attributes["phase"] === "installing" ? "installing" : "ready",
    ...(mark.attributes["adopted"] === "yes" ? { adopted: true } : {}),
    ...(files.length === 0 ? {} : { files }),
    ...startedIn(mark),
  };
}

function startedIn(mark: Element): Pick<Mark, "started"> {
  const started = find(mark, startedName);
  return started === undefined
    ? {}
    : { started: { disk: started.attributes["disk"] ?? "", answers: textOf(started) ?? "" } };
}

/** Whether it is that resource's. One whose mark was lost still is, by the UUID that it was made with. */
export function isOwn(root: Element, identity: string): boolean {
  const mark = readMark(root);
  return mark === undefined ? textOf(root, "uuid") === uuidOf(root.name, identity) : mark.identity === identity;
}

/** The UUID of what a resource makes: nobody else's thing has it. @param kind the definition's outermost element */
export function uuidOf(kind: string, identity: string): string {
  return uuidFrom(kind, identity);
}
