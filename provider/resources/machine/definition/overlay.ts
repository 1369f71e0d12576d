import { merged } from "../../../format/merge";
import { type Element, parse } from "../../../format/xml";
import { identity } from "./identity";

/** The domain with the user's own elements merged in by their place. */
export function overlaid(domain: Element, overlay: string | undefined): Element {
  return overlay === undefined ? domain : merged(domain, undefined, parse(overlay), identity);
}
