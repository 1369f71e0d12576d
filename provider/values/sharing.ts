import type { Owner } from "./identity";

/** The owner of a thing, and the further resources that share it. */
export interface Shared extends Owner {
  /** Undefined if it may not be shared. */
  readonly sharers?: readonly Owner[] | undefined;
}

/** The first is the one that created the thing or took it over. */
export function ownersIn(shared: Shared | undefined): readonly Owner[] {
  if (shared === undefined) return [];
  return [{ owner: shared.owner, identity: shared.identity }, ...(shared.sharers ?? [])];
}

export function isAmongOwners(shared: Shared | undefined, identity: string): boolean {
  return ownersIn(shared).some((owner) => owner.identity === identity);
}

/** Whether these are the same owners, in the same order. */
export function isSame(one: Shared, other: Shared): boolean {
  const text = (shared: Shared) => JSON.stringify([ownersIn(shared), shared.sharers === undefined]);
  return text(one) === text(other);
}

/** The owners with this one, at its place if it is among them. @param isShared whether others may join */
export function withOwner(shared: Shared | undefined, me: Owner, isShared: boolean): Shared {
  const before = ownersIn(shared);
  const all = isAmongOwners(shared, me.identity)
    ? before.map((owner) => (owner.identity === me.identity ? me : owner))
    : [...before, me];
  const [first = me, ...rest] = all;
  return { ...first, sharers: isShared || rest.length > 0 ? rest : undefined };
}

/** The owners that are left without this one; undefined if there are none. */
export function withoutOwner(shared: Shared | undefined, identity: string): Shared | undefined {
  const [first, ...sharers] = ownersIn(shared).filter((owner) => owner.identity !== identity);
  return first && { ...first, sharers };
}
