import { addressingOf, isOnLinkOnly, membersOf } from "../shared/links";
import type { Bond, NetworkInterface, NetworkOptions } from "../shared/network";

type Netplan = Readonly<Record<string, unknown>>;

/** The interfaces in netplan's words; the installer and the new system use the same. */
export function netplanOf(network: NetworkOptions | undefined): Netplan | null {
  if (network === undefined) return null;
  const { interfaces } = network;
  const ethernets = interfaces.flatMap((one, index) =>
    (one.vlan ?? one.bond ?? one.bridge) ? [] : [[nameOf(one, index), ethernet(one, interfaces)]],
  );
  return {
    version: 2,
    ethernets: Object.fromEntries([...carriersOf(interfaces), ...ethernets]) as Netplan,
    ...section("bonds", interfaces, ({ bond }) => bond && bondOf(bond)),
    ...section("bridges", interfaces, ({ bridge }) => bridge && bridgeOf(bridge)),
    ...section("vlans", interfaces, ({ vlan }) => vlan),
  };
}

/** An interface without a name of its own is found by other properties, under a name that only the file has. */
function nameOf({ name }: NetworkInterface, index: number): string {
  return name ?? `nic${index}`;
}

function bondOf({ interfaces, mode, primary, miimon, lacpRate, transmitHashPolicy }: Bond): Netplan {
  const parameters = {
    mode,
    "mii-monitor-interval": miimon,
    ...ifGiven("primary", primary),
    ...ifGiven("lacp-rate", lacpRate),
    ...ifGiven("transmit-hash-policy", transmitHashPolicy),
  };
  return { interfaces, parameters };
}

/** By itself netplan enables STP, and a port is useless for half a minute. */
function bridgeOf({ interfaces, stp }: NonNullable<NetworkInterface["bridge"]>): Netplan {
  return { interfaces, parameters: { stp } };
}

function ethernet(one: NetworkInterface, interfaces: readonly NetworkInterface[]): Netplan {
  const settings = settingsOf(one, interfaces);
  if (one.mac !== undefined) {
    const rename = one.name === undefined ? {} : { "set-name": one.name };
    return { match: { macaddress: one.mac }, ...rename, ...settings };
  }
  return one.name === undefined ? { match: { name: "e*" }, ...settings } : settings;
}

/** What bonds, bridges and VLANs are made of has to be described too. */
function carriersOf(interfaces: readonly NetworkInterface[]): [string, Netplan][] {
  const names = interfaces.flatMap((one) => [...(one.vlan === undefined ? [] : [one.vlan.link]), ...membersOf(one)]);
  const others = names.filter((name) => !interfaces.some((one) => one.name === name));
  return [...new Set(others)].map((name) => [name, { dhcp4: false, dhcp6: false }]);
}

function section(
  key: "bonds" | "bridges" | "vlans",
  interfaces: readonly NetworkInterface[],
  partsOf: (one: NetworkInterface) => object | undefined,
): Netplan {
  const entries = interfaces.flatMap((one, index) => {
    const parts = partsOf(one);
    return parts === undefined ? [] : [[nameOf(one, index), { ...parts, ...settingsOf(one, interfaces) }] as const];
  });
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}

function settingsOf(one: NetworkInterface, interfaces: readonly NetworkInterface[]): Netplan {
  const { addresses, dns, search, mtu } = one;
  const { ipv4, acceptRa, isBare } = addressingOf(one, interfaces);
  const routes = routesOf(one);
  const nameservers = {
    ...(dns.length === 0 ? {} : { addresses: dns }),
    ...(search.length === 0 ? {} : { search }),
  };
  return {
    ...(isBare ? { dhcp4: false, dhcp6: false } : {}),
    ...(ipv4 === "dhcp" ? { dhcp4: true } : {}),
    ...(ipv4 === "none" && !isBare && addresses.length === 0 ? { dhcp4: false } : {}),
    ...(addresses.length === 0 ? {} : { addresses }),
    ...ifGiven("accept-ra", acceptRa),
    ...ifGiven("mtu", mtu),
    ...(routes.length === 0 ? {} : { routes }),
    ...(Object.keys(nameservers).length === 0 ? {} : { nameservers }),
  };
}

function routesOf({ addresses, gateway, gateway6, routes }: NetworkInterface): Netplan[] {
  // Older releases don't know the word `default`.
  const defaults = [
    { to: "0.0.0.0/0", via: gateway },
    { to: "::/0", via: gateway6 },
  ];
  const ofGateways = defaults.flatMap(({ to, via }) =>
    via === undefined ? [] : [{ to, via, ...(isOnLinkOnly(via, addresses) ? { "on-link": true } : {}) }],
  );
  return [...ofGateways, ...routes.map(({ to, via, metric }) => ({ to, via, ...ifGiven("metric", metric) }))];
}

function ifGiven(key: string, value: string | number | boolean | undefined): Netplan {
  return value === undefined ? {} : { [key]: value };
}
