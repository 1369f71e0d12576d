import { parse, textOf } from "../../format/xml";
import { formatSize } from "../../values/units";
import { inputsOfCommand } from "./commands";
import { type Fact, factsOf, withInstaller } from "./facts";
import { networkOf } from "./network";
import type { Old } from "./shape";
import { filled, loseLine, pairNamed, type Path, type Tree } from "./tree";

type Entries = Record<string, Readonly<Record<string, unknown>>>;

/** A machine with what it needs, in the sections of the new form. */
export interface Part {
  readonly sections: Readonly<Record<string, Entries>>;
  /** The places in the old configuration from which new values come. */
  readonly origins: readonly (readonly [to: Path, from: Path])[];
  /** The machine's key. */
  readonly key: string;
}

export function machineOf(tree: Tree, { vm }: Old): Part {
  const { name, mem, cpus } = factsOf(
    tree,
    "virsh/vm",
    { name: "config.vm.name", mem: "config.vm.mem", cpus: "config.vm.cpus" },
    withInstaller,
  );
  const key = name.value;
  const disks = vm.disk.map((_, index) => diskOf(tree, index));
  const nics = vm.nic.map((nic, index) => {
    const inputs = inputsOfCommand(tree, "nic", index);
    const where = nic.net.type === "bridge" ? { bridge: nic.net.name } : { network: nic.net.name };
    // The tool reached the machine by its first NIC.
    return { ...where, ...(index === 0 ? { address: nic.ip } : {}), ...inputs };
  });
  const networks: Entries = {};
  for (const [index, nic] of vm.nic.entries()) {
    const inputs = nic.net.type === "network" ? networkOf(tree, index, nic) : undefined;
    if (inputs !== undefined) networks[nic.net.name] ??= inputs;
  }
  const machine = {
    memory: `${mem.value}MiB`,
    vcpus: /^\d+$/.test(cpus.value) ? Number(cpus.value) : cpus.value,
    disks: disks.map(({ volume, inputs }) => ({ volume, ...inputs })),
    nics,
    installer: key,
    ...inputsOfCommand(tree, "vm"),
  };
  return {
    key,
    sections: {
      networks,
      pools: Object.fromEntries(disks.map(({ pool }) => [pool.value, poolOf(tree, pool.value)])),
      volumes: Object.fromEntries(disks.map(({ volume, entry }) => [volume, entry])),
      machines: { [key]: machine },
    },
    origins: [
      [["machines", key], name.at],
      [["machines", key, "memory"], mem.at],
      [["machines", key, "vcpus"], cpus.at],
      ...vm.nic.flatMap(({ net }, index) => [
        [
          ["machines", key, "nics", index],
          ["vm", "nic", index],
        ] as const,
        [
          ["machines", key, "nics", index, "address"],
          ["vm", "nic", index, "ip"],
        ] as const,
        [
          ["machines", key, "nics", index, net.type],
          ["vm", "nic", index, "net", "name"],
        ] as const,
        [
          ["networks", net.name],
          ["vm", "nic", index, "net"],
        ] as const,
      ]),
      ...disks.flatMap(({ volume, pool, origins }, index) => [
        [
          ["machines", key, "disks", index],
          ["vm", "disk", index],
        ] as const,
        [["pools", pool.value], pool.at] as const,
        ...origins.map(([field, at]) => [["volumes", volume, ...field], at] as const),
      ]),
    ],
  };
}

interface Disk {
  readonly volume: string;
  readonly pool: Fact;
  readonly entry: Entries[string];
  readonly inputs: Entries[string];
  readonly origins: readonly (readonly [field: Path, at: Path])[];
}

function diskOf(tree: Tree, index: number): Disk {
  const at = (key: string) => `config.vm.disk[${index}].${key}`;
  const usual = { name: at("name"), pool: at("pool"), format: at("format"), size: at("size") };
  const facts = factsOf(tree, "virsh/disk", usual, (expression) => expression.replaceAll("INDEX", String(index)));
  const { name, pool, format, size } = facts;
  inputsOfCommand(tree, "image", index);
  return {
    volume: name.value,
    pool,
    entry: { pool: pool.value, format: format.value, size: sizeOf(size.value) },
    inputs: inputsOfCommand(tree, "disk", index),
    origins: [
      [[], name.at],
      [["format"], format.at],
      [["size"], size.at],
    ],
  };
}

/** libvirt's and qemu-img's sizes: bytes, or with K, M, G and so on; only `KB`, `MB` are powers of 1000. */
function sizeOf(text: string): string {
  const [, count, unit = "", suffix = ""] = /^(\d+)([kKMGTPE]?)(i?B|b)?$/.exec(text) ?? [];
  if (count === undefined) return text;
  const power = unit === "" ? 0 : "KMGTPE".indexOf(unit.toUpperCase()) + 1;
  return formatSize(Number(count) * (suffix === "B" && unit !== "" ? 1000 : 1024) ** power);
}

/** A pool that the tool created where it was missing. */
function poolOf(tree: Tree, name: string): Entries[string] {
  const usual = `/var/lib/libvirt/images/${name}`;
  const pair = pairNamed(tree, "virsh/pool");
  if (pair === undefined) return { path: usual, shared: true };
  const { text } = filled(tree, pair, { config: { pool: { name, path: usual } } }, (expression) =>
    expression === "name" || expression === "path" ? `config.pool.${expression}` : expression,
  );
  const root = parse(text);
  if (root.attributes["type"] !== "dir")
    loseLine(tree, pair.template, 1, 'only pools of the type "dir" can be carried over; create the pool by hand');
  return { path: textOf(root, "target/path") ?? usual, shared: true };
}
