import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "..");

/** The files that are pages of the site. README.md is not: on the site, docs/index.md is the first page. */
const pages = ["docs/**/*.md", "examples/*/README.md", "provider/install/*/README.md", "CHANGELOG.md", "DESIGN.md"];

interface Group {
  readonly text: string;
  /** Patterns of files. The first group that names a page has it. */
  readonly files: readonly string[];
}

/** The navigation: within a group in the order of the patterns, then of the names. */
const groups: readonly Group[] = [
  { text: "Start", files: ["docs/first-machine.md", "docs/concepts.md", "docs/install.md", "docs/comparison.md"] },
  { text: "How to", files: ["docs/how-to/README.md", "docs/how-to/*.md"] },
  {
    text: "Use",
    files: ["docs/configuration.md", "docs/command.md", "docs/troubleshooting.md", "docs/!(development|figures).md"],
  },
  { text: "Reference", files: ["docs/reference/README.md", "docs/reference/*.md"] },
  { text: "Installers", files: ["provider/install/*/README.md"] },
  { text: "Examples", files: ["examples/*/README.md"] },
  { text: "Project", files: ["docs/development.md", "docs/figures.md", "CHANGELOG.md", "DESIGN.md"] },
];
const home = "docs/index.md";

export interface SidebarGroup {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

export function isPage(file: string): boolean {
  return pages.some((pattern) => path.matchesGlob(file, pattern));
}

/** The place of a page on the site: docs/reference/README.md is reference/index.md. */
export function placeOf(file: string): string {
  return file.replace(/^docs\//, "").replace(/(^|\/)README\.md$/, "$1index.md");
}

/** All pages except the first one, by groups. */
export function sidebar(): SidebarGroup[] {
  const left = new Set(globSync(pages, { cwd: root }).sort());
  left.delete(home);
  return groups.flatMap(({ text, files }) => {
    const own = files.flatMap((pattern) =>
      [...left].filter((file) => path.matchesGlob(file, pattern) && left.delete(file)),
    );
    return own.length === 0 ? [] : [{ text, items: own.map(itemOf) }];
  });
}

function itemOf(file: string): SidebarGroup["items"][number] {
  return { text: titleOf(file), link: `/${placeOf(file)}` };
}

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(path.join(root, file), "utf8"))?.[1]?.replaceAll("`", "") ?? file;
}

/** Where a link of a page leads on the site. A file that is no page is served as text. */
export function linkOf(page: string, href: string): { readonly href: string; readonly copied?: string } {
  if (/^([a-z]+:|#)/i.test(href)) return { href };
  const [, target = "", anchor = ""] = /^([^#]*)(.*)$/.exec(href) ?? [];
  const file = path.join(path.dirname(page), decodeURI(target));
  const readme = path.join(file, "README.md");
  if (isPage(readme) && existsSync(path.join(root, readme))) return { href: `/${placeOf(readme)}${anchor}` };
  if (isPage(file)) return { href: `/${placeOf(file)}${anchor}` };
  return { href: `/${copyOf(file)}`, copied: file };
}

/** The place of a file that is no page. By their own names, browsers would show some files, and keep others. */
export function copyOf(file: string): string {
  return `files/${file}.txt`;
}
