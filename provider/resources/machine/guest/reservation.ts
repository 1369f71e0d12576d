import type { MachineNic } from "../schema/machine";
import type { DhcpHost } from "./dhcp";

export interface Addressed {
  readonly nics: readonly Pick<MachineNic, "network" | "address">[];
}

/** A machine's DHCP host in a network: the machine gets its fixed address by DHCP or configures it itself. */
export interface Reservation extends DhcpHost {
  readonly network: string;
  /** Path of the address in the inputs. */
  readonly property: string;
}

export function reservationsOf({ nics }: Addressed, macs: readonly string[]): Reservation[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined || address === undefined
      ? []
      : [{ network, address, mac: macs[index] ?? "", property: `nics[${index}].address` }],
  );
}

/**
 * The addresses that a machine may have. If a refresh has removed a NIC's address from the state, the recorded one
 * counts.
 */
export function mayBeReserved({ nics }: Addressed, macs: readonly string[]): Releasable[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined ? [] : [{ network, address, mac: macs[index] ?? "" }],
  );
}

/** `address` is undefined if only the record has it. */
export type Releasable = Pick<Reservation, "network" | "mac"> & { readonly address: string | undefined };
