import type { Element } from "../../../format/xml";
import { isOwn, readMark } from "../../../libvirt/mark";
import type { Context } from "../../../resource/handler";
import { stackOf } from "../../../resource/ownership";

/** Who wants what a machine may have. */
export type Claimant = Pick<Context, "urn" | "identity">;

/** A machine of the same stack may give up what it has in the same `up`; the claimant's own machine does. */
export function isAkin(definition: Element, { urn, identity }: Claimant): boolean {
  const mark = readMark(definition);
  return isOwn(definition, identity) || (mark !== undefined && stackOf(mark.owner) === stackOf(urn));
}
