import path from "node:path";
import { childrenOf, type Element, find, parse } from "../format/xml";
import type { LedgerEntry } from "../host/ledger";
import { identityOf } from "../install/installation";
import { receiptOf } from "../iso/receipt";
import { macOf, networkOf, nicsOf } from "../libvirt/domain";
import { type Mark, readMark, uuidOf } from "../libvirt/mark";
import { entryOfPool } from "../libvirt/pools";
import { poolDirectory } from "../libvirt/storage";
import type { Host } from "../resource/host";
import { installationAt } from "../resources/installer-iso/observe";
import { macsOf } from "../resources/machine/definition/macs";
import type { Owner } from "../values/identity";
import { isLogOf } from "./sort";
import { partsOf, type Thing } from "./thing";

/** A domain or network, with its persistent definition. */
interface Defined {
  readonly uuid: string;
  readonly name: string;
  readonly root: Element;
  /** Both definitions: the one in force, and that of the next start. */
  readonly xml: string;
}

/** All things on a host that kvm-deploy has created or taken over, of all owners. */
export async function thingsOn(host: Host): Promise<Thing[]> {
  const [domains, networks, begun, noted] = await Promise.all([
    defined(host, "domain"),
    defined(host, "network"),
    host.ledger.allBegun(),
    notedReservations(host),
  ]);
  const [pools, volumes, isos] = await Promise.all([poolsOf(host), volumesOf(host), isosOf(host)]);
  const made = [
    ...domains
      .flatMap((domain) => marked(domain, begun) ?? [])
      .map(({ defined: domain, mark }) => machine(host, domain, { networks, noted, mark })),
    ...reservations(domains, networks, [...begun, ...noted]),
    ...unmadeReservations(domains, networks, noted),
    ...volumes,
    ...pools,
    ...networks
      .flatMap((network) => marked(network, begun) ?? [])
      .map(({ defined: network, mark }) => networkThing(host, network, mark)),
    ...isos,
    ...(await logsOf(host, domains)),
  ].flatMap(partsOf);
  const creates = notesWithout(made, begun, "create");
  const changes = notesWithout([...made, ...creates], await host.ledger.allOpen(), "note");
  return [...made.map((thing) => unfinished(thing, begun)), ...creates, ...changes];
}

async function defined({ libvirt }: Host, kind: "domain" | "network"): Promise<Defined[]> {
  const entries = await libvirt.list(kind);
  const read = await Promise.all(
    entries.map(async ({ uuid, name }) => {
      const [xml, live = ""] = await Promise.all([libvirt.definition(kind, uuid), libvirt.liveDefinition(kind, uuid)]);
      return xml === undefined ? undefined : { uuid, name, root: parse(xml), xml: xml + live };
    }),
  );
  return read.filter((one) => one !== undefined);
}

/** A thing that lost its mark is recognised by its UUID, if kvm-deploy created it. */
function marked(defined: Defined, begun: readonly Owner[]): { defined: Defined; mark: Mark } | undefined {
  const owner = begun.find(({ identity }) => uuidOf(defined.root.name, identity) === defined.uuid);
  const mark = readMark(defined.root) ?? (owner && { ...owner, phase: "ready" as const });
  return mark && { defined, mark };
}

interface Surroundings {
  readonly networks: readonly Defined[];
  readonly noted: readonly Reserver[];
  readonly mark: Mark;
}

function machine({ connection }: Host, { uuid, name, root }: Defined, { networks, noted, mark }: Surroundings): Thing {
  const nics = nicsOf(root).map((device) => {
    const [network, mac] = [networkOf(device), macOf(device)];
    const hosts = hostsOf(networks.find((other) => other.name === network)?.root);
    const given = hosts.find((host) => host.mac === mac)?.address;
    const desired = noted.find(({ reservation }) => reservation === `${network ?? ""}/${mac}`)?.thing;
    return { network, mac, address: given ?? desired };
  });
  return {
    kind: "machine",
    name,
    owner: mark,
    what: taken(mark) ?? (mark.phase === "installing" ? "a machine whose installation has not ended" : "a machine"),
    target: { by: "machine", id: uuid, state: { connection, name, nics, macAddresses: nics.map(({ mac }) => mac) } },
  };
}

function networkThing({ connection }: Host, { uuid, name }: Defined, mark: Mark): Thing {
  const target = { by: "network", id: uuid, state: { connection, name } } as const;
  return { kind: "network", name, owner: mark, what: taken(mark) ?? "a network", target };
}

function taken({ adopted }: Mark): string | undefined {
  return adopted === true ? "was taken over; it stays, and kvm-deploy no longer manages it" : undefined;
}

/** An owner, and the record of a reservation: `NETWORK/MAC`. */
interface Reserver extends Owner {
  readonly reservation?: string;
  /** The address. */
  readonly thing?: string | undefined;
}

async function notedReservations({ ledger }: Host): Promise<Reserver[]> {
  const names = await ledger.names("reservation");
  const entries = await Promise.all(names.map((name) => ledger.entry("reservation", name)));
  return entries.flatMap((entry, index) =>
    entry === undefined ? [] : [{ ...entry, reservation: names[index] ?? "" }],
  );
}

/** DHCP hosts of machines that do not exist. The owner follows from the ledger, or from the MAC address. */
function reservations(
  domains: readonly Defined[],
  networks: readonly Defined[],
  reservers: readonly Reserver[],
): Thing[] {
  const present = new Set(domains.flatMap(({ xml }) => macsIn(xml)));
  return networks.flatMap((network) => {
    const isOurs = readMark(network.root) !== undefined;
    return hostsOf(network.root)
      .filter(({ mac }) => mac !== "" && !present.has(mac))
      .flatMap(({ mac, address }): Thing[] => {
        const name = `${network.name}/${mac}`;
        const found =
          reservers.find(({ reservation }) => reservation === name) ??
          reservers.find(({ identity }) => derivedMacs(identity, network.name).includes(mac));
        const owner = found && { owner: found.owner, identity: found.identity };
        const thing = { kind: "reservation", name, owner } as const;
        const what = `the address ${address}, reserved for a machine that does not exist`;
        if (owner !== undefined)
          return [{ ...thing, what, target: { by: "reservation", network: network.name, mac, address } }];
        return isOurs ? [{ ...thing, what, target: { by: "nobody" } }] : [];
      });
  });
}

/**
 * Records of reservations for machines that do not exist: the reservations were never created in their network, or were
 * deleted with it.
 */
function unmadeReservations(
  domains: readonly Defined[],
  networks: readonly Defined[],
  noted: readonly Reserver[],
): Thing[] {
  const present = new Set(domains.flatMap(({ xml }) => macsIn(xml)));
  const made = new Set(networks.flatMap(({ name, root }) => hostsOf(root).map(({ mac }) => `${name}/${mac}`)));
  return noted.flatMap(({ owner, identity, reservation: name = "", thing: address = "" }): Thing[] => {
    const [network = "", mac = ""] = name.split("/");
    if (made.has(name) || present.has(mac)) return [];
    const what = `a record of the address ${address} for a machine that does not exist`;
    return [
      {
        kind: "reservation",
        name,
        owner: { owner, identity },
        what,
        target: { by: "reservation", network, mac, address },
      },
    ];
  });
}

function macsIn(xml: string): string[] {
  return [...xml.matchAll(/<mac address=["']([^"']+)/g)].map(([, mac = ""]) => mac.toLowerCase());
}

/** The search is limited to this number of NICs in one network. */
const mostNics = 16;

function derivedMacs(identity: string, network: string): string[] {
  return macsOf({ nics: Array.from({ length: mostNics }, () => ({ network })) }, identity);
}

function hostsOf(network: Element | undefined): { mac: string; address: string }[] {
  return childrenOf(network, "ip").flatMap((ip) =>
    childrenOf(find(ip, "dhcp"), "host").map(({ attributes: { mac = "", ip: address = "" } }) => ({
      mac: mac.toLowerCase(),
      address,
    })),
  );
}

async function poolsOf(host: Host): Promise<Thing[]> {
  const { ledger, libvirt, connection } = host;
  const [names, entries] = await Promise.all([ledger.names("pool"), libvirt.list("pool")]);
  return eachOf(names, async (name) => {
    const noted = await ledger.entry("pool", name);
    if (noted === undefined) return undefined;
    const present = entries.find((entry) => entry.name === name);
    const isThere = present !== undefined && entryOfPool(noted, present.uuid) !== undefined;
    const xml = isThere ? await libvirt.definition("pool", present.uuid) : undefined;
    const id = isThere ? present.uuid : (noted.thing ?? uuidOf("pool", noted.identity));
    const directory = xml === undefined ? undefined : poolDirectory.read(parse(xml));
    const madeFolder = noted.note === "made-folder";
    return {
      kind: "pool",
      name,
      owner: noted,
      sinceMs: await notedSince(host, "pool", name),
      what: noteOf(noted) ?? (isThere ? "a storage pool" : "a record of a storage pool that does not exist"),
      target: { by: "pool", id, state: { connection, name, path: directory, madeFolder } },
    };
  });
}

async function volumesOf(host: Host): Promise<Thing[]> {
  const { ledger, libvirt, connection } = host;
  return eachOf(await ledger.names("volume"), async (name) => {
    const noted = await ledger.entry("volume", name);
    if (noted === undefined) return undefined;
    const [pool = "", volume = ""] = name.split("/");
    const isThere = (await libvirt.volume(pool, volume)) !== undefined;
    const isActive = isThere || (await libvirt.find("pool", pool))?.isActive !== false;
    const absent = isActive
      ? "a record of a volume that does not exist"
      : `a volume of pool "${pool}", which is not active`;
    return {
      kind: "volume",
      name,
      owner: noted,
      sinceMs: await notedSince(host, "volume", name),
      what: noteOf(noted) ?? (isThere ? "a volume" : absent),
      target: { by: "volume", id: name, state: { connection, pool, name: volume } },
    };
  });
}

function noteOf({ note }: LedgerEntry): string | undefined {
  if (note === "making") return "a volume whose content is not complete";
  return note === "adopted" ? "was taken over; it stays, and kvm-deploy no longer manages it" : undefined;
}

async function notedSince({ ledger, files }: Host, kind: "pool" | "volume", name: string): Promise<number | undefined> {
  return (await files.stat(ledger.fileOf(kind, name)))?.modifiedMs;
}

const receiptEnding = ".installed.json";

/** ISOs in kvm-deploy's own directory; ISOs in other directories can't be found. */
async function isosOf(host: Host): Promise<Thing[]> {
  const { directories, files, connection } = host;
  const names = await files.list(directories.isos);
  return eachOf(names, async (name) => {
    const file = path.join(directories.isos, name);
    const isReceipt = name.endsWith(receiptEnding);
    const iso = isReceipt ? file.slice(0, -receiptEnding.length) : file;
    if (!iso.endsWith(".iso")) return undefined;
    const installation = isReceipt ? (await receiptOf(iso, host))?.installation : await installationAt(iso, host);
    if (installation === undefined) return undefined;
    const { owner, release } = installation;
    const identity = identityOf(installation);
    return {
      kind: isReceipt ? "receipt" : "iso",
      name: file,
      owner: { owner, identity },
      sinceMs: (await files.stat(file))?.modifiedMs,
      what: isReceipt
        ? `what is left of the ISO that installed ${release}`
        : `an ISO with the answers to install ${release}`,
      target: { by: "iso", id: iso, state: { connection, name: path.basename(iso, ".iso") } },
    };
  });
}

/** Logs of machines that do not exist, in a directory without files of other programs. */
async function logsOf({ directories, files }: Host, domains: readonly Defined[]): Promise<Thing[]> {
  const isUsed = (file: string) =>
    domains.some(({ name, xml }) => isLogOf(file, name) || xml.includes(file.replace(/\.\d+$/, "")));
  const all = (await files.list(directories.consoles)).map((name) => path.join(directories.consoles, name));
  return eachOf(
    all.filter((file) => /\.(log(\.\d+)?|installer\.png)$/.test(file) && !isUsed(file)),
    async (file) => ({
      kind: "log",
      name: file,
      owner: undefined,
      sinceMs: (await files.stat(file))?.modifiedMs,
      what: `the ${file.endsWith(".png") ? "picture of the display" : "console log"} of a machine that does not exist`,
      target: { by: "log", file },
    }),
  );
}

function unfinished(thing: Thing, begun: readonly Owner[]): Thing {
  const isBegun = begun.some(({ identity }) => identity === thing.owner?.identity);
  return isBegun ? { ...thing, what: `${thing.what}; its creation was started, and no known state has it` } : thing;
}

/** Records of creates that were interrupted before they had created anything, or of which nothing exists any more. */
function notesWithout(made: readonly Thing[], noted: readonly Owner[], kind: "create" | "note"): Thing[] {
  return noted
    .filter(({ identity }) => !made.some(({ owner }) => owner?.identity === identity))
    .map((owner) => ({
      kind,
      name: owner.owner,
      owner,
      what: `a record that ${kind === "create" ? "its creation was started" : "a change was interrupted"}; nothing else of it exists`,
      target: { by: "record" },
    }));
}

async function eachOf(names: readonly string[], look: (name: string) => Promise<Thing | undefined>): Promise<Thing[]> {
  const found = await Promise.all(names.map(look));
  return found.filter((thing) => thing !== undefined);
}
