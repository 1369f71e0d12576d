import { netmaskOf, parseCidr4 } from "../../values/ip";
import type { AddedFile } from "../family";
import type { NetworkInterface, NetworkOptions } from "../shared/network";

/** The installer itself configures the first interface, with one address of IPv4. */
export function installersNetwork(network: NetworkOptions | undefined) {
  const first = network?.interfaces[0];
  const { own } = addressesOf(first);
  const [address] = own?.split("/") ?? [];
  return {
    interface: first?.name ?? "auto",
    address: address ?? null,
    netmask: own === undefined ? null : netmaskOf(parseCidr4(own)?.prefix ?? 32),
    gateway: first?.gateway ?? "",
    nameservers: first?.dns ?? [],
  };
}

/** Files of the new system in addition to the installer's own: further addresses and interfaces, and where short names are looked up. */
export function networkFiles(network: NetworkOptions | undefined): AddedFile[] {
  const [first, ...others] = network?.interfaces ?? [];
  const stanzas = [...furtherAddresses(first), ...others.flatMap(stanzasOf)];
  return [
    ...fileOf("network/interfaces.d/kvm-deploy", stanzas.join("\n")),
    ...fileOf("resolv.conf", first === undefined || first.search.length === 0 ? "" : resolver(first)),
  ];
}

function fileOf(path: string, content: string): AddedFile[] {
  return content === "" ? [] : [{ path: `new-system/etc/${path}`, content, mode: 0o644 }];
}

function addressesOf(one: NetworkInterface | undefined): { own: string | undefined; further: readonly string[] } {
  const addresses = one?.addresses ?? [];
  const own = addresses.find((text) => parseCidr4(text) !== undefined);
  return { own, further: addresses.filter((text) => text !== own) };
}

export function hasFurtherAddresses(one: NetworkInterface): boolean {
  return addressesOf(one).further.length > 0;
}

/** The stanza of the first one is the installer's. */
function furtherAddresses(one: NetworkInterface | undefined): string[] {
  if (one?.name === undefined) return [];
  return staticStanzas(one.name, { ...one, gateway: undefined, addresses: [...addressesOf(one).further] }, []);
}

function stanzasOf(one: NetworkInterface): string[] {
  const name = one.name ?? "";
  const link = one.vlan === undefined ? [] : [`\tvlan-raw-device ${one.vlan.link}`];
  const auto = `auto ${name}\n`;
  if (one.addresses.length === 0) return [auto + stanza(`iface ${name} inet dhcp`, link)];
  const [first = "", ...rest] = staticStanzas(name, one, link);
  return [auto + first, ...rest];
}

/** A gateway belongs to the first address of its kind. */
function staticStanzas(name: string, one: NetworkInterface, link: readonly string[]): string[] {
  const seenKinds = new Set<string>();
  return one.addresses.map((address) => {
    const kind = parseCidr4(address) === undefined ? "inet6" : "inet";
    const gateway = kind === "inet" ? one.gateway : one.gateway6;
    const isFirst = !seenKinds.has(kind);
    seenKinds.add(kind);
    return stanza(`iface ${name} ${kind} static`, [
      `\taddress ${address}`,
      ...(isFirst && gateway !== undefined ? [`\tgateway ${gateway}`] : []),
      ...link,
    ]);
  });
}

function stanza(head: string, lines: readonly string[]): string {
  return `${[head, ...lines].join("\n")}\n`;
}

function resolver({ search, dns }: NetworkInterface): string {
  return [`search ${search.join(" ")}`, ...dns.map((address) => `nameserver ${address}`), ""].join("\n");
}
