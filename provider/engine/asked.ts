import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../resource/handler";

const asked = new Map<string, Properties>();

/** Remembers the inputs of this run's program, as its checks have returned them. */
export function rememberAsked(urn: string, inputs: Properties): void {
  asked.set(urn, inputs);
}

/**
 * Whether these are the inputs of this run's program. The engine also asks for differences without such a step: after a
 * refresh has found a change, with old and new exchanged; and with invented unknowns, to find out which resources would
 * have to be deleted before another one.
 */
export function isAskedFor(urn: string, news: Properties): boolean {
  return isDeepStrictEqual(asked.get(urn), news);
}
