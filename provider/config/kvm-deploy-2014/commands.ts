import { dataOf, withInstaller } from "./facts";
import { filled, loseLine, note, type Pair, pairNamed, type Tree } from "./tree";

/** An option of a command line that a template of 2014 gives. */
interface Option {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

type Inputs = Readonly<Record<string, unknown>>;

/** What an option becomes in our inputs; undefined if it can't be carried over. */
type Carried = (value: string) => Inputs | undefined;

/** What the configuration says anyway, and what only concerns the installation or virt-install itself. */
const nothing: Carried = () => ({});

function each(names: string, carried: Carried): Record<string, Carried> {
  return Object.fromEntries(names.split(" ").map((name) => [name, carried]));
}

const ofMachine: Readonly<Record<string, Carried>> = {
  ...each("n name r ram memory vcpus c cdrom l location os-type os-variant accelerate v hvm x extra-args", nothing),
  ...each("noautoconsole wait noreboot q quiet d debug f force prompt check-cpu console serial nographics", nothing),
  connect: (value) => (value === "qemu:///system" ? {} : undefined),
  "virt-type": (value) => (value === "kvm" ? {} : undefined),
  autostart: () => ({ autostart: true }),
  vnc: () => ({ graphics: { type: "vnc" } }),
  graphics: (value) => {
    const { "": type, listen, ...rest } = parts(value);
    if (Object.keys(rest).length > 0) return undefined;
    if (type === "none") return {};
    return type === "vnc" || type === "spice" ? { graphics: { type, ...given({ listen }) } } : undefined;
  },
};

const ofDisk: Readonly<Record<string, Carried>> = {
  disk: (value) => {
    const { bus, cache, io, ...rest } = parts(value);
    const known = ["", "vol", "path", "pool", "size", "format", "device", "sparse"];
    const isKnown = Object.keys(rest).every((key) => known.includes(key)) && (rest["device"] ?? "disk") === "disk";
    return isKnown ? given({ bus, cache, io }) : undefined;
  },
};

const ofNic: Readonly<Record<string, Carried>> = {
  ...each("network w", (value) => {
    const { model, mac, ...rest } = parts(value);
    const isKnown = Object.keys(rest).every((key) => ["", "network", "bridge"].includes(key));
    return isKnown ? given({ model, mac }) : undefined;
  }),
};

const ofImage: Readonly<Record<string, Carried>> = each("pool name capacity format allocation f", nothing);

const commands = {
  vm: ["virsh/vm", ofMachine],
  disk: ["virsh/vm/disk", ofDisk],
  nic: ["virsh/vm/nic", ofNic],
  image: ["virsh/disk", ofImage],
} as const;

/** The inputs that follow from the options of a command line. @param index of the disk or NIC */
export function inputsOfCommand(tree: Tree, command: keyof typeof commands, index = 0): Inputs {
  const [name, table] = commands[command];
  const pair = pairNamed(tree, name);
  if (pair === undefined) return {};
  return optionsIn(tree, pair, index).reduce<Inputs>((inputs, option) => {
    const carried = Object.hasOwn(table, option.name) ? table[option.name]?.(option.value) : undefined;
    if (carried !== undefined) return { ...inputs, ...carried };
    if (index === 0) loseLine(tree, pair.template, option.line, cannot(option));
    return inputs;
  }, {});
}

function cannot({ name, value }: Option): string {
  const text = `${name.length === 1 ? "-" : "--"}${name}${value === "" ? "" : ` ${value}`}`;
  return `${text} can't be carried over; remove it here. In the new form, the machine's own inputs say such things`;
}

function optionsIn(tree: Tree, pair: Pair, index: number): Option[] {
  const { text } = filled(tree, pair, dataOf(tree), (expression) =>
    withInstaller(expression.replaceAll("INDEX", String(index))),
  );
  const words = (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replaceAll(/["']/g, ""));
  const rows = pair.template.text.split("\n");
  return words.flatMap((word, at) => {
    const [, name, inline] = /^--?([A-Za-z][\w-]*)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) return [];
    const next = words[at + 1] ?? "";
    // The command's lines are joined; the template still has the option in its own line.
    const line = Math.max(1, rows.findIndex((row) => row.includes(`-${name}`)) + 1);
    return [{ name, value: inline ?? (next.startsWith("-") ? "" : next), line }];
  });
}

/** `vnc,listen=::1` is `{"": "vnc", listen: "::1"}`. */
function parts(value: string): Record<string, string> {
  const pairs = value.split(",").map((part) => {
    const [, key = "", text = part] = /^([^=]*)=(.*)$/.exec(part) ?? [];
    return [key, text];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

function given(values: Readonly<Record<string, string | undefined>>): Inputs {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What the tool did for every machine, and kvm-deploy does not. */
export function noteHabits(tree: Tree): void {
  note(
    tree,
    ["vm"],
    "the boot loader of the new system waits as long as the distribution has it wait; 2014 set 0 seconds",
  );
}
