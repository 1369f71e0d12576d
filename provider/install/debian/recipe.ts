import {
  fileSystemsOf,
  type FileSystem,
  hasSizes,
  hasVolumes,
  isMirrored,
  swapMebibytes,
  type DiskOptions,
} from "../shared/disk";

const namedRecipes: readonly string[] = ["atomic", "home", "multi"];

/**
 * The installer has no recipe of its own for RAID. The array's part comes first, so that it has the number 1 with either
 * kind of partition table; with GPT, a part for UEFI follows.
 */
export const raidRecipe = [
  "raid1 ::",
  "2048 10000 -1 raid $primary{ } method{ raid } .",
  "768 788 1024 free $primary{ } $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .",
].join(" ");

/** With UEFI, and what GRUB needs on a GPT with BIOS. The other kind of partition table has neither. */
const firmwareParts = [
  "1 1 1 free $iflabel{ gpt } $reusemethod{ } method{ biosgrub } .",
  "768 788 1024 free $primary{ } $iflabel{ gpt } $reusemethod{ } method{ efi } format{ } .",
];

/** Of the installer's own recipes: by the memory. */
const usualSwap = "500 550 100%";

/** Minimum, priority and maximum, in megabytes; the least is what a base system needs. */
const growing = "1000 10000 -1";

/** Whether the options describe file systems that the installer's own recipes don't have. */
export function isDescribed(disk: DiskOptions): boolean {
  return hasSizes(disk) || disk.layout === "raid1-lvm";
}

/** The file systems that the options describe, where the installer's own recipes don't: an expert recipe for the layout. */
export function describedRecipe(disk: DiskOptions): string {
  return ["described ::", ...(hasVolumes(disk) ? volumeParts(disk) : plainParts(disk))].join(" ");
}

function plainParts(disk: DiskOptions): string[] {
  return [...firmwareParts, ...swapParts(disk, ""), ...fileSystemsOf(disk).map((one) => fileSystemPart(one, ""))];
}

/** Members of arrays come first, so that they have the numbers 1 and 2 with either kind of partition table. */
function volumeParts(disk: DiskOptions): string[] {
  const outside = isMirrored(disk)
    ? [
        "768 788 1024 raid $lvmignore{ } $primary{ } method{ raid } .",
        "2000 10000 -1 raid $lvmignore{ } $primary{ } method{ raid } .",
        ...firmwareParts,
      ]
    : [
        ...firmwareParts,
        "768 788 1024 ext4 $primary{ } $bootable{ } method{ format } format{ } use_filesystem{ } filesystem{ ext4 } mountpoint{ /boot } .",
        `2000 10000 -1 ext4 $primary{ } method{ ${disk.layout === "encrypted" ? "crypto" : "lvm"} } .`,
      ];
  // What is for volumes only must not be made on each member of an array as well.
  const tags = isMirrored(disk) ? "$defaultignore{ } $lvmok{ } " : "$lvmok{ } ";
  return [
    ...outside,
    ...swapParts(disk, `${tags}lv_name{ swap } `),
    ...fileSystemsOf(disk).map((one) => fileSystemPart(one, `${tags}lv_name{ ${one.name} } `)),
  ];
}

function swapParts(disk: DiskOptions, tags: string): string[] {
  const swap = swapMebibytes(disk);
  if (swap === false) return [];
  return [`${swap === undefined ? usualSwap : fixed(swap)} linux-swap ${tags}method{ swap } format{ } .`];
}

function fileSystemPart({ path, mebibytes, kind = "ext4" }: FileSystem, tags: string): string {
  const primary = path === "/" && tags === "" ? "$primary{ } $bootable{ } " : "";
  const size = mebibytes === undefined ? growing : fixed(mebibytes);
  return `${size} ${kind} ${primary}${tags}method{ format } format{ } use_filesystem{ } filesystem{ ${kind} } mountpoint{ ${path} } .`;
}

function fixed(mebibytes: number): string {
  const megabytes = Math.ceil((mebibytes * 2 ** 20) / 1e6);
  return `${megabytes} ${megabytes} ${megabytes}`;
}

export function isNamed(recipe: string): boolean {
  return namedRecipes.includes(recipe);
}

export function isRecipe(text: string): boolean {
  return isNamed(text) || text.includes("::");
}

/** A recipe may be written on several lines, with comments, and with the backslashes that a preseed file needs. */
export function onOneLine(recipe: string): string {
  return recipe
    .split(/\\?\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*/, "").trim())
    .filter((line) => line !== "")
    .join(" ");
}

/** The parts of an expert recipe, each of which ends with a dot of its own. */
export function partsOf(recipe: string): string[] {
  const [, ...parts] = onOneLine(recipe).split("::");
  return parts
    .join("::")
    .split(/\s\.(?:\s|$)/)
    .filter((part) => part.trim() !== "");
}
