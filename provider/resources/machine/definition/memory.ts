import { at, inside, number, type Place, presence, sizeAt, sizeIn } from "../../../format/place";
import { attributeOf } from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { optional, type Part } from "./part";

type Size = MachineInputs["memory"];
type Backing = NonNullable<MachineInputs["memoryBacking"]>;

/** libvirt calls memory what a machine could have, and currentMemory what it has. */
const [mostMemory, currentMemory] = [sizeAt("memory"), sizeAt("currentMemory")];

export const maxMemory: Part<Size | undefined> = {
  write: (domain, value, { inputs }) => mostMemory.write(domain, value ?? inputs.memory),
  read: (domain, asked, { inputs }) => {
    const most = mostMemory.read(domain) ?? inputs.memory;
    return asked === undefined && most === (currentMemory.read(domain) ?? most) ? undefined : most;
  },
};

export const memory: Part<Size> = {
  write: currentMemory.write,
  read: (domain, asked) => currentMemory.read(domain) ?? mostMemory.read(domain) ?? asked,
};

const [mostVcpus, currentVcpus] = [at("vcpu", number), at("vcpu/@current", number)];

export const maxVcpus: Part<number | undefined> = {
  write: (domain, value, { inputs }) =>
    at("vcpu/@placement").write(mostVcpus.write(domain, value ?? inputs.vcpus), "static"),
  read: (domain, asked, { inputs }) => {
    const most = mostVcpus.read(domain) ?? inputs.vcpus;
    return asked === undefined && most === (currentVcpus.read(domain) ?? most) ? undefined : most;
  },
};

export const vcpus: Part<number> = {
  write: (domain, value, { inputs: { maxVcpus: most = value } }) =>
    most === value ? domain : currentVcpus.write(domain, value),
  read: (domain, asked) => currentVcpus.read(domain) ?? mostVcpus.read(domain) ?? asked,
};

/** What is shared has to lie in a file; memfd is one that lies in memory. */
const shared: Place<boolean> = {
  write: (element, value) =>
    value ? at("access/@mode").write(at("source/@type").write(element, "memfd"), "shared") : element,
  read: (element) => attributeOf(element, "access", "mode") === "shared",
};

const backing = inside<Backing>("memoryBacking", {
  hugepages: at("hugepages/page/@size", sizeIn(1024)),
  shared,
  locked: presence("locked"),
});

const plainBacking: Backing = { shared: false, locked: false };

export const memoryBacking: Part<Backing | undefined> = {
  write: optional(backing).write,
  read: (domain, asked) => {
    const seen = backing.read(domain) ?? plainBacking;
    const isPlain = seen.hugepages === undefined && !seen.shared && !seen.locked;
    return asked === undefined && isPlain ? undefined : seen;
  },
};
