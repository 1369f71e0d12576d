import { isIP } from "node:net";
import { parseCidr4 } from "../../values/ip";
import type { NetworkInterface } from "../shared/network";

/** A connection as NetworkManager will have it; without any, Agama keeps what the installer has: DHCP on all interfaces. */
export function connectionOf(one: NetworkInterface, index: number) {
  const { name, mac, addresses, gateway, gateway6, dns, search, vlan, bond } = one;
  const isMade = vlan !== undefined || bond !== undefined;
  const has4 = addresses.some((address) => parseCidr4(address) !== undefined);
  const has6 = addresses.some((address) => parseCidr4(address) === undefined);
  return {
    id: name ?? `kvm-deploy-${index}`,
    ...(name === undefined ? {} : { interface: name }),
    ...(mac === undefined || isMade ? {} : { macAddress: mac }),
    method4: has4 ? "manual" : has6 && !isAsked4(one) ? "disabled" : "auto",
    method6: has6 ? "manual" : "auto",
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(gateway === undefined ? {} : { gateway4: gateway }),
    ...(gateway6 === undefined ? {} : { gateway6 }),
    ...(dns.length === 0 ? {} : { nameservers: dns }),
    ...(search.length === 0 ? {} : { dnsSearchlist: search }),
    ...(vlan === undefined ? {} : { vlan: { id: vlan.id, parent: vlan.link } }),
    ...(bond === undefined ? {} : { bond: { mode: bond.mode, ports: bond.interfaces } }),
    status: "up",
  };
}

/** Agama gives NetworkManager search domains and name servers for IPv4, too, which it refuses where IPv4 is off. */
function isAsked4({ dns, search }: NetworkInterface): boolean {
  return search.length > 0 || dns.some((server) => isIP(server) === 4);
}
