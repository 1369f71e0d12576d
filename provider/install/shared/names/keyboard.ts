import { own } from "../../../values/keys";
import { consoleKeymaps, layouts } from "./lists.gen";
import { unknownName } from "./unknown";
import { choices } from "../../../values/nearest";

/** In XKB's words; a plain layout has an empty variant. */
export interface Keyboard {
  readonly layout: string;
  readonly variant: string;
}

/**
 * `de`, `de(nodeadkeys)`, the same with a hyphen or an underscore in the place of the brackets, or a name that the kernel's
 * own keymaps have, such as `de-latin1`. Undefined for what is in no list.
 */
export function parseKeyboard(text: string): Keyboard | undefined {
  const { layout, variant } = partsOf(text);
  const known = variantsOf(layout);
  const found = variant === "" ? "" : known?.find((one) => hyphened(one) === hyphened(variant));
  if (known !== undefined && found !== undefined) return { layout, variant: found };
  const keymap = own(consoleKeymaps, text);
  return keymap === undefined ? undefined : partsOf(keymap);
}

/** Of a text that the schema has let through. */
export function keyboardOf(text: string): Keyboard {
  return parseKeyboard(text) ?? partsOf(text);
}

/** The form that Debian's and SUSE's installers, and XKB's own tools, write. */
export function nameOfKeyboard({ layout, variant }: Keyboard): string {
  return variant === "" ? layout : `${layout}(${variant})`;
}

export function unknownKeyboard(text: string): string {
  const { layout } = partsOf(text);
  const variants = variantsOf(layout)?.map((variant) => nameOfKeyboard({ layout, variant })) ?? [];
  return variants.length > 0
    ? `"${text}" is not a keyboard; ${choices(`"${layout}" has the variants`, text, variants)}`
    : unknownName(text, "a keyboard", Object.keys(layouts), 'like "us", or with a variant like "de(nodeadkeys)"');
}

function partsOf(text: string): Keyboard {
  const [, layout = text, bracketed, joined = ""] = /^([^()_-]*)(?:\(([^()]+)\)|[_-](.+))$/.exec(text) ?? [];
  return { layout, variant: bracketed ?? joined };
}

function variantsOf(layout: string): readonly string[] | undefined {
  return own(layouts, layout)
    ?.split(" ")
    .filter((variant) => variant !== "");
}

/** Either character is often taken for the other. */
function hyphened(variant: string): string {
  return variant.replaceAll("_", "-");
}
