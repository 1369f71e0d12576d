import { keyboardOf, nameOfKeyboard } from "../shared/names/keyboard";
import { countryOf, localeOf } from "../shared/names/locale";
import { timeZoneOf } from "../shared/names/time-zone";
import { hasVolumes, isMirrored } from "../shared/disk";
import { neededPackages } from "../shared/packages";
import { usesTpm } from "../shared/unlock/options";
import type { SystemOptions } from "../shared/system";
import { installersNetwork } from "./network";
import { describedRecipe, isDescribed, isNamed, onOneLine, raidRecipe } from "./recipe";
import type { DebianOptions } from "./schema";

/** What the installer asks for in another form than the options have; the table's paths reach it as `derived.…`. */
export function derivedFrom(system: SystemOptions, own: DebianOptions): Readonly<Record<string, unknown>> {
  const { network, mirror, disk, locale, keyboard, timezone } = system;
  return {
    locale: localeOf(locale),
    // On a serial console the installer knows no language but English: of another's locale alone it would ask for both.
    country: countryOf(locale) ?? "US",
    keyboard: nameOfKeyboard(keyboardOf(keyboard)),
    timezone: timeZoneOf(timezone),
    network: installersNetwork(network),
    mirror: mirror === undefined ? null : mirrorParts(mirror),
    repositories: repositoriesOf(system, own),
    disk: {
      devices: disk.devices ?? [],
      method: methodOf(disk),
      hasLvm: hasVolumes(disk),
      isRaid: isMirrored(disk),
    },
    recipe: recipeOf(system, own),
    packages: packagesOf(system),
  };
}

/** Beside the archive itself: whoever gives a mirror may have nothing else in reach. */
export function repositoriesOf({ mirror }: SystemOptions, { repositories }: DebianOptions): readonly string[] {
  return repositories ?? (mirror === undefined ? ["security", "updates"] : []);
}

const methods = {
  ...{ whole: "regular", lvm: "lvm", encrypted: "crypto", custom: "regular" },
  ...{ raid1: "raid", "raid1-lvm": "raid" },
} as const;

/** How the installer's partitioning names the layout. */
export function methodOf({ layout }: Pick<SystemOptions["disk"], "layout">): string {
  return methods[layout];
}

function recipeOf({ disk }: SystemOptions, { recipe }: DebianOptions) {
  if (isNamed(recipe) && isDescribed(disk)) return { isNamed: false, text: describedRecipe(disk) };
  if (disk.layout === "raid1" && isNamed(recipe)) return { isNamed: false, text: raidRecipe };
  return { isNamed: isNamed(recipe), text: onOneLine(recipe) };
}

function mirrorParts(mirror: string) {
  const { protocol, host, pathname } = new URL(mirror);
  return { protocol: protocol.slice(0, -1), host, directory: pathname.replace(/(.)\/+$/, "$1") };
}

/** dbus: without it logind doesn't start, and a request to power off is never answered. */
function packagesOf(system: SystemOptions): readonly string[] {
  return [
    ...new Set([
      "dbus",
      ...neededPackages(system, { timeService: "systemd-timesyncd", kind: "apt" }),
      ...unlockPackages(system),
      ...system.packages,
    ]),
  ];
}

function unlockPackages({ disk }: SystemOptions): readonly string[] {
  if (disk.unlock === undefined) return [];
  return ["clevis-luks", "clevis-initramfs", ...(usesTpm(disk) ? ["clevis-tpm2"] : [])];
}
