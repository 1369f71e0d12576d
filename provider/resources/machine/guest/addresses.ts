import { isIP } from "node:net";
import { attributeOf, type Element, textOf } from "../../../format/xml";
import type { Lease, Libvirt } from "../../../libvirt/client";
import { devicesOf } from "../../../libvirt/domain";
import type { Host } from "../../../resource/host";
import { KvmError } from "../../../values/errors";
import type { Actual } from "../schema/actual";
import type { MachineInputs, MachineNic } from "../schema/machine";

/**
 * The known addresses, those of IPv4 first, each in the order of the NICs: a NIC's fixed address, else its last one
 * from DHCP, else that from the guest agent, else that from the host's ARP table. Never waits.
 */
export async function addressesOf(
  host: Host,
  { nics }: Pick<MachineInputs, "nics">,
  { macAddresses: macs, live }: Pick<Actual, "macAddresses" | "live">,
): Promise<string[]> {
  const given = await Promise.all(nics.map((nic, index) => givenTo(nic, macs[index] ?? "", host.libvirt)));
  const isMissing = live !== undefined && given.some((addresses) => addresses.length === 0);
  const reported = isMissing ? [await agentAddresses(host.libvirt, live), await arpAddresses(host)] : [];
  const all = given.flatMap((addresses, index) => {
    const sources = [addresses, ...reported.map((leases) => addressesFor(leases, macs[index] ?? ""))];
    return sources.find((source) => source.length > 0) ?? [];
  });
  return [...new Set([4, 6].flatMap((version) => all.filter((address) => isIP(address) === version)))];
}

async function givenTo({ network, address }: MachineNic, mac: string, libvirt: Libvirt): Promise<readonly string[]> {
  if (address !== undefined) return [address];
  if (network === undefined) return [];
  const entry = await libvirt.find("network", network);
  if (entry?.isActive !== true) return [];
  const leased = addressesFor(await libvirt.leases(entry.uuid), mac);
  return [4, 6].flatMap((version) => leased.findLast((lease) => isIP(lease) === version) ?? []);
}

function addressesFor(leases: readonly Lease[], desired: string): string[] {
  return leases.flatMap(({ mac, address }) => (mac === desired && !isLinkLocal(address) ? [address] : []));
}

function isLinkLocal(address: string): boolean {
  return /^(169\.254\.|fe[89ab]|127\.|::1$)/i.test(address);
}

/** Only a connected agent is asked. One that hangs nevertheless gives no addresses. */
async function agentAddresses(libvirt: Libvirt, live: Element): Promise<readonly Lease[]> {
  const isConnected = devicesOf(live).some(
    (device) =>
      attributeOf(device, "target", "name") === "org.qemu.guest_agent.0" &&
      attributeOf(device, "target", "state") === "connected",
  );
  if (!isConnected) return [];
  try {
    return await libvirt.agentAddresses(textOf(live, "uuid") ?? "");
  } catch (error) {
    if (error instanceof KvmError) return [];
    throw error;
  }
}

/** The kernel's own table needs no process: one process of libvirt for each machine would make a refresh slow. */
async function arpAddresses({ files }: Host): Promise<readonly Lease[]> {
  return parseArp((await files.readTextIfPresent("/proc/net/arp")) ?? "");
}

/** Lines of `IP address`, `HW type`, `Flags`, `HW address`, `Mask` and `Device`. */
export function parseArp(table: string): Lease[] {
  return table.split("\n").flatMap((line) => {
    const [address = "", , , mac = ""] = line.split(/\s+/);
    return isIP(address) === 4 ? [{ mac: mac.toLowerCase(), address }] : [];
  });
}
