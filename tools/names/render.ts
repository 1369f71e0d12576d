import type { Layouts } from "./keyboards";

export interface Lists {
  readonly layouts: Layouts;
  readonly debianKeyboards: readonly string[];
  readonly consoleKeymaps: ReadonlyMap<string, string>;
  readonly timeZones: readonly string[];
  readonly oldTimeZones: ReadonlyMap<string, string>;
  readonly locales: readonly string[];
  readonly debianAccounts: readonly string[];
}

/** @param versions of the packages that the lists are from */
export function renderLists(versions: readonly string[], lists: Lists): string {
  const variants = new Map([...lists.layouts].map(([layout, names]) => [layout, names.join(" ")]));
  return `// Made by tools/names.ts; run \`npm run names\` to bring it up to date. From Debian's packages
${versions.map((version) => `// - ${version}\n`).join("")}
/** XKB's layouts, each with its variants. */
export const layouts: Readonly<Record<string, string>> = ${tableOf(variants)};

/** Those that Debian's installer offers; it takes another one for any other. */
export const debianKeyboards: readonly string[] = ${listOf(lists.debianKeyboards)};

/** The kernel's own keymaps whose names are no layouts of XKB's. */
export const consoleKeymaps: Readonly<Record<string, string>> = ${tableOf(lists.consoleKeymaps)};

export const timeZones: readonly string[] = ${listOf(lists.timeZones)};

/** Names by which zones were known before; today's systems don't have them by themselves. */
export const oldTimeZones: Readonly<Record<string, string>> = ${tableOf(lists.oldTimeZones)};

/** Those in UTF-8, by glibc's names. */
export const locales: readonly string[] = ${listOf(lists.locales)};

/** Users and groups that every Debian has. */
export const debianAccounts: readonly string[] = ${listOf(lists.debianAccounts)};
`;
}

function tableOf(table: ReadonlyMap<string, string>): string {
  const lines = [...table].map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`);
  return `{\n${lines.join("")}}`;
}

/** Several names a line. */
function listOf(names: readonly string[]): string {
  const perLine = 6;
  const starts = Array.from({ length: Math.ceil(names.length / perLine) }, (_, index) => index * perLine);
  const lines = starts.map((start) => names.slice(start, start + perLine).map((name) => JSON.stringify(name)));
  return `[\n${lines.map((line) => `  ${line.join(", ")},\n`).join("")}]`;
}
