import type { Identity } from "../../../format/merge";
import { own } from "../../../values/keys";
import { parts } from "./elements";
import type { Known } from "./part";

const table: Readonly<Record<string, Known>> = Object.fromEntries(
  parts.flatMap(({ known = {} }) => Object.entries(known)),
);

/** What tells devices and other elements apart that a domain has several of. */
export const identity: Identity = {
  keyOf: (element) => own(table, element.name)?.key?.(element),
  kindOf: (element) => own(table, element.name)?.kind?.(element),
};
