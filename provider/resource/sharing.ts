import { Conflict } from "../values/errors";
import { isAmongOwners, type Shared } from "../values/sharing";
import type { Claimant } from "./ownership";

/**
 * Why a resource may have an existing thing. `joined`: another stack that shares it has created it; `used`: kvm-deploy did
 * not create it, and changes nothing on it.
 */
export type SharedClaim = "own" | "joined" | "used";

/** A resource that may share its thing. */
export interface Sharer extends Pick<Claimant, "identity" | "adopt"> {
  readonly shared: boolean;
}

/**
 * The claim of a resource that shares the thing; undefined if only the general rules of ownership count.
 * @param what such as `a network named "lab"`
 * @throws Conflict if its owner does not share it
 */
export function sharedClaim(owners: Shared | undefined, what: string, sharer: Sharer): SharedClaim | undefined {
  if (isAmongOwners(owners, sharer.identity)) return "own";
  if (isUsed(owners, sharer)) return "used";
  if (owners === undefined || !sharer.shared || sharer.adopt !== false) return undefined;
  if (owners.sharers !== undefined) return "joined";
  throw new Conflict(`${what} exists already, and ${owners.owner}, which has it, does not share it`, {
    property: "name",
    remedy: "Set `shared: true` there, too, and run `pulumi up` there first; or choose another name",
  });
}

/** Whether it is a thing of others that the resource only uses. @param owners undefined if kvm-deploy has not marked it */
export function isUsed(owners: Shared | undefined, { shared, adopt }: Pick<Sharer, "shared" | "adopt">): boolean {
  return shared && adopt === false && owners === undefined;
}

/** Each of the stacks would change it back. @param paths the fields that the description has otherwise */
export function refuseOther(what: string, { owner }: Shared, paths: readonly string[]): void {
  const [first] = paths;
  if (first === undefined) return;
  throw new Conflict(`${what} is shared with ${owner}, and differs from this description: ${paths.join(", ")}`, {
    property: first,
    remedy: "Describe it in the same way in all stacks, or choose another name",
  });
}

export function usedAsItIs(what: string): string {
  return `kvm-deploy did not create ${what}: it is used as it is, and stays at a destroy`;
}
