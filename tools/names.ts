/**
 * Makes provider/install/shared/names/lists.gen.ts: the names that the distributions themselves know of keyboards, time zones,
 * locales and accounts. They are read from Debian's packages, by this machine's sources of apt.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { openApt } from "./debian-media/apt";
import { field } from "./debian-media/deb822";
import { run } from "./debian-media/run";
import { accountsOf } from "./names/accounts";
import { consoleKeymapsOf, layoutsOf, offeredIn } from "./names/keyboards";
import { localesOf } from "./names/locales";
import { renderLists } from "./names/render";
import { timeZonesOf } from "./names/time-zones";

const root = path.dirname(__dirname);
const target = path.join(root, "provider/install/shared/names/lists.gen.ts");

const packages = [
  ...["base-passwd", "keyboard-configuration", "locales", "systemd", "tzdata", "tzdata-legacy", "xkb-data"],
];

async function main(): Promise<void> {
  const cache = path.join(root, ".cache/names");
  await mkdir(cache, { recursive: true });
  const apt = await openApt(cache);
  const archives = await apt.download(...packages);
  const entries = await apt.show(packages);
  const versions = entries.map((entry) => `${field(entry, "Package")} ${field(entry, "Version")}`).sort();
  const work = await mkdtemp(path.join(cache, "unpacked-"));
  try {
    for (const [index, name] of packages.entries())
      await run("dpkg-deb", ["--raw-extract", archives[index] ?? "", path.join(work, name)]);
    await writeFile(target, await listsIn(work, versions));
  } finally {
    await rm(work, { recursive: true });
  }
}

async function listsIn(work: string, versions: readonly string[]): Promise<string> {
  const share = (name: string, file = "") => path.join(work, name, "usr/share", file);
  const read = (name: string, file: string) => readFile(share(name, file), "utf8");
  const offered = await readFile(path.join(work, "keyboard-configuration/DEBIAN/templates"), "utf8");
  const layouts = layoutsOf(await read("xkb-data", "X11/xkb/rules/base.lst"));
  return renderLists(versions, {
    layouts,
    debianKeyboards: offeredIn(offered),
    consoleKeymaps: consoleKeymapsOf(await read("systemd", "systemd/kbd-model-map"), layouts),
    ...(await timeZonesOf(share("tzdata", "zoneinfo"), share("tzdata-legacy", "zoneinfo"))),
    locales: localesOf(await read("locales", "i18n/SUPPORTED")),
    debianAccounts: accountsOf(
      await read("base-passwd", "base-passwd/passwd.master"),
      await read("base-passwd", "base-passwd/group.master"),
    ),
  });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
