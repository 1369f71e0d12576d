/** The format of Debian's package lists: stanzas of "Name: value" with indented continuation lines. */
export type Stanza = Readonly<Record<string, string>>;

export function parseStanzas(text: string): Stanza[] {
  return text
    .split(/\n\n+/)
    .filter((part) => part.trim() !== "")
    .map((part) => Object.fromEntries([...part.matchAll(/^([\w-]+):[ \t]*(.*(?:\n[ \t].*)*)/gm)].map(fieldOf)));
}

function fieldOf(match: RegExpExecArray): [string, string] {
  return [match[1] ?? "", match[2] ?? ""];
}

/** No space at a line's end: the installer's shell scripts look for "SHA256:" alone on its line. */
export function formatStanza(stanza: Stanza): string {
  return Object.entries(stanza)
    .map(([name, value]) => (/^[^\n]/.test(value) ? `${name}: ${value}\n` : `${name}:${value}\n`))
    .join("");
}

export function formatStanzas(stanzas: readonly Stanza[]): string {
  return stanzas.map((stanza) => `${formatStanza(stanza)}\n`).join("");
}

/** A field that must be there. */
export function field(stanza: Stanza, name: string): string {
  const value = stanza[name];
  if (value === undefined) throw new Error(`the entry of package ${stanza["Package"] ?? "(no name)"} has no "${name}"`);
  return value;
}

/** The name of a package's file in apt's archive folder. */
export function archiveName(stanza: Stanza): string {
  const version = field(stanza, "Version").replaceAll(":", "%3a");
  return `${field(stanza, "Package")}_${version}_${field(stanza, "Architecture")}.deb`;
}
