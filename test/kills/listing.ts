import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import {
  attributeOf,
  childrenOf,
  type Element,
  find,
  parse,
  render,
  textOf,
  withAttributes,
} from "../../provider/format/xml";
import { temporaryDirectory } from "../../provider/host/environment";
import { type Entry, type Kind } from "../../provider/libvirt/client";
import type { Host } from "../../provider/resource/host";
import type { Lane } from "./lane";

const execute = promisify(execFile);

/** What is on a host, line by line, so that two can be compared. What differs each time is told apart by its place. */
export type Listing = readonly string[];

/** Everything that a program could have made, left or changed, and what others have there. */
export async function listingOf(lane: Lane): Promise<Listing> {
  const { host } = lane;
  const parts = await Promise.all([
    domains(host),
    networks(lane),
    pools(host),
    Promise.resolve(files(lane)),
    secrets(lane),
  ]);
  return inPlaceOfNames(parts.flat().map((line) => line.replaceAll(lane.folder, "FOLDER")));
}

/** The lines that only one of both has. */
export function differences(before: Listing, after: Listing): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

async function each(
  host: Host,
  kind: Kind,
  look: (entry: Entry, root: Element) => Promise<string[]>,
): Promise<string[]> {
  const entries = [...(await host.libvirt.list(kind))].sort((one, other) => one.name.localeCompare(other.name));
  const all = await Promise.all(
    entries.map(async (entry) => {
      const root = parse((await host.libvirt.definition(kind, entry.uuid)) ?? "<gone/>");
      const autostart = await host.libvirt.hasAutostart(kind, entry.uuid);
      const name = `${kind} ${entry.name}`;
      const state = `${name}: ${entry.isActive ? "active" : "inactive"}, autostart ${autostart ? "on" : "off"}`;
      return [state, ...(await look(entry, root)).map((line) => `${name}: ${line}`)];
    }),
  );
  return all.flat();
}

function domains(host: Host): Promise<string[]> {
  return each(host, "domain", async ({ uuid, isActive }, root) => {
    const live = isActive ? parse((await host.libvirt.liveDefinition("domain", uuid)) ?? "<gone/>") : undefined;
    return [...linesOf(root), ...(live === undefined ? [] : liveLines(live))];
  });
}

/** What runs, without what is new at each start. */
function liveLines(live: Element): string[] {
  const devices = find(live, "devices");
  const disks = childrenOf(devices, "disk").map((disk) => attributeOf(disk, "source", "file") ?? "no medium");
  const nics = childrenOf(devices, "interface").map(
    (nic) => `${attributeOf(nic, "mac", "address") ?? ""} in ${attributeOf(nic, "source", "network") ?? ""}`,
  );
  const memory = textOf(live, "currentMemory") ?? "";
  return [
    `runs with ${memory} KiB`,
    ...disks.map((disk) => `runs with ${disk}`),
    ...nics.map((nic) => `runs with ${nic}`),
  ];
}

function networks({ host, embedded }: Lane): Promise<string[]> {
  return each(host, "network", async ({ uuid, isActive }, root) => {
    if (!isActive) return linesOf(root);
    const live = parse((await host.libvirt.liveDefinition("network", uuid)) ?? "<gone/>");
    const bridge = attributeOf(live, "bridge", "name") ?? "";
    const plugged = await guestsOn(bridge, embedded.enter);
    return [
      ...linesOf(root),
      ...linesOf(withAttributes(live, { connections: undefined })).map((line) => `in force ${line}`),
      `${plugged} plugged in`,
    ];
  });
}

/** What the kernel shows, not what libvirt thinks. */
async function guestsOn(bridge: string, enter: readonly string[]): Promise<number> {
  const [program, ...args] = [...enter, "ip", "-o", "link", "show", "master", bridge];
  const { stdout } = await execute(program, args);
  return stdout.split("\n").filter((line) => / (vnet|tap)\d+/.test(line)).length;
}

/** What libvirt sees by itself, and forgets when it dies. */
const volatile = ["capacity", "allocation", "available", "physical", "timestamps", "permissions"];

function withoutVolatile(element: Element): Element {
  const children = element.children.filter((child) => typeof child === "string" || !volatile.includes(child.name));
  return {
    ...element,
    children: children.map((child) => (typeof child === "string" ? child : withoutVolatile(child))),
  };
}

function pools(host: Host): Promise<string[]> {
  return each(host, "pool", async ({ name, isActive }, root) => {
    const volumes = isActive ? await host.libvirt.volumes(name) : [];
    const all = await Promise.all([...volumes].sort().map((volume) => volumeLines(host, name, volume)));
    return [...linesOf(withoutVolatile(root)), ...all.flat()];
  });
}

async function volumeLines({ libvirt }: Host, pool: string, name: string): Promise<string[]> {
  const root = parse((await libvirt.volume(pool, name)) ?? "<gone/>");
  const file = textOf(root, "target/path") ?? "";
  const format = attributeOf(root, "target/format", "type") ?? "";
  return [`volume ${name} of ${textOf(root, "capacity") ?? ""} bytes, ${format}, ${contentOf(file)}`];
}

function linesOf(root: Element): string[] {
  return render(root).trim().split("\n");
}

/** kvm-deploy's own folders, those of the pools, and what is there for a while. */
function files({ host, site, embedded }: Lane): string[] {
  const own = path.dirname(host.directories.ledger);
  const all = [own, site.pools, embedded.images].flatMap((folder) => filesBelow(folder));
  // Own folders without anything in them go with the next thing that was in them.
  return all
    .filter((file) => !isEmptyFolder(file))
    .map((file) => `file ${file.replaceAll("%3A", ":")}: ${describe(file, own)}`);
}

function filesBelow(folder: string): string[] {
  const entries = unlessGone(() => readdirSync(folder, { recursive: true, encoding: "utf8" })) ?? [];
  return entries
    .map((name) => path.join(folder, name))
    .filter((file) => path.basename(path.dirname(file)) !== "locks" && path.basename(file) !== "locks")
    .sort();
}

function isEmptyFolder(file: string): boolean {
  return unlessGone(() => readdirSync(file))?.length === 0;
}

function describe(file: string, own: string): string {
  const stat = unlessGone(() => lstatSync(file));
  if (stat === undefined) return "gone";
  const mode = (stat.mode & 0o7777).toString(8);
  if (!stat.isFile()) return `folder ${mode}`;
  if (file.endsWith(".json")) return `${mode} ${ledgerText(readFileSync(file, "utf8"))}`;
  // Logs tell what happened, and an ISO holds the identity of its resource.
  return /\.(log|iso)$/.test(file) && file.startsWith(own) ? mode : `${mode} ${contentOf(file)}`;
}

/** Of what a volume is known by, only whether it is known. */
function ledgerText(text: string): string {
  return text.trim().replaceAll(/"(thing|folder)":"(file|folder) [^"]*"/g, '"$1":"known"');
}

function contentOf(file: string): string {
  const content = unlessGone(() => readFileSync(file));
  return content === undefined ? "gone" : createHash("sha256").update(content).digest("hex").slice(0, 16);
}

/** Places of the secrets, other than those where they belong. */
async function secrets(lane: Lane): Promise<string[]> {
  const { embedded, host, site } = lane;
  const own = path.dirname(host.directories.ledger);
  const args = ["-rlsF", "-e", site.secret, own, temporaryDirectory(), embedded.stateDir];
  const found = await execute("grep", args).then(
    ({ stdout }) => stdout.trim().split("\n"),
    () => [],
  );
  const belongs = (file: string) =>
    file.startsWith(`${own}/isos/kill-iso.iso`) ||
    file.includes("/libvirt/qemu/kill-vm") ||
    /\/(etc|run)\/qemu\/kill-vm\.xml$/.test(file);
  return found.filter((file) => !belongs(file)).map((file) => `secret in ${file}`);
}

/** What is new each time, by whose it is (the addresses that the programs give are not); the rest by the order in which it appears. */
function inPlaceOfNames(lines: readonly string[]): string[] {
  const names = new Map(lines.flatMap(namesIn));
  const placeOf = (name: string, kind: string) => {
    if (!names.has(name)) names.set(name, `${kind} ${names.size}`);
    return `<${names.get(name) ?? ""}>`;
  };
  return lines.map((line) =>
    line
      // The digest of an ISO has a key of its own each time.
      .replaceAll(/(?<=digest(?:&quot;|"): ?(?:&quot;|")|installed )(?:[0-9a-f]{64}|[0-9a-f]{16})/g, "<digest>")
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) => placeOf(uuid, "uuid"))
      .replaceAll(/52:54:00:(?!9[89]:00:0)[0-9a-f]{2}(:[0-9a-f]{2}){2}/g, (mac) => placeOf(mac, "mac")),
  );
}

const namings: readonly (readonly [RegExp, string])[] = [
  [/^(?<whose>\w+ [^:]+):.*<uuid>(?<name>[^<]+)/, "uuid of"],
  [/owner=?"?:?"(?:[^"]*)::(?<whose>[^":]+)",? "?identity"?[=:]"(?<name>[^"]+)"/, "identity of"],
  [/"owner":"(?:[^"]*)::(?<whose>[^":]+)","identity":"(?<name>[^"]+)"/, "identity of"],
  [/^(?<whose>(domain|network) [^:]+): +<mac address="(?<name>[^"]+)"/, "mac of"],
];

function namesIn(line: string): [string, string][] {
  return namings.flatMap(([pattern, what]): [string, string][] => {
    const { name, whose } = pattern.exec(line)?.groups ?? {};
    return name === undefined || whose === undefined ? [] : [[name, `${what} ${whose}`]];
  });
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
