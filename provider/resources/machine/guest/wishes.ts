import type { Host } from "../../../resource/host";
import type { DhcpHost } from "./dhcp";

/** The recorded reservations of a network: each machine's desired address. */
export async function wishesIn({ ledger }: Pick<Host, "ledger">, network: string): Promise<DhcpHost[]> {
  const names = (await ledger.names("reservation")).filter((name) => name.startsWith(`${network}/`));
  const wishes = names.map(async (name) => {
    const address = (await ledger.entry("reservation", name))?.thing;
    return address === undefined ? [] : [{ mac: name.slice(network.length + 1), address }];
  });
  return (await Promise.all(wishes)).flat();
}

/** The key in the ledger. */
export function nameOf(network: string, mac: string): string {
  return `${network}/${mac}`;
}
