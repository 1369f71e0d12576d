import { appended, isLocatedList, isLocatedMap, type Located, locatedList, pathUnder } from "../../format/yaml/located";
import { isTakenAsItIs } from "../../install/shared/taken-as-is";
import { disksOf, isWritten } from "./disks";
import { ethernetNames, guestOnlyKeys, interfacesOf, type Nic } from "./interfaces";
import { type Facts, nicAddress } from "./network";
import { assumed, derived, type Expansion, isMap, mapOf, moved, type Place, under, without, withParts } from "./place";

/** The keys of a machine's entry that Machine doesn't have. */
export const compactKeys = ["install", "disk", "keys", "network", "address", "gateway", "dns", "system"] as const;

/** Of a machine with `install`: enough for the installer of each family. */
export const defaultMemory = "2GiB";

/** A machine, and the resources that it needs for itself, by their keys. */
export interface Parts {
  readonly machine: Located;
  readonly installers: ReadonlyMap<string, Located>;
  readonly volumes: ReadonlyMap<string, Located>;
}

/**
 * A machine's compact entry as the resources' inputs. An entry in which nothing is compact stays as it is.
 * @param entry unified, with its defaults
 * @param factsOf what is known about the network of a NIC
 */
export function expandMachine(
  key: string,
  entry: Place,
  factsOf: (nic: Place) => Facts | undefined,
  expansion: Expansion,
): Parts {
  const connection = under(entry, "connection");
  const common = { connection: connection && moved(connection) };
  const disks = under(entry, "disks");
  const split =
    disks === undefined || isWritten(disks) || !isMap(disks) ? undefined : disksOf(key, disks, common, expansion);
  const nics = nicsOf(entry, factsOf, expansion);
  const installer = installerOf(key, entry, nics ?? [], common, expansion);
  const machine = withParts(without(entry.node, [...compactKeys]), {
    memory: installer !== undefined && under(entry, "memory") === undefined ? assumed(defaultMemory, entry) : undefined,
    disks: split?.disks,
    nics: nics && nicInputs(nics, expansion),
    installer: installer && {
      ...assumed(`${key}-installer`, installer.place),
      origin: { path: installer.place.path, reason: `follows from ${installer.place.path}` },
    },
  });
  return {
    machine,
    installers: new Map(installer === undefined ? [] : [[`${key}-installer`, installer.node]]),
    volumes: split?.volumes ?? new Map(),
  };
}

function refuse({ path, node: { at } }: Place, message: string, { report }: Expansion): void {
  report({ path, at, message });
}

/** The NICs of `nics`, or the one of `network`. Undefined without any. */
function nicsOf(entry: Place, factsOf: (nic: Place) => Facts | undefined, expansion: Expansion): Nic[] | undefined {
  const [written, network] = [under(entry, "nics"), under(entry, "network")];
  const single = ["address", ...guestOnlyKeys].flatMap((key) => under(entry, key) ?? []);
  const [first] = network === undefined ? single : [network];
  if (written !== undefined) {
    if (first !== undefined) refuse(first, "is given next to `nics`; write it in one of the NICs", expansion);
    if (!isLocatedList(written.node)) return undefined;
    const places = [...written.node.children.keys()].flatMap((index) => under(written, index) ?? []);
    return places.map((place) => ({ place, facts: factsOf(place) }));
  }
  if (first === undefined) return undefined;
  if (network === undefined) {
    refuse(first, "needs a `network`, or is written in one of `nics`", expansion);
    return undefined;
  }
  const parts = ["network", "address", ...guestOnlyKeys].flatMap((key) => {
    const part = under(entry, key);
    return part === undefined ? [] : [[key, moved(part)] as const];
  });
  const place = { node: mapOf(Object.fromEntries(parts), network.node.at), path: network.path };
  return [{ place, facts: factsOf(place) }];
}

function nicInputs(nics: readonly Nic[], expansion: Expansion): Located {
  const items = nics.map(({ place }) => {
    const address = under(place, "address");
    const isPlain = typeof address?.node.value === "string" && !address.node.value.includes("/");
    const node = isLocatedMap(place.node) ? without(place.node, guestOnlyKeys) : place.node;
    if (address === undefined || isPlain) return moved({ ...place, node });
    const own = derived([address], nicAddress, expansion);
    return moved({
      ...place,
      node: own === undefined ? without(node, ["address"]) : withParts(node, { address: own }),
    });
  });
  return locatedList(items, nics[0]?.place.node.at ?? { file: "", line: 1, column: 1 });
}

/** A map with one of them is the source itself, else the inputs of the installer. */
const sourceKeys = ["path", "url", "sha256"];

interface Installer {
  readonly place: Place;
  readonly node: Located;
}

function installerOf(
  key: string,
  entry: Place,
  nics: readonly Nic[],
  common: Readonly<Record<string, Located | undefined>>,
  expansion: Expansion,
): Installer | undefined {
  const [install, written, system] = ["install", "installer", "system"].map((name) => under(entry, name));
  if (install === undefined) {
    const ofGuest = nics.flatMap(({ place }) => guestOnlyKeys.flatMap((name) => under(place, name) ?? []));
    for (const place of [...(system === undefined ? [] : [system]), ...ofGuest])
      refuse(place, "is for an installation; it needs `install`, such as `install: debian:13`", expansion);
    return undefined;
  }
  if (written !== undefined) refuse(written, "is given next to `install`; give one of them", expansion);
  const inner = under(install, "system");
  if (inner !== undefined) refuse(inner, "is written as `system` of the machine itself", expansion);
  const file = fileTakenAsItIs(install);
  const options =
    file === undefined ? systemOf(key, entry, system, nics, expansion) : systemOfFile(file, system, nics, expansion);
  const isSource = !isMap(install) || sourceKeys.some((name) => under(install, name) !== undefined);
  const own = isSource
    ? { ...mapOf({ source: moved(install) }, install.node.at), origin: { path: install.path } }
    : without(moved(install), ["system"]);
  return { place: install, node: withParts(own, { ...common, system: options }) };
}

/** The path of the installer's own file, which says itself what would follow from the machine. */
function fileTakenAsItIs(install: Place): string | undefined {
  const template = under(install, "template")?.node.value;
  return typeof template === "string" && isTakenAsItIs({ path: template }) ? template : undefined;
}

function systemOfFile(
  file: string,
  given: Place | undefined,
  nics: readonly Nic[],
  expansion: Expansion,
): Located | undefined {
  refuseGuestKeys(nics, `has no effect, because ${file} is taken as it is; write it there`, expansion);
  return given && moved(given);
}

/** The options of the system: those written, and those that follow. */
function systemOf(
  key: string,
  entry: Place,
  given: Place | undefined,
  nics: readonly Nic[],
  expansion: Expansion,
): Located {
  if (given !== undefined && !isMap(given)) return moved(given);
  const at = entry.node.at;
  const system = given === undefined ? { ...mapOf({}, at), origin: { path: `${entry.path}.system` } } : moved(given);
  const has = (name: string) => system.children.has(name);
  const [hostname = "", ...domain] = key.split(".");
  const named = (value: string): Located => ({
    ...assumed(value, entry),
    origin: { path: entry.path, reason: `follows from ${entry.path}` },
  });
  const ofKey = domain.length === 0 ? undefined : named(domain.join("."));
  const network = has("network") ? undefined : interfacesOf(nics, expansion);
  if (has("network"))
    refuseGuestKeys(nics, "has no effect, because `system.network` is written out; write it there", expansion);
  return withParts(system, {
    hostname: has("hostname") ? undefined : named(hostname),
    domain: has("domain") ? undefined : (ofKey ?? domainOf(nics, expansion)),
    network,
    kernelArguments: network === undefined || nics.length < 2 ? undefined : argumentsOf(system, entry),
  });
}

function refuseGuestKeys(nics: readonly Nic[], reason: string, expansion: Expansion): void {
  for (const { place } of nics)
    for (const key of guestOnlyKeys) {
      const given = under(place, key);
      if (given !== undefined) refuse(given, reason, expansion);
    }
}

/** That of the first network with one. */
function domainOf(nics: readonly Nic[], expansion: Expansion): Located | undefined {
  const [first, ...others] = nics.flatMap(({ facts }) => facts?.domain ?? []);
  if (first === undefined) return undefined;
  return derived([first, ...others], (...domains) => domains.find((domain) => domain !== undefined), expansion);
}

/** The arguments of the kernel with the one that gives the interfaces their names. */
function argumentsOf(system: Located, entry: Place): Located | undefined {
  const added = {
    ...assumed(ethernetNames, entry),
    origin: { path: entry.path, reason: "follows from the names of the interfaces" },
  };
  const list = locatedList([added], entry.node.at);
  const given = system.children.get("kernelArguments")?.node;
  if (given === undefined) return list;
  if (!Array.isArray(given.value) || given.value.includes(ethernetNames)) return undefined;
  const path = given.origin?.path ?? pathUnder(entry.path, "system.kernelArguments");
  return { ...appended(given, list), origin: given.origin ?? { path } };
}
