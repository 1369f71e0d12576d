import { type Located, locatedList } from "../../format/yaml/located";
import { type Facts, hasIpv6, nicAddress, withPrefixes } from "./network";
import { assumed, derived, type Expansion, mapOf, moved, type Place, under } from "./place";

/** A NIC as the file describes it, and what its network gives. */
export interface Nic {
  readonly place: Place;
  readonly facts: Facts | undefined;
}

/** What a NIC says for the guest alone. */
export const guestOnlyKeys = ["gateway", "dns"] as const;

/** The kernel's own names, in the order of the NICs, with the kernel argument `ethernetNames`. */
export const ethernetNames = "net.ifnames=0";

/**
 * The interfaces of the guest, for `system.network`. Undefined where the guest's own default, DHCP, is right.
 */
export function interfacesOf(nics: readonly Nic[], expansion: Expansion): Located | undefined {
  const [first] = nics;
  if (first === undefined) return undefined;
  const isPlain =
    nics.length === 1 && ["address", ...guestOnlyKeys].every((key) => under(first.place, key) === undefined);
  if (isStranded(first)) {
    expansion.report({
      path: first.place.path,
      at: first.place.node.at,
      message:
        "has no `address`, and its network has no DHCP. Give it an address, or the network `ipv4.dhcp`, or write `system.network`",
    });
    return undefined;
  }
  if (isPlain) return undefined;
  const interfaces = nics.flatMap((nic, index) => (isStranded(nic) ? [] : [interfaceOf(nic, index, nics, expansion)]));
  const at = first.place.node.at;
  return mapOf(
    {
      interfaces: {
        ...locatedList(interfaces, at),
        origin: { path: first.place.path, reason: "follows from the NICs" },
      },
    },
    at,
  );
}

/** Of several NICs, those that nothing gives an address are left alone. */
function isStranded({ place, facts }: Nic): boolean {
  return under(place, "address") === undefined && facts?.hasDhcp === false;
}

function interfaceOf(nic: Nic, index: number, nics: readonly Nic[], expansion: Expansion): Located {
  const { place, facts } = nic;
  const address = under(place, "address");
  const own = (key: (typeof guestOnlyKeys)[number]) => {
    const given = under(place, key);
    return given && moved(given);
  };
  const addresses = address && derived([address, facts?.subnets], withPrefixes, expansion);
  const isStatic = addresses !== undefined;
  const parts = {
    name:
      nics.length > 1
        ? {
            ...assumed(`eth${index}`, place),
            origin: { path: place.path, reason: `follows from the place of ${place.path}` },
          }
        : undefined,
    addresses,
    gateway: own("gateway") ?? (isStatic ? gatewayOf("gateway", index, nics, expansion) : undefined),
    gateway6: isStatic ? gatewayOf("gateway6", index, nics, expansion) : undefined,
    dns: own("dns") ?? (isStatic ? nameServersOf(index, nics, expansion) : undefined),
  };
  return mapOf(parts, place.node.at);
}

/** The default route is by the first NIC that has one; a written one leaves out the others. */
function gatewayOf(key: "gateway" | "gateway6", index: number, nics: readonly Nic[], expansion: Expansion) {
  const [own, ...earlier] = [...nics.slice(0, index + 1)].reverse().map(({ facts }) => facts?.[key]);
  const address = nics[index] && under(nics[index].place, "address");
  if (own === undefined || address === undefined) return undefined;
  if (key === "gateway" && nics.some(({ place }) => under(place, "gateway") !== undefined)) return undefined;
  return derived(
    [own, address, ...earlier],
    (gateway, addresses, ...others) => {
      if (key === "gateway" ? nicAddress(addresses) === undefined : !hasIpv6(addresses)) return undefined;
      return others.some((other) => other !== undefined) ? undefined : gateway;
    },
    expansion,
  );
}

/** Name servers are those of the network with the default route, else of the first one with any. */
function nameServersOf(index: number, nics: readonly Nic[], expansion: Expansion): Located | undefined {
  if (nics.some(({ place }) => under(place, "dns") !== undefined)) return undefined;
  const own = nics[index]?.facts?.dns;
  if (own === undefined) return undefined;
  const gateways = nics.map(({ place, facts }) => under(place, "gateway") ?? facts?.gateway);
  const others = nics.map(({ facts }) => facts?.dns);
  return derived(
    [own, ...gateways, ...others],
    (servers, ...values) => {
      const isGiven = (value: unknown) => value !== undefined;
      const main = values.slice(0, nics.length).findIndex(isGiven);
      return index === (main === -1 ? values.slice(nics.length).findIndex(isGiven) : main) ? servers : undefined;
    },
    expansion,
  );
}
