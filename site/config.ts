import { cpSync } from "node:fs";
import path from "node:path";
import { slug } from "github-slugger";
import type MarkdownIt from "markdown-it";
import type { StateCore } from "markdown-it";
import { copyOf, isPage, linkOf, placeOf, root, sidebar } from "./pages";

/** Files that pages link to, which are no pages. */
const copied = new Set<string>();

/** VitePress's configuration. */
export const config = {
  title: "kvm-deploy",
  description: "Virtual machines on KVM hosts from a distribution's installer ISO, as Pulumi resources",
  // Without one, browsers ask the server for it.
  head: [["link", { rel: "icon", href: "data:," }]],
  srcDir: "..",
  outDir: "dist",
  cacheDir: "../.cache/site",
  srcExclude: [".*/**", "bench/**", "release/**", "site/**", "test/**", "tools/**", "README.md"],
  rewrites: (file: string) => (isPage(file) ? placeOf(file) : file),
  markdown: { anchor: { slugify: slug }, config: (md: MarkdownIt) => md.core.ruler.push("links", toSite) },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: "local" },
    docFooter: { prev: false, next: false },
  },
  buildEnd: ({ outDir }: { readonly outDir: string }) => {
    for (const file of copied) cpSync(path.join(root, file), path.join(outDir, copyOf(file)));
  },
};

/** Links in the files are those between files, so that they work in a checkout, too. */
function toSite({ tokens, env }: StateCore): void {
  const { path: indexed, realPath = indexed } = env as { readonly path: string; readonly realPath?: string };
  const page = path.relative(root, realPath);
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    // Vue would evaluate the braces of templates.
    if (token.type === "code_inline") token.attrSet("v-pre", "");
    const written = token.type === "link_open" ? token.attrGet("href") : null;
    if (written === null) continue;
    const { href, copied: file } = linkOf(page, written);
    if (file !== undefined) copied.add(file);
    token.attrSet("href", href);
  }
}
