import { Conflict } from "./errors";

/** Whether a thing that exists already may be taken over: one without a mark (true), or the one of that owner (its URN). */
export type Adopt = boolean | string;

export interface Claimant {
  /** URN of the resource that wants the thing. */
  readonly urn: string;
  readonly adopt: Adopt;
}

/**
 * Whether a thing that exists is the claimant's already, or becomes so now.
 * @param owner URN in its mark; undefined when kvm-deploy has not marked it
 * @param what such as `a network named "lab"`
 * @throws Conflict when it is somebody else's
 */
export function claimOf(owner: string | undefined, what: string, { urn, adopt }: Claimant): "own" | "adopted" {
  if (owner === urn) return "own";
  if (owner === undefined ? adopt === true : adopt === owner) return "adopted";
  const [maker, value] =
    owner === undefined ? ["kvm-deploy did not make it", "true"] : [`it belongs to ${owner}`, "that URN"];
  throw new Conflict(`${what} exists already, and ${maker}`, {
    property: "name",
    remedy: `To take it over as it is, set adopt to ${value}; else choose another name, or remove it first`,
  });
}
