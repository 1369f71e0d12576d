import {
  at,
  inside,
  type Place,
  type Places,
  presence,
  read,
  sizeAt,
  sizeIn,
  withoutDefaults,
} from "../../../format/place";
import { attributeOf, el, type Element, find, textOf } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";

type Memory = Pick<MachineInputs, "memory" | "maxMemory">;
type Vcpus = Pick<MachineInputs, "vcpus" | "maxVcpus">;
type Backing = NonNullable<MachineInputs["memoryBacking"]>;

/** libvirt calls memory what a machine could have, and currentMemory what it has. */
export function memoryXml({ memory, maxMemory }: Memory): Element[] {
  const sized = (name: string, size: typeof memory) => find(sizeAt(name).write(el("domain"), size), name);
  return [sized("memory", maxMemory ?? memory), sized("currentMemory", memory)].filter((each) => each !== undefined);
}

export function readMemory(domain: Element, asked: Memory): Memory {
  const most = sizeAt("memory").read(domain) ?? asked.memory;
  const memory = sizeAt("currentMemory").read(domain) ?? most;
  return withoutDefaults({ memory, maxMemory: most }, { ...asked, memory }, { maxMemory: memory });
}

export function vcpuXml({ vcpus, maxVcpus = vcpus }: Vcpus): Element {
  return el("vcpu", { placement: "static", current: maxVcpus === vcpus ? undefined : vcpus }, String(maxVcpus));
}

export function readVcpus(domain: Element, asked: Vcpus): Vcpus {
  const maxVcpus = Number(textOf(domain, "vcpu") ?? asked.vcpus);
  const vcpus = Number(attributeOf(domain, "vcpu", "current") ?? maxVcpus);
  return withoutDefaults({ vcpus, maxVcpus }, { ...asked, vcpus }, { maxVcpus: vcpus });
}

/** What is shared has to lie in a file; memfd is one that lies in memory. */
const shared: Place<boolean> = {
  write: (element, value) =>
    value ? at("access/@mode").write(at("source/@type").write(element, "memfd"), "shared") : element,
  read: (element) => attributeOf(element, "access", "mode") === "shared",
};

const places: Places<Backing> = {
  hugepages: at("hugepages/page/@size", sizeIn(1024)),
  shared,
  locked: presence("locked"),
};

export function memoryBackingXml({ memoryBacking }: Pick<MachineInputs, "memoryBacking">): Element | undefined {
  const domain = memoryBacking && inside("memoryBacking", places).write(el("domain"), memoryBacking);
  return find(domain, "memoryBacking");
}

export function readMemoryBacking(domain: Element, asked: Backing | undefined): Backing | undefined {
  const seen = read(find(domain, "memoryBacking") ?? el("memoryBacking"), places) as Backing;
  const isPlain = seen.hugepages === undefined && !seen.shared && !seen.locked;
  return asked === undefined && isPlain ? undefined : seen;
}
