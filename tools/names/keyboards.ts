export type Layouts = ReadonlyMap<string, readonly string[]>;

/** The variants of each layout. */
export function layoutsOf(rules: string): Layouts {
  const names = linesOf(rules, "layout").flatMap(([layout = ""]) => (layout === "custom" ? [] : [layout]));
  const variants = linesOf(rules, "variant").map(([variant = "", layout = ""]) => ({
    variant,
    of: layout.replace(/:$/, ""),
  }));
  const variantsOf = (layout: string) => variants.flatMap(({ variant, of }) => (of === layout ? [variant] : [])).sort();
  return new Map(names.sort().map((layout) => [layout, variantsOf(layout)]));
}

/** The first words of the lines below `! NAME`. */
function linesOf(rules: string, section: string): string[][] {
  const [, body = ""] = new RegExp(`^! ${section}$([^!]*)`, "m").exec(rules) ?? [];
  return body
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => line.trim().split(/\s+/));
}

/** The choices of the question that Debian's installer asks, such as `us` and `ca(multix)`. */
export function offeredIn(templates: string): string[] {
  const [, choices = ""] =
    /^Template: keyboard-configuration\/xkb-keymap$[^]*?^Choices-C: (.*)$/m.exec(templates) ?? [];
  return choices.split(", ").sort();
}

/** What the kernel's own keymaps are in XKB's words, by systemd's table; what it has with a second layout counts without it. */
export function consoleKeymapsOf(table: string, layouts: Layouts): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of table.split("\n").filter((text) => /^\w/.test(text))) {
    const [keymap = "", names = "", , variants = "-"] = line.split(/\s+/);
    const [layout = ""] = names.split(",");
    const variant = variants === "-" ? undefined : variants;
    const isKnown = layouts.has(layout) && (variant === undefined || layouts.get(layout)?.includes(variant));
    if (isKnown === true && !layouts.has(keymap) && !found.has(keymap))
      found.set(keymap, variant === undefined ? layout : `${layout}(${variant})`);
  }
  return found;
}
