import { own } from "../../values/keys";

interface Slip {
  /** Of the command in the list. */
  readonly index: number;
  readonly message: string;
}

interface Partitioning {
  readonly slips: readonly Slip[];
  /** Whether it may boot by UEFI; also where it makes no partition itself. */
  readonly bootsByUefi: boolean;
}

/** A command's options by their names, and its other words. */
function parse(words: readonly string[]) {
  const options: Record<string, string> = {};
  const plain: string[] = [];
  for (const word of words.slice(1)) {
    const [, name, value = ""] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) plain.push(word);
    else options[name] = value;
  }
  return { name: words[0] ?? "", option: (name: string) => own(options, name), plain };
}

type Parsed = ReturnType<typeof parse>;

/** Commands that name members, and the prefix of these. */
const memberPrefix: Readonly<Record<string, string>> = { raid: "raid.", volgroup: "pv.", btrfs: "btrfs." };
const memberNames = /^(?:raid|pv|btrfs)\.\S+$/;

/**
 * References between the commands of a kickstart file that lead to nothing: pykickstart reads each command by itself, and
 * Anaconda finds them when the installation runs. @param commands the words of each
 */
export function slipsInPartitioning(commands: readonly (readonly string[])[]): Partitioning {
  const slips: Slip[] = [];
  const parsed = commands.map(parse);
  const made = new Set(
    parsed.flatMap(({ name, plain }) => {
      if (name === "raid") return plain.filter((word) => memberNames.test(word) && !word.startsWith("raid."));
      return isPart(name) ? plain.filter((word) => memberNames.test(word)) : [];
    }),
  );
  // A value that stands after its option as a word of its own is among them, too.
  const groups = new Set(parsed.flatMap(({ name, plain }) => (name === "volgroup" ? plain : [])));
  const used = new Map<string, number>();
  const places = new Map<string, number>();
  parsed.forEach((command, index) => {
    const say = (message: string) => slips.push({ index, message });
    for (const member of membersOf(command)) {
      if (!made.has(member)) say(`${command.name} names ${member}, which no command makes; add \`part ${member} …\``);
      else if (used.has(member)) say(`${command.name} names ${member}, which another command has already`);
      used.set(member, index);
    }
    const group = command.name === "logvol" ? command.option("vgname") : undefined;
    if (group !== undefined && group !== "" && !groups.has(group) && command.option("useexisting") === undefined)
      say(`logvol names the volume group "${group}", which no command makes; add \`volgroup ${group} …\``);
    const place = placeOf(command);
    if (place !== undefined && places.has(place)) say(`the mount point ${place} is given twice`);
    if (place !== undefined) places.set(place, index);
  });
  const makesDisks = places.size > 0 && !parsed.some(({ name }) => name === "autopart" || name === "mount");
  const last = parsed.length - 1;
  if (makesDisks && !places.has("/"))
    slips.push({ index: Math.max(...places.values(), 0), message: "no command makes the root; add one for /" });
  return { slips, bootsByUefi: last < 0 || !makesDisks || places.has("/boot/efi") || hasReqpart(parsed) };
}

function hasReqpart(parsed: readonly Parsed[]): boolean {
  return parsed.some(({ name, option }) => name === "reqpart" || option("fstype") === "efi");
}

function isPart(name: string): boolean {
  return name === "part" || name === "partition";
}

/** What an array, a volume group or a file system over several partitions is made of. */
function membersOf({ name, plain, option }: Parsed): readonly string[] {
  const prefix = own(memberPrefix, name);
  if (prefix === undefined || option("useexisting") !== undefined || option("noformat") !== undefined) return [];
  return plain.filter((word) => word.startsWith(prefix));
}

function placeOf({ name, plain }: Parsed): string | undefined {
  if (!isPart(name) && !["raid", "logvol", "btrfs"].includes(name)) return undefined;
  return plain.find((word) => word.startsWith("/") && !word.startsWith("/dev/"));
}
