import type { Element } from "../../../format/xml";
import { readMark, withMark } from "../../../libvirt/mark";
import type { Owner } from "../../../values/identity";

/** What a definition is to become: edited, and marked as ready. @param filesToMake what the machine's start makes for it */
export function ready(edited: Element, owner: Owner, filesToMake: readonly string[]): Element {
  const { files: made = [], adopted = false, started } = readMark(edited) ?? {};
  const files = [...new Set([...made, ...filesToMake])];
  return withMark(edited, { ...owner, phase: "ready", adopted, files, started });
}
