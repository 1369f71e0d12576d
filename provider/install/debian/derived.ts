import { netmaskOf, parseCidr } from "../../scalars";
import { namedRecipes } from "./rules";
import type { DebianOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(options: DebianOptions): Readonly<Record<string, unknown>> {
  const { network, mirror, disk, locale } = options;
  return {
    isPlainLocale: locale === "C" || locale.startsWith("C."),
    network: network === undefined ? null : networkParts(network.address),
    mirror: mirror === undefined ? null : mirrorParts(mirror),
    repositories: repositoriesOf(options),
    disk: { isNamed: namedRecipes.includes(disk.recipe), recipe: onOneLine(disk.recipe), isLvm: disk.method === "lvm" },
    packages: packagesOf(options),
  };
}

function networkParts(text: string) {
  const [address] = text.split("/");
  return { address, netmask: netmaskOf(parseCidr(text)?.prefix ?? 32) };
}

function mirrorParts(mirror: string) {
  const { protocol, host, pathname } = new URL(mirror);
  return { protocol: protocol.slice(0, -1), host, directory: pathname.replace(/(.)\/+$/, "$1") };
}

function repositoriesOf({ repositories, mirror }: DebianOptions): readonly string[] {
  return repositories ?? (mirror === undefined ? ["security", "updates"] : []);
}

/** dbus: without it logind doesn't start, and a request to power off is never answered. */
function packagesOf({ packages, users }: DebianOptions): readonly string[] {
  const sudo = users.some((user) => user.sudo) ? ["sudo"] : [];
  return [...new Set(["dbus", ...sudo, ...packages])];
}

/** A recipe may be written on several lines, also with the backslashes that a preseed file needs. */
function onOneLine(recipe: string): string {
  return recipe
    .split(/\\?\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join(" ");
}
