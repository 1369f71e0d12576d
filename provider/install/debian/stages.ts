/** Items of the installer's main menu, as its log names them, and what they are to the user. */
const stages: ReadonlyMap<string, string> = new Map(
  Object.entries({
    localechooser: "hardware and network",
    "hw-detect": "hardware and network",
    "cdrom-detect": "hardware and network",
    "load-cdrom": "hardware and network",
    ethdetect: "hardware and network",
    netcfg: "hardware and network",
    "choose-mirror": "hardware and network",
    "download-installer": "hardware and network",
    "disk-detect": "partitioning",
    "partman-base": "partitioning",
    "bootstrap-base": "base system",
    "base-installer": "base system",
    "apt-setup-udeb": "packages",
    pkgsel: "packages",
    "grub-installer": "boot loader",
    "finish-install": "finishing",
  }),
);

/** `… main-menu[192]: INFO: Menu item 'partman-base' selected` */
export function stageOfLine(line: string): string | undefined {
  const item = /\bmain-menu\[\d+\]: .*\bMenu item '([^']+)' selected/.exec(line)?.[1];
  return item === undefined ? undefined : stages.get(item);
}
