import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../resource/handler";

const asked = new Map<string, Properties>();

/** Remembers what the program of this run asks for, as its check has left it. */
export function rememberAsked(urn: string, inputs: Properties): void {
  asked.set(urn, inputs);
}

/**
 * Whether these are the inputs that the program of this run asks for. The engine asks for differences also when there is no
 * such step: after a refresh has read something, with old and new exchanged; and with invented unknowns, to learn what
 * would have to go before something else does.
 */
export function isAskedFor(urn: string, news: Properties): boolean {
  return isDeepStrictEqual(asked.get(urn), news);
}
