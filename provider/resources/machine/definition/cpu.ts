import { at, inside, number, type Places, read, sizeIn, withoutDefaults, write } from "../../../format/place";
import { attributeOf, childrenOf, el, type Element, find } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { typeIn } from "./board";
import { append, type Part } from "./part";

type DomainType = NonNullable<MachineInputs["domainType"]>;
type Cpu = NonNullable<MachineInputs["cpu"]>;
type Numa = NonNullable<MachineInputs["numa"]>;

const cpuPlaces: Places<Omit<Cpu, "features">> = {
  mode: at("@mode"),
  model: at("model"),
  topology: inside("topology", {
    sockets: at("@sockets", number),
    dies: at("@dies", number),
    cores: at("@cores", number),
    threads: at("@threads", number),
  }),
};

const featurePlaces: Places<Cpu["features"][number]> = { name: at("@name"), policy: at("@policy") };

const cellPlaces: Places<Numa["cells"][number]> = { cpus: at("@cpus"), memory: at("@memory", sizeIn(1024)) };

export const cpu: Part<Cpu | undefined> = {
  write: (domain, value, { inputs, actual }) => append(domain, cpuXml(value, inputs.numa, actual.domainType)),
  read: (domain, asked) => readCpu(domain, asked, typeIn(domain)),
  known: {
    cpu: { kind: ({ attributes }) => attributes["mode"] },
    // Of the firmware, too.
    feature: { key: ({ attributes }) => attributes["name"] },
  },
};

/** The nodes of the guest are the CPU's. */
export const numa: Part<Numa | undefined> = {
  write: (domain, value) => append(domain, numatuneXml(value)),
  read: readNuma,
  known: { cell: { key: ({ attributes }) => attributes["id"] } },
};

/** Emulation has a CPU model of its own that is faster than an imitation of the host's, but knows no other features. */
function modeOf(cpu: Cpu | undefined, type: DomainType): Cpu["mode"] {
  if (cpu?.mode !== undefined || type === "kvm") return cpu?.mode ?? "host-model";
  return cpu !== undefined && cpu.features.length > 0 ? "maximum" : undefined;
}

/** Undefined where nothing is said of the CPU, and libvirt chooses. */
function cpuXml(cpu: Cpu | undefined, numa: Numa | undefined, type: DomainType): Element | undefined {
  const mode = modeOf(cpu, type);
  const written = write(el("cpu", { mode }), cpuPlaces, { ...cpu, mode });
  const features = cpu?.features.map((feature) => write(el("feature"), featurePlaces, feature)) ?? [];
  const cells = numa?.cells.map((cell, id) => write(el("cell", { id, unit: "KiB" }), cellPlaces, cell)) ?? [];
  const children = [...features, ...(cells.length === 0 ? [] : [el("numa", {}, ...cells)])];
  if (mode === undefined && written.children.length + children.length === 0) return undefined;
  return { ...written, children: [...written.children, ...children] };
}

function readCpu(domain: Element, asked: Cpu | undefined, type: DomainType): Cpu | undefined {
  const cpu = find(domain, "cpu") ?? el("cpu");
  const seen = { ...read(cpu, cpuPlaces), features: childrenOf(cpu, "feature").map(readFeature) };
  const mode = modeOf(asked, type);
  // What libvirt writes where it chooses itself.
  const expected = mode === undefined ? ({ mode: "custom", model: "qemu64" } as const) : { mode };
  const told = withoutDefaults<Cpu>(seen, asked, { ...expected, features: [] });
  return asked === undefined && Object.keys(told).length === 0 ? undefined : { ...told, features: seen.features };
}

function readFeature(feature: Element): Cpu["features"][number] {
  return read(feature, featurePlaces) as Cpu["features"][number];
}

function numatuneXml(numa: Numa | undefined): Element | undefined {
  if (numa?.hostNodes === undefined) return undefined;
  return el("numatune", {}, el("memory", { mode: numa.mode ?? "strict", nodeset: numa.hostNodes }));
}

function readNuma(domain: Element, asked: Numa | undefined): Numa | undefined {
  const cells = childrenOf(find(domain, "cpu/numa"), "cell").map((cell) => read(cell, cellPlaces));
  const seen = {
    cells: cells as Numa["cells"],
    hostNodes: attributeOf(domain, "numatune/memory", "nodeset"),
    mode: attributeOf(domain, "numatune/memory", "mode") as Numa["mode"],
  };
  if (asked === undefined && cells.length === 0 && seen.hostNodes === undefined) return undefined;
  return { ...withoutDefaults<Numa>(seen, asked, { mode: "strict" }), cells: seen.cells };
}
