import { type Rule, within } from "../../../resource/rules";
import { parseCpuList } from "../../../values/cpu-list";
import { formatSize, parseSize } from "../../../values/units";
import type { MachineInputs } from "../schema/machine";

const mostCpus = (machine: MachineInputs) => machine.maxVcpus ?? machine.vcpus;
const mostMemory = (machine: MachineInputs) => machine.maxMemory ?? machine.memory;
const bytesOf = (size: string) => parseSize(size) ?? 0;

export const processorRules: readonly Rule<MachineInputs, MachineInputs>[] = [
  ({ vcpus, maxVcpus = vcpus }, report) => {
    if (maxVcpus < vcpus) report(["maxVcpus"], `${maxVcpus} is less than vcpus, ${vcpus}; raise it or remove it`);
  },
  within(
    "cpu",
    ({ topology }, report, machine) => {
      if (topology === undefined) return;
      const { sockets, dies, cores, threads } = topology;
      const [count, most] = [sockets * dies * cores * threads, mostCpus(machine)];
      if (count !== most)
        report(
          ["topology"],
          `gives ${count} CPUs, but the machine has ${most}; sockets × dies × cores × threads must be ${most}`,
        );
    },
    ({ mode, model }, report) => {
      if (mode === "custom" && model === undefined)
        report(["model"], 'is missing: mode "custom" needs one, such as "Skylake-Server"');
    },
    ({ mode, model }, report) => {
      if (model !== undefined && mode !== "custom")
        report(["model"], 'can only be set with mode "custom"; remove it or change the mode');
    },
  ),
  ({ memory, maxMemory = memory }, report) => {
    if (bytesOf(maxMemory) < bytesOf(memory))
      report(["maxMemory"], `${maxMemory} is less than memory, ${memory}; raise it or remove it`);
  },
  ({ secureBoot, firmware }, report) => {
    if (secureBoot && firmware !== "uefi") report(["secureBoot"], 'needs firmware "uefi"; set that, or remove this');
  },
  within(
    "numa",
    ({ mode, hostNodes }, report) => {
      if (mode !== undefined && hostNodes === undefined) report(["mode"], "needs hostNodes; add them or remove this");
    },
    ({ cells }, report, machine) => {
      if (cells.length === 0) return;
      const [sum, most] = [cells.reduce((bytes, cell) => bytes + bytesOf(cell.memory), 0), mostMemory(machine)];
      if (sum !== bytesOf(most)) report(["cells"], `have ${formatSize(sum)} of memory, but the machine has ${most}`);
    },
    ({ cells }, report, machine) => {
      if (cells.length === 0) return;
      const cpus = cells.flatMap((cell) => parseCpuList(cell.cpus) ?? []).sort((one, other) => one - other);
      const most = mostCpus(machine);
      if (cpus.length !== most || cpus.some((cpu, index) => cpu !== index))
        report(["cells"], `must have each of the CPUs 0 to ${most - 1} once, but have ${cpus.join(", ")}`);
    },
  ),
];
