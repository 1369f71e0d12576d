import type { z } from "zod";

/** What XML can't hold at all: control characters, halves of characters, and two that are none. */
const unfit = /[\0-\x08\x0b-\x1f\p{Cs}\ufffe\uffff]/u;
/** Line breaks and tabs too: an attribute gives them back as blanks, which would be a difference for ever. */
const unfitInLine = /[\0-\x1f\x7f\p{Cs}\ufffe\uffff]/u;

/**
 * A rule for inputs that libvirt keeps as XML: what it would refuse at `up`, or give back as another text, is refused.
 * What is unknown at preview comes as a text that nothing is wrong with.
 * @param isLong whether the text at the path may have several lines
 */
export function xmlTexts(isLong: (path: readonly PropertyKey[]) => boolean = () => false) {
  return (inputs: unknown, context: z.core.$RefinementCtx): void => {
    for (const { path, text } of textsIn(inputs)) {
      const [sign] = (isLong(path) ? unfit : unfitInLine).exec(text) ?? [];
      if (sign === undefined) continue;
      const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
      const what = isLong(path) ? "a character" : "a line break or another character";
      const message = `has ${what} that has no place here (U+${code}); leave it out`;
      context.addIssue({ code: "custom", path: [...path], message });
    }
  };
}

function textsIn(
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly { readonly path: readonly PropertyKey[]; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}
