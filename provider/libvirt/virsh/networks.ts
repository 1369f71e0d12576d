import type { Lease, NetworkVerbs } from "../client";
import type { Virsh } from "./call";
import { lines } from "./output";

export function networkVerbs({ read, callWithXml }: Virsh, isActive: (uuid: string) => Promise<boolean>): NetworkVerbs {
  return {
    updateNetwork: async (uuid, { command, section, xml, parentIndex }, scope = "both") => {
      const isRunning = scope === "live" || (await isActive(uuid));
      const flags = [...(isRunning ? ["--live"] : []), ...(scope === "both" ? ["--config"] : [])];
      const parent = parentIndex === undefined ? [] : ["--parent-index", String(parentIndex)];
      await callWithXml(xml, (file) => ["net-update", uuid, command, section, file, ...parent, ...flags]);
    },
    networkPorts: async (uuid) => lines(await read(["net-port-list", uuid])),
    leases: async (uuid) => lines(await read(["net-dhcp-leases", uuid])).flatMap(parseLease),
  };
}

function parseLease(line: string): Lease[] {
  const [, mac, address] = /\s((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\s+ipv4\s+([\d.]+)\//.exec(` ${line}`) ?? [];
  return mac === undefined || address === undefined ? [] : [{ mac, address }];
}
