import { isIP } from "node:net";

/** IPv4 and IPv6 addresses as numbers, so that both are counted and compared alike. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

export type Family = 4 | 6;

/** An address with its prefix length. */
export interface Cidr extends Address {
  readonly prefix: number;
}

/** First and last of some addresses that follow one another. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

export const bitsOf = { 4: 32, 6: 128 } as const satisfies Record<Family, number>;

/** Undefined when the text is no address; one with a zone (`fe80::1%eth0`) is none. */
export function parseAddress(text: string): Address | undefined {
  const family = text.includes("%") ? 0 : isIP(text);
  if (family === 4) return { family, value: joined(octets(text), 8) };
  return family === 6 ? { family, value: joined(groups(text), 16) } : undefined;
}

/** An IPv6 address in its canonical form. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return split(value, 8, 4).join(".");
  const hex = split(value, 16, 8).map((group) => group.toString(16));
  // A URL is where Node writes an IPv6 address as RFC 5952 wants it.
  return new URL(`http://[${hex.join(":")}]`).hostname.slice(1, -1);
}

export function parseCidr(text: string): Cidr | undefined {
  const [, address = "", prefix = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  if (parsed === undefined || Number(prefix) > bitsOf[parsed.family]) return undefined;
  return { ...parsed, prefix: Number(prefix) };
}

/** The same of IPv4 alone. */
export function parseCidr4(text: string): Cidr | undefined {
  const cidr = parseCidr(text);
  return cidr?.family === 4 ? cidr : undefined;
}

/** The subnet that the address is in, network and broadcast address included. */
export function subnetOf({ family, value, prefix }: Cidr): Range {
  const count = 1n << BigInt(bitsOf[family] - prefix);
  const first = value - (value % count);
  return { family, first, last: first + count - 1n };
}

/** The subnet in CIDR notation, with host bits cleared. */
export function formatSubnet(cidr: Cidr): string {
  return `${formatAddress({ family: cidr.family, value: subnetOf(cidr).first })}/${cidr.prefix}`;
}

/** What hosts of a subnet may have: neither its own address nor, of IPv4, the broadcast address. */
export function hostAddresses(cidr: Cidr): Range {
  const { family, first, last } = subnetOf(cidr);
  if (cidr.prefix >= bitsOf[family] - 1) return { family, first, last };
  return { family, first: first + 1n, last: family === 4 ? last - 1n : last };
}

export function contains(range: Range, { family, value }: Address): boolean {
  return family === range.family && range.first <= value && value <= range.last;
}

export function overlap(one: Range, other: Range): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

export function netmaskOf(prefix: number): string {
  return formatAddress({ family: 4, value: (1n << 32n) - (1n << BigInt(32 - prefix)) });
}

function octets(text: string): number[] {
  return text.split(".").map(Number);
}

/** The eight groups of an IPv6 address; `::` stands for as many zeros as are missing. */
function groups(text: string): number[] {
  const [head = [], tail = []] = text.split("::").map(groupsAsWritten);
  return [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsAsWritten(part: string): number[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => {
    if (!group.includes(".")) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = octets(group);
    return [a * 256 + b, c * 256 + d];
  });
}

function joined(parts: readonly number[], bits: number): bigint {
  return parts.reduce((sum, part) => (sum << BigInt(bits)) + BigInt(part), 0n);
}

function split(value: bigint, bits: number, count: number): number[] {
  const places = Array.from({ length: count }, (_, index) => BigInt(bits * (count - 1 - index)));
  return places.map((place) => Number((value >> place) & ((1n << BigInt(bits)) - 1n)));
}
