import { misspelt } from "../shared/misspelt";
import { choices } from "../../values/nearest";

/** A part of an expert recipe. */
interface Part {
  /** Its first words, for messages. */
  readonly name: string;
  /** Minimum, priority, maximum, and the file system of the partition's type. */
  readonly head: readonly string[];
  /** What stands in the braces after each key. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * What the installer would misread in an expert recipe: it reports none of it, and makes another layout.
 * @param recipe on one line
 * @param method of partitioning: regular, lvm, crypto or raid; undefined if it is unknown
 * @param group the volume group's name that the answers give, if any
 */
export function slipsInRecipe(recipe: string, method: string | undefined, group?: string): string[] {
  const words = recipe.split(/\s+/).filter((word) => word !== "");
  const start = words.findIndex((word) => word === "::" || word === ":");
  if (start === -1) return ['has no name, which " ::" ends; start it like "name :: 1024 1024 -1 ext4"'];
  const slips: string[] = [];
  const parts = partsOf(words.slice(start + 1), slips);
  for (const part of parts) checkPart(part, slips);
  if (slips.length === 0) checkWhole(parts, method, slips);
  if (slips.length === 0 && (method === "lvm" || method === "crypto")) checkVolumes(parts, group, slips);
  return slips;
}

function partsOf(words: readonly string[], slips: string[]): Part[] {
  const parts: Part[] = [];
  let rest = words;
  while (rest.length > 0) {
    const end = rest.indexOf(".");
    const own = end === -1 ? rest : rest.slice(0, end);
    const name = `the part "${own.slice(0, 4).join(" ")}"`;
    if (end === -1 && own.at(-1) !== "}.") slips.push(`${name} has no end; write " ." after its last brace`);
    parts.push({ name, head: own.slice(0, 4), values: valuesOf(own.slice(4), name, slips) });
    rest = end === -1 ? [] : rest.slice(end + 1);
  }
  return parts;
}

/** The words after the first four: `key{ value }`, each brace between spaces. */
function valuesOf(words: readonly string[], name: string, slips: string[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let open: { readonly key: string; readonly inner: string[] } | undefined;
  for (const [index, word] of words.entries()) {
    if (word === "}" && open !== undefined) {
      values.set(open.key, open.inner.join(" "));
      open = undefined;
    } else if (open !== undefined && !/[{}]/.test(word)) open.inner.push(word);
    else if (open === undefined && /^[^{}]+\{$/.test(word)) open = { key: word.slice(0, -1), inner: [] };
    else {
      slips.push(`${name}: ${slipOf(word, words[index + 1], open?.key)}`);
      return values;
    }
  }
  if (open !== undefined) slips.push(`${name}: the brace of "${open.key}{" is not closed; write " }"`);
  return values;
}

/** Why a word is none of the installer's, and what to write. */
function slipOf(word: string, next: string | undefined, open: string | undefined): string {
  if (word === "}.") return '"}." is one word; write a space between the brace and the dot';
  if (open !== undefined)
    return `"${open}{" is followed by "${word}"; write each brace between spaces, like "${open}{ … }"`;
  if (next === "{") return `a space stands between "${word}" and its brace; write "${word}{ … }"`;
  if (/^\d/.test(word)) return `"${word}" stands where a part is over; write " ." before it`;
  if (/[{}]/.test(word))
    return `"${word}" is not read; write each brace between spaces, like "${/^[^{}]*/.exec(word)?.[0] ?? ""}{ … }"`;
  return `"${word}" has no braces; write "${word}{ }"`;
}

const size = /^(?:\d+|\d+%|\d+\+\d+%)$/;
const partitionTypes: readonly string[] = [
  ...["ext2", "ext3", "ext4", "xfs", "jfs", "btrfs", "reiserfs", "fat16", "fat32", "linux-swap", "swap", "hfs", "ufs"],
  ...["ntfs", "nilfs2", "free", "raid", "lvm", "crypto", "efi", "biosgrub", "vfat", "$default_filesystem"],
];
const fileSystems: readonly string[] = [
  ...["ext2", "ext3", "ext4", "xfs", "jfs", "btrfs", "reiserfs", "fat16", "fat32", "ntfs", "nilfs2", "hfs", "ufs"],
];
const methods: readonly string[] = [
  ...["format", "swap", "lvm", "raid", "crypto", "efi", "biosgrub", "keep", "prep", "newworld", "palo"],
];
const keys: readonly string[] = [
  ...["method", "format", "use_filesystem", "filesystem", "mountpoint", "label", "options", "lv_name", "in_vg"],
  ...["vg_name", "device", "raidid", "$primary", "$bootable", "$lvmok", "$defaultignore", "$lvmignore", "$raidignore"],
  ...["$cryptoignore", "$iflabel", "$reusemethod", "$default_filesystem", "$reuse", "$logical", "$gptonly"],
];

function checkPart({ name, head, values }: Part, slips: string[]): void {
  const [minimum = "", priority = "", maximum = "", type = ""] = head;
  const say = (what: string) => slips.push(`${name}: ${what}`);
  if (head.length < 4) {
    say("must start with a minimum, a priority, a maximum and a type");
    return;
  }
  for (const [what, text] of [
    ["minimum", minimum],
    ["priority", priority],
  ] as const)
    if (!size.test(text) && !(what === "priority" && text === "-1"))
      say(`"${text}" is not a ${what}; write megabytes without a unit, such as 1024, or a percentage of the memory`);
  if (maximum !== "-1" && !size.test(maximum))
    say(
      `"${maximum}" is not a maximum; write megabytes without a unit, a percentage of the memory, or -1 for no limit`,
    );
  else if (Number(maximum) >= 0 && Number(maximum) < Number(minimum))
    say(`the maximum ${maximum} is less than the minimum ${minimum}`);
  if (!partitionTypes.includes(type)) say(`"${type}" is not a type; ${choices("there are", type, partitionTypes)}`);
  checkChoice("filesystem", fileSystems);
  checkChoice("method", methods);
  const [slip] = misspelt(
    [...values.keys()].map((key) => key.replace(/\/.*/, "")),
    keys,
  );
  if (slip !== undefined) say(`${slip.key}: ${slip.message}`);
  if (values.get("method") === "swap" && values.has("mountpoint"))
    say("swap has no mount point; remove mountpoint{ … }");

  function checkChoice(key: string, allowed: readonly string[]): void {
    const value = values.get(key);
    if (value !== undefined && !allowed.includes(value))
      say(`"${value}" is not a ${key}; ${choices("there are", value, allowed)}`);
  }
}

/** Whether the installer leaves a part out under some condition, so that another one may stand for it. */
function isConditional({ values }: Part): boolean {
  return [...values.keys()].some((key) => key === "$iflabel" || key.endsWith("ignore"));
}

function checkWhole(parts: readonly Part[], method: string | undefined, slips: string[]): void {
  const places = parts.flatMap((part) => {
    const place = part.values.get("mountpoint");
    return place === undefined ? [] : [{ part, place }];
  });
  const always = places.filter(({ part }) => !isConditional(part)).map(({ place }) => place);
  const twice = always.find((place, index) => always.indexOf(place) < index);
  if (twice !== undefined) slips.push(`two parts have the mount point ${twice}`);
  // The file systems of arrays are in partman-auto-raid/recipe.
  const hasArrays = method === "raid" || parts.some(({ values }) => values.get("method") === "raid");
  if (!hasArrays && !places.some(({ place }) => place === "/"))
    slips.push("no part has the mount point of the root; write mountpoint{ / } in one of them");
  const volume = parts.find(({ values }) => values.has("lv_name") || values.has("in_vg"));
  if (method === "regular" && volume !== undefined)
    slips.push(`${volume.name} is a logical volume, and the method of partitioning is regular; take the method lvm`);
}

/** What the installer asks about while it makes volume groups. */
function checkVolumes(parts: readonly Part[], group: string | undefined, slips: string[]): void {
  const volumes = parts.filter(({ values }) => values.has("$lvmok"));
  if (volumes.length === 0) slips.push("no part is a logical volume; write $lvmok{ } in those that are");
  const groups = [group, ...parts.map(({ values }) => values.get("vg_name"))];
  for (const { name, values } of volumes) {
    const own = values.get("in_vg");
    if (own !== undefined && !groups.includes(own)) {
      slips.push(
        `${name} is in the volume group "${own}", which no part makes; add one with method{ lvm } vg_name{ ${own} }`,
      );
      return;
    }
    if (values.get("mountpoint") === "/boot")
      slips.push(`${name} is /boot as a logical volume, which the installer asks about; remove $lvmok{ } from it`);
  }
}
