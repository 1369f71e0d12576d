import type { MachineNic } from "../schema/machine";
import type { DhcpHost } from "./dhcp";

export interface Addressed {
  readonly nics: readonly Pick<MachineNic, "network" | "address">[];
}

/** A DHCP host that a machine has in a network: it gets its fixed address whether it asks or is configured with it. */
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

/** What a machine may have: of a NIC whose address the state has lost by a refresh, what is noted of it. */
export function mayBeReserved({ nics }: Addressed, macs: readonly string[]): Releasable[] {
  return nics.flatMap(({ network, address }, index) =>
    network === undefined ? [] : [{ network, address, mac: macs[index] ?? "" }],
  );
}

/** `address` is undefined where only what is noted tells it. */
export type Releasable = Pick<Reservation, "network" | "mac"> & { readonly address: string | undefined };
