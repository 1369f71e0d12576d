import type { NetworkInterface, NetworkOptions } from "../shared/network";

type Netplan = Readonly<Record<string, unknown>>;

/** The interfaces in netplan's words; the installer and the new system use the same. */
export function netplanOf(network: NetworkOptions | undefined): Netplan | null {
  if (network === undefined) return null;
  const { interfaces } = network;
  const ethernets = interfaces.flatMap((one, index) =>
    one.vlan === undefined && one.bond === undefined ? [[nameOf(one, index), ethernet(one)]] : [],
  );
  return {
    version: 2,
    ethernets: Object.fromEntries([...carriersOf(interfaces), ...ethernets]) as Netplan,
    ...section("bonds", interfaces, ({ bond }) => bond && bondOf(bond)),
    ...section("vlans", interfaces, ({ vlan }) => vlan),
  };
}

/** An interface without a name of its own is found by other properties, under a name that only the file has. */
function nameOf({ name }: NetworkInterface, index: number): string {
  return name ?? `nic${index}`;
}

/** In milliseconds. By itself networkd looks at no link, and a bond would stay with one that has failed. */
const lookAtLinksEach = 100;

function bondOf({ interfaces, mode }: NonNullable<NetworkInterface["bond"]>): Netplan {
  return { interfaces, parameters: { mode, "mii-monitor-interval": lookAtLinksEach } };
}

function ethernet(one: NetworkInterface): Netplan {
  if (one.mac !== undefined) {
    const rename = one.name === undefined ? {} : { "set-name": one.name };
    return { match: { macaddress: one.mac }, ...rename, ...addressing(one) };
  }
  return one.name === undefined ? { match: { name: "e*" }, ...addressing(one) } : addressing(one);
}

/** What bonds and VLANs are made of has to be described too. */
function carriersOf(interfaces: readonly NetworkInterface[]): [string, Netplan][] {
  const names = interfaces.flatMap(({ vlan, bond }) => [
    ...(vlan === undefined ? [] : [vlan.link]),
    ...(bond?.interfaces ?? []),
  ]);
  const others = names.filter((name) => !interfaces.some((one) => one.name === name));
  return [...new Set(others)].map((name) => [name, { dhcp4: false, dhcp6: false }]);
}

function section(
  key: "bonds" | "vlans",
  interfaces: readonly NetworkInterface[],
  partsOf: (one: NetworkInterface) => object | undefined,
): Netplan {
  const entries = interfaces.flatMap((one, index) => {
    const parts = partsOf(one);
    return parts === undefined ? [] : [[nameOf(one, index), { ...parts, ...addressing(one) }] as const];
  });
  return entries.length === 0 ? {} : { [key]: Object.fromEntries(entries) };
}

function addressing({ addresses, gateway, gateway6, dns, search }: NetworkInterface): Netplan {
  // Older releases don't know the word `default`.
  const routes = [
    ...(gateway === undefined ? [] : [{ to: "0.0.0.0/0", via: gateway }]),
    ...(gateway6 === undefined ? [] : [{ to: "::/0", via: gateway6 }]),
  ];
  const nameservers = {
    ...(dns.length === 0 ? {} : { addresses: dns }),
    ...(search.length === 0 ? {} : { search }),
  };
  return {
    ...(addresses.length === 0 ? { dhcp4: true } : { addresses }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(Object.keys(nameservers).length === 0 ? {} : { nameservers }),
  };
}
