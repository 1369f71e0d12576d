import type { Lease, NetworkUpdate, NetworkVerbs } from "../client";
import type { Virsh } from "./call";
import { lines } from "./output";

export function networkVerbs(
  { read, readIfPresent, callWithXml }: Virsh,
  isActive: (uuid: string) => Promise<boolean>,
): NetworkVerbs {
  const update = async (uuid: string, { command, section, xml, parentIndex }: NetworkUpdate, flags: string[]) => {
    const parent = parentIndex === undefined ? [] : ["--parent-index", String(parentIndex)];
    await callWithXml(xml, (file) => ["net-update", uuid, command, section, file, ...parent, ...flags]);
  };
  const inForce = (uuid: string, change: NetworkUpdate) => update(uuid, change, ["--live"]);
  return {
    updateNetwork: async (uuid, change, scope = "both") => {
      if (scope === "live") return inForce(uuid, change);
      if (await isActive(uuid)) {
        try {
          await update(uuid, change, ["--live", "--config"]);
          return;
        } catch (failure) {
          // If the network was stopped, neither was changed.
          if (await isActive(uuid)) throw failure;
        }
      }
      await update(uuid, change, ["--config"]);
      // If the network was started: a start after the change applies it already, so the live change fails.
      if (await isActive(uuid)) await inForce(uuid, change).catch(() => undefined);
    },
    startTransient: async (xml) => {
      await callWithXml(xml, (file) => ["net-create", file, "--validate"]);
    },
    networkPorts: async (uuid) => lines((await readIfPresent(["net-port-list", uuid], () => isActive(uuid))) ?? ""),
    leases: async (uuid) => lines(await read(["net-dhcp-leases", uuid])).flatMap(parseLease),
  };
}

/**
 * Expiry, MAC address, protocol, address with prefix length, host name, and the client's id, which for IPv6 is a DUID.
 * A dash replaces a MAC address that dnsmasq doesn't know; the DUID may contain it.
 */
export function parseLease(line: string): Lease[] {
  const fields = /^\S+ \S+\s+(\S+)\s+ipv[46]\s+([0-9a-f.:]+)\/\d+\s+\S+\s+(\S+)/.exec(line.trim());
  const [, reported = "", address = "", client = ""] = fields ?? [];
  const mac = macPattern.test(reported) ? reported : macIn(client);
  return mac === undefined ? [] : [{ mac, address }];
}

const macPattern = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;

/**
 * Two kinds of DUIDs end in a MAC address of Ethernet: link-layer address plus time (1), and link-layer address (3).
 */
function macIn(duid: string): string | undefined {
  return /^00:(?:01:00:01(?::[0-9a-f]{2}){4}|03:00:01):((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/.exec(duid)?.[1];
}
