import type { Libvirt } from "../../libvirt/client";
import type { MachineInputs } from "./schema";

/** The known IPv4 address of each NIC: the fixed one, else the one that DHCP gave last. Never waits. */
export function addressesOf(
  libvirt: Libvirt,
  { nics }: Pick<MachineInputs, "nics">,
  macs: readonly string[],
): Promise<(string | undefined)[]> {
  return Promise.all(
    nics.map(async ({ network, address }, index) => address ?? leasedAddress(libvirt, network, macs[index] ?? "")),
  );
}

async function leasedAddress(libvirt: Libvirt, network: string | undefined, mac: string): Promise<string | undefined> {
  if (network === undefined) return undefined;
  const entry = await libvirt.find("network", network);
  if (entry === undefined || !(await libvirt.isActive("network", entry.uuid))) return undefined;
  return (await libvirt.leases(entry.uuid)).findLast((lease) => lease.mac === mac)?.address;
}
