import { createHash } from "node:crypto";

/** Who made a thing, or took it over. */
export interface Owner {
  /** Its URN when that was written: for people, and for `adopt`. A stack's new name changes it. */
  readonly owner: string;
  /** What proves it: no two states have the same one. */
  readonly identity: string;
}

/**
 * What a resource is known by that an earlier release made: it kept no identity, neither in the state nor on the host, and
 * told its things apart by the URN alone. Both sides read it from that, so nothing has to be rewritten.
 */
export function legacyIdentity(urn: string): string {
  return uuidFrom("legacy", urn);
}

/** A UUID that follows from texts: the same texts give the same one (RFC 9562, version 8). */
export function uuidFrom(...texts: readonly string[]): string {
  const hex = createHash("sha256").update(texts.join("\0")).digest("hex");
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
