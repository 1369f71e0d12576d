import type { Element } from "../../format/xml";
import { isOwn, type Mark, readMark, withMark } from "../../libvirt/mark";
import { changesBetween } from "../../resource/diff";
import type { Context } from "../../resource/handler";
import { isUsed, refuseOther, type SharedClaim, sharedClaim } from "../../resource/sharing";
import { withOwner, withoutOwner } from "../../values/sharing";
import { readNetwork } from "./drift";
import { networkPolicies } from "./policy";
import { type NetworkInputs, networkInputs } from "./schema";

export type NetworkClaim = SharedClaim | "adopted";

/**
 * The claim of a resource that shares its network; undefined if only the general rules of ownership count.
 * @throws Conflict if the network may not be shared, or is described otherwise
 */
export function claimShared(
  root: Element,
  inputs: NetworkInputs,
  { identity }: Pick<Context, "identity">,
  power: Pick<NetworkInputs, "running" | "autostart">,
): NetworkClaim | undefined {
  const mark = readMark(root);
  // It lost its mark, and is recognised by its UUID.
  if (mark === undefined && isOwn(root, identity)) return undefined;
  const claim = sharedClaim(mark, `a network named "${inputs.name}"`, { ...inputs, identity });
  if (claim === "own" && mark?.adopted === true) return "adopted";
  if (claim === "joined" && mark !== undefined) {
    const changes = changesBetween(networkInputs, networkPolicies, { ...readNetwork(root, inputs, power) }, inputs);
    refuseOther(
      `network "${inputs.name}"`,
      mark,
      changes.map(({ path }) => path),
    );
  }
  return claim;
}

/** Whether it is a network of others that the resource only uses. */
export function isOfOthers(root: Element, inputs: NetworkInputs, { identity }: Pick<Context, "identity">): boolean {
  return isUsed(readMark(root), inputs) && !isOwn(root, identity);
}

/** The mark of a network that the resource owns or joins; the other owners stay in it. */
export function markBy(root: Element, { shared }: NetworkInputs, { urn, identity }: Context): Mark {
  const mark = readMark(root);
  return { ...withOwner(mark, { owner: urn, identity }, shared), phase: "ready", adopted: mark?.adopted === true };
}

/** The network as it stays with its other owners; undefined if there are none. */
export function withoutSharer(root: Element, identity: string): Element | undefined {
  const mark = readMark(root);
  const owners = withoutOwner(mark, identity);
  return owners && withMark(root, { ...owners, phase: "ready", adopted: mark?.adopted === true });
}
