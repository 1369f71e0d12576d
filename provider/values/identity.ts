import { createHash } from "node:crypto";

/** The resource that created a thing, or took it over. */
export interface Owner {
  /** Its URN at that time: for people, and for `adopt`. Renaming the stack changes it. */
  readonly owner: string;
  /** The proof of ownership: no two states have the same identity. */
  readonly identity: string;
}

/**
 * The identity of a resource from an earlier release, which kept none, neither in the state nor on the host, and
 * recognised its things by the URN alone. Both sides derive it from the URN, so nothing has to be rewritten.
 */
export function legacyIdentity(urn: string): string {
  return uuidFrom("legacy", urn);
}

/** A UUID derived from texts: the same texts give the same UUID (RFC 9562, version 8). */
export function uuidFrom(...texts: readonly string[]): string {
  const hex = createHash("sha256").update(texts.join("\0")).digest("hex");
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}a${hex.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
