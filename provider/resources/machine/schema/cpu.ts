import { z } from "zod";
import { formatCpuList, parseCpuList } from "../../../values/cpu-list";
import { memorySize } from "./memory";

const count = z.int().min(1).max(512);

const topology = z.strictObject({
  sockets: count.default(1).meta({ description: "Sockets of the board.", sets: "cpu/topology/@sockets" }),
  dies: count.default(1).meta({ description: "Dies of each socket.", sets: "cpu/topology/@dies" }),
  cores: count.default(1).meta({ description: "Cores of each die.", sets: "cpu/topology/@cores" }),
  threads: count.default(1).meta({ description: "Threads of each core.", sets: "cpu/topology/@threads" }),
});

const feature = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, {
      error: (issue) => `"${String(issue.input)}" is not a CPU feature; write it as libvirt does, such as "vmx"`,
    })
    .meta({ description: "Name of the feature, as libvirt writes it.", sets: "cpu/feature/@name" }),
  policy: z.enum(["force", "require", "optional", "disable", "forbid"]).default("require").meta({
    description: "Whether the guest has it: always, if the host has it, or never.",
    sets: "cpu/feature/@policy",
  }),
});

export const cpu = z.strictObject({
  mode: z.enum(["host-model", "host-passthrough", "maximum", "custom"]).optional().meta({
    description:
      "The guest's CPU: one like the host's, the host's own, everything that the hypervisor supports, or the `model`. Default: host-model with kvm; with emulation the hypervisor's own choice.",
    sets: "cpu/@mode",
  }),
  model: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Model with mode custom, such as `Skylake-Server`.", sets: "cpu/model" }),
  topology: topology.optional().meta({
    description:
      "Arrangement of the virtual CPUs in sockets, dies, cores and threads. Default: each in its own socket.",
    sets: "cpu/topology",
  }),
  features: z.array(feature).default([]).meta({ description: "Single features, on or off.", sets: "cpu/feature" }),
});

const cpuList = z.string().transform((text, context) => {
  const numbers = parseCpuList(text);
  if (numbers !== undefined) return formatCpuList(numbers);
  context.addIssue(`"${text}" is not a list of numbers; write it like "0-3,6"`);
  return z.NEVER;
});

const cell = z.strictObject({
  cpus: cpuList.meta({ description: "Virtual CPUs of the node, such as `0-3,6`.", sets: "cpu/numa/cell/@cpus" }),
  memory: memorySize.meta({ description: "Memory of the node.", sets: "cpu/numa/cell/@memory" }),
});

export const numa = z.strictObject({
  cells: z.array(cell).default([]).meta({
    description: "The guest's NUMA nodes; together they have all its virtual CPUs and memory.",
    sets: "cpu/numa/cell",
  }),
  hostNodes: cpuList.optional().meta({
    description: "NUMA nodes of the host for the memory, such as `0`. Default: the host decides.",
    sets: "numatune/memory/@nodeset",
  }),
  mode: z.enum(["strict", "preferred", "interleave"]).optional().meta({
    description: "How strictly the memory is taken from `hostNodes`. Default: strict.",
    sets: "numatune/memory/@mode",
  }),
});
