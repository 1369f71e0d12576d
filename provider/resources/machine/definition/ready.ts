import type { Element } from "../../../format/xml";
import { type Mark, readMark, withMark } from "../../../libvirt/mark";
import type { Owner } from "../../../values/identity";

/**
 * What a definition is to become: edited, and marked as ready.
 * @param filesToMake what the machine's start makes for it
 * @param reinstall the text that requested the last installation
 */
export function ready(
  edited: Element,
  owner: Owner,
  filesToMake: readonly string[],
  reinstall: string | undefined,
): Element {
  return withMark(edited, { ...markWith(edited, owner, filesToMake), phase: "ready", reinstall });
}

/** The same for a machine whose installed system is to be erased. @param reinstall the text that requests it */
export function reinstalling(
  edited: Element,
  owner: Owner,
  filesToMake: readonly string[],
  reinstall: string | undefined,
): Element {
  return withMark(edited, { ...markWith(edited, owner, filesToMake), phase: "reinstalling", reinstall });
}

function markWith(edited: Element, owner: Owner, filesToMake: readonly string[]): Omit<Mark, "phase"> {
  const { files: made = [], adopted = false, started } = readMark(edited) ?? {};
  const files = [...new Set([...made, ...filesToMake])];
  return { ...owner, adopted, files, started };
}
