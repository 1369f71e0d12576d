import { parseCpuList } from "../../../libvirt/cpu-list";
import { formatSize, parseSize } from "../../../libvirt/units";
import type { Candidate, Report } from "./candidate";

export function processorRules({ vcpus, maxVcpus = vcpus, cpu, ...machine }: Candidate, report: Report): void {
  if (maxVcpus < vcpus) report(["maxVcpus"], `${maxVcpus} is less than vcpus, ${vcpus}; raise it or leave it out`);
  const { sockets, dies, cores, threads } = cpu?.topology ?? { sockets: maxVcpus, dies: 1, cores: 1, threads: 1 };
  const count = sockets * dies * cores * threads;
  if (count !== maxVcpus)
    report(
      ["cpu", "topology"],
      `gives ${count} CPUs, but the machine has ${maxVcpus}; sockets × dies × cores × threads must be that number`,
    );
  if (cpu?.mode === "custom" && cpu.model === undefined)
    report(["cpu", "model"], 'is missing: mode "custom" needs one, such as "Skylake-Server"');
  if (cpu?.model !== undefined && cpu.mode !== "custom")
    report(["cpu", "model"], 'can only be set with mode "custom"; leave it out or change the mode');
  memoryRules(machine, maxVcpus, report);
}

function memoryRules(
  { memory, maxMemory = memory, numa, firmware, secureBoot }: Pick<Candidate, MemoryKeys>,
  vcpus: number,
  report: Report,
): void {
  const most = parseSize(maxMemory) ?? 0;
  if (most < (parseSize(memory) ?? 0))
    report(["maxMemory"], `${maxMemory} is less than memory, ${memory}; raise it or leave it out`);
  if (secureBoot && firmware !== "uefi") report(["secureBoot"], 'needs firmware "uefi"; set that, or leave this out');
  if (numa?.mode !== undefined && numa.hostNodes === undefined)
    report(["numa", "mode"], "needs hostNodes; add them or leave this out");
  if (numa === undefined || numa.cells.length === 0) return;
  const sum = numa.cells.reduce((bytes, cell) => bytes + (parseSize(cell.memory) ?? 0), 0);
  if (sum !== most) report(["numa", "cells"], `have ${formatSize(sum)} of memory, but the machine has ${maxMemory}`);
  const cpus = numa.cells.flatMap((cell) => parseCpuList(cell.cpus) ?? []).sort((one, other) => one - other);
  if (cpus.length !== vcpus || cpus.some((cpu, index) => cpu !== index))
    report(["numa", "cells"], `must have each of the CPUs 0 to ${vcpus - 1} once, but have ${cpus.join(", ")}`);
}

type MemoryKeys = "memory" | "maxMemory" | "numa" | "firmware" | "secureBoot";
