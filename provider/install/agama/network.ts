import { isIP } from "node:net";
import { parseCidr4 } from "../../values/ip";
import { addressingOf, bondOptionsOf } from "../shared/links";
import type { Bond, NetworkInterface, NetworkOptions } from "../shared/network";
import type { KeyfileAdditions } from "../shared/network-manager";

/** A connection as NetworkManager will have it; without any, Agama keeps what the installer has: DHCP on all interfaces. */
export function connectionsOf({ interfaces }: NetworkOptions) {
  return interfaces.map((one, index) => connectionOf(one, index, interfaces));
}

/** Agama's connections have no routes. */
export function additionsTo({ interfaces }: NetworkOptions): KeyfileAdditions[] {
  return interfaces.map((one, index) => ({ connection: idOf(one, index), routes: one.routes }));
}

function idOf({ name }: NetworkInterface, index: number): string {
  return name ?? `kvm-deploy-${index}`;
}

function connectionOf(one: NetworkInterface, index: number, interfaces: readonly NetworkInterface[]) {
  const { name, mac, addresses, gateway, gateway6, dns, search, mtu, vlan, bond, bridge } = one;
  const isMade = vlan !== undefined || bond !== undefined || bridge !== undefined;
  return {
    id: idOf(one, index),
    ...(name === undefined ? {} : { interface: name }),
    ...(mac === undefined || isMade ? {} : { macAddress: mac }),
    ...methodsOf(one, interfaces),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(gateway === undefined ? {} : { gateway4: gateway }),
    ...(gateway6 === undefined ? {} : { gateway6 }),
    ...(dns.length === 0 ? {} : { nameservers: dns }),
    ...(search.length === 0 ? {} : { dnsSearchlist: search }),
    ...(mtu === undefined ? {} : { mtu }),
    ...(vlan === undefined ? {} : { vlan: { id: vlan.id, parent: vlan.link } }),
    ...(bond === undefined ? {} : { bond: bondOf(bond) }),
    ...(bridge === undefined ? {} : { bridge: { stp: bridge.stp, ports: bridge.interfaces } }),
    status: "up",
  };
}

function methodsOf(one: NetworkInterface, interfaces: readonly NetworkInterface[]) {
  const { ipv4, acceptRa } = addressingOf(one, interfaces);
  const has6 = one.addresses.some((address) => parseCidr4(address) === undefined);
  return {
    method4: ipv4 === "static" ? "manual" : ipv4 === "none" && !isAsked4(one) ? "disabled" : "auto",
    method6: has6 && acceptRa !== true ? "manual" : acceptRa === false ? "disabled" : "auto",
  };
}

function bondOf(bond: Bond) {
  const options = bondOptionsOf(bond).map(({ name, value }) => `${name}=${value}`);
  return {
    mode: bond.mode,
    ...(options.length === 0 ? {} : { options: options.join(" ") }),
    ports: bond.interfaces,
  };
}

/** Agama gives NetworkManager search domains and name servers for IPv4, too, which it refuses where IPv4 is off. */
function isAsked4({ dns, search }: NetworkInterface): boolean {
  return search.length > 0 || dns.some((server) => isIP(server) === 4);
}
