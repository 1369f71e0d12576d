import type { Host } from "../../../resource/host";
import type { DhcpHost } from "./dhcp";

/** What is noted of a network's reservations: what each machine is to have. */
export async function wishesIn({ ledger }: Pick<Host, "ledger">, network: string): Promise<DhcpHost[]> {
  const names = (await ledger.names("reservation")).filter((name) => name.startsWith(`${network}/`));
  const wishes = names.map(async (name) => {
    const address = (await ledger.entry("reservation", name))?.thing;
    return address === undefined ? [] : [{ mac: name.slice(network.length + 1), address }];
  });
  return (await Promise.all(wishes)).flat();
}

/** In the ledger. */
export function nameOf(network: string, mac: string): string {
  return `${network}/${mac}`;
}
