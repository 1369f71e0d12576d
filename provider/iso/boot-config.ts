import { joinArguments } from "../format/kernel-arguments";
import { KvmError } from "../values/errors";

/** What the one entry of a boot menu starts; paths in the ISO without a leading slash. */
export interface BootEntry {
  readonly kernel: string;
  /** Loaded one behind the other. */
  readonly initrds: readonly string[];
  /** Kernel arguments, one each. */
  readonly args: readonly string[];
  /** A file that only this ISO has: GRUB finds its medium by it. */
  readonly landmark: string;
}

/** isolinux and syslinux take all that follows `append` as it is. */
export function renderIsolinux({ kernel, initrds, args }: BootEntry): string {
  const images = initrds.map((initrd) => `/${initrd}`).join(",");
  return [
    "serial 0 115200",
    "default install",
    "prompt 0",
    "timeout 1",
    "label install",
    `  kernel /${kernel}`,
    `  append initrd=${images} ${joinArguments(args)}`,
    "",
  ].join("\n");
}

/**
 * GRUB itself puts an argument with a blank into double quotes.
 * @param replaced the menu whose place it takes: some GRUBs boot from UEFI by commands of their own only
 */
export function renderGrub({ kernel, initrds, args, landmark }: BootEntry, replaced = ""): string {
  const suffix = /^\s*linuxefi\s/m.test(replaced) ? "efi" : "";
  const images = initrds.map((initrd) => quoteGrub(`/${initrd}`)).join(" ");
  return [
    searchFor(landmark),
    "serial --unit=0 --speed=115200",
    "terminal_input serial console",
    "terminal_output serial console",
    "set timeout=0",
    "menuentry 'install' {",
    `  linux${suffix} ${quoteGrub(`/${kernel}`)} ${args.map(quoteGrub).join(" ")}`,
    `  initrd${suffix} ${images}`,
    "}",
    "",
  ].join("\n");
}

/** For a place that has no room for all: reads the menu that lies on the medium with the landmark. */
export function renderGrubPointer(menu: string, landmark: string): string {
  return `${searchFor(landmark)}\nconfigfile ($root)${quoteGrub(`/${menu}`)}\n`;
}

function searchFor(landmark: string): string {
  return `search --no-floppy --file ${quoteGrub(`/${landmark}`)} --set=root`;
}

/** Without quotes GRUB ends the line at `;`, expands `$` and drops backslashes. */
export function quoteGrub(word: string): string {
  if (/[\r\n\0]/.test(word)) {
    throw new KvmError("invalid-input", "a boot menu can't hold a value with a line break", {
      remedy: "Give the kernel arguments one by one",
    });
  }
  if (/^[A-Za-z0-9/_.,:=+@%-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
