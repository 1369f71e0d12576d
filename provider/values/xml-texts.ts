import type { z } from "zod";

/** Characters that XML can't contain: control characters, half characters, and two noncharacters. */
const unfit = /[\0-\x08\x0b-\x1f\p{Cs}\ufffe\uffff]/u;
/** Line breaks and tabs, too: an attribute returns them as spaces, which would be a permanent difference. */
const unfitInLine = /[\0-\x1f\x7f\p{Cs}\ufffe\uffff]/u;

/**
 * A rule for inputs that libvirt stores as XML: it refuses texts that libvirt would refuse at `up`, or return as
 * another text. A value that is unknown at preview arrives as a valid text.
 * @param isLong whether the text at the path may have several lines
 */
export function xmlTexts(isLong: (path: readonly PropertyKey[]) => boolean = () => false) {
  return (inputs: unknown, context: z.core.$RefinementCtx): void => {
    for (const { path, text } of textsIn(inputs)) {
      const [character] = (isLong(path) ? unfit : unfitInLine).exec(text) ?? [];
      if (character === undefined) continue;
      const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
      const what = isLong(path) ? "a character" : "a line break or another character";
      const message = `contains ${what} that is not allowed here (U+${code}); remove it`;
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
