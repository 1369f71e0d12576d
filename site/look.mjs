// npm run site:look [-- --base /PATH/]: opens each page of the built site in Debian's Chromium, light and dark, wide and
// narrow. What a reader would notice is an error; the pictures are in .cache/site-looks/.
import { globSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { serve } from "vitepress";
import { ensurePackages } from "../tools/setup/debian.mjs";

const directory = import.meta.dirname;
const pictures = path.resolve(directory, "../.cache/site-looks");
const { values } = parseArgs({ options: { base: { type: "string", default: "/" } } });
const port = 4173;
const address = `http://localhost:${port}${values.base}`;
const looks = [
  { width: 390, colorScheme: "light" },
  { width: 1280, colorScheme: "light" },
  { width: 1280, colorScheme: "dark" },
];

await ensurePackages({ isRoot: process.getuid() === 0, yes: false }, ["chromium", "fonts-dejavu-core"]);
const pages = globSync("**/*.html", { cwd: path.join(directory, "dist") }).sort();
if (pages.length === 0) throw new Error("there is no site; build it by `npm run site`");
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });
await serve({ root: directory, port, base: values.base });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
const problems = [];
for (const look of looks) problems.push(...(await lookAt(look)));
problems.push(...(await search()));
await browser.close();
for (const problem of new Set(problems)) console.error(problem);
console.log(`${pages.length} pages, ${looks.length} looks, ${problems.length} problems; pictures: ${pictures}`);
process.exit(problems.length === 0 ? 0 : 1);

/** @returns what is wrong in each page */
async function lookAt({ width, colorScheme }) {
  const found = [];
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  let name = "";
  const say = (text) => found.push(`${name} (${width}, ${colorScheme}): ${text}`);
  watch(page, say);
  for (name of pages) {
    await page.goto(address + name, { waitUntil: "networkidle" });
    for (const text of await page.evaluate(faults)) say(text);
    const file = `${name.replaceAll("/", "-").replace(".html", "")}-${width}-${colorScheme}.png`;
    await page.screenshot({ path: path.join(pictures, file), fullPage: true });
  }
  await page.close();
  return found;
}

function watch(page, say) {
  page.on("console", (message) => message.type() === "error" && say(message.text()));
  page.on("pageerror", (error) => say(error.message));
  page.on("requestfailed", (request) => say(`${request.url()} failed`));
  page.on("response", (response) => response.status() >= 400 && say(`${response.url()}: ${response.status()}`));
  page.on("request", (request) => {
    if (!/^(data:|http:\/\/localhost:)/.test(request.url())) say(`${request.url()} is of another server`);
  });
}

/** Runs in the page. */
function faults() {
  const { document, innerWidth } = globalThis;
  const wide = document.documentElement.scrollWidth > innerWidth ? ["the page is wider than the window"] : [];
  const empty = [...document.images]
    .filter((image) => image.naturalWidth === 0)
    .map(({ src }) => `${src} has no content`);
  const names = [...document.links].filter(({ href }) => href.includes("#")).flatMap(({ href }) => anchorFault(href));
  return [...wide, ...empty, ...names];

  function anchorFault(href) {
    const { pathname, hash } = new URL(href);
    const isHere = pathname === globalThis.location.pathname && hash !== "";
    return isHere && document.getElementById(decodeURIComponent(hash.slice(1))) === null ? [`there is no ${hash}`] : [];
  }
}

/** The search finds a resource's page, without any service. @returns what is wrong */
async function search() {
  const page = await browser.newPage();
  await page.goto(address, { waitUntil: "networkidle" });
  await page.locator(".VPNavBarSearch button").first().click();
  await page.locator("#localsearch-input").fill("StoragePool");
  const found = page.locator("#localsearch-list a[href*='storage-pool']").first();
  const wrong = await found.waitFor({ timeout: 60_000 }).then(
    () => [],
    ({ message }) => [`the search: ${message}`],
  );
  await page.close();
  return wrong;
}
