import { childrenOf, type Element, find, render } from "../../format/xml";
import type { NetworkSection, NetworkUpdate } from "../../libvirt/client";
import { cidrOf } from "../../libvirt/network-ip";
import { changesBetween } from "../../resource/diff";
import { formatAddress } from "../../values/ip";
import { readNetwork } from "./drift";
import { networkPolicies } from "./policy";
import { networkInputs, type NetworkInputs } from "./schema";

export type NetworkStep =
  | { readonly kind: "autostart"; readonly on: boolean }
  | { readonly kind: "stop" }
  | { readonly kind: "start" }
  | { readonly kind: "update"; readonly update: NetworkUpdate };

/** The actual network whose definition is already the desired one. */
export interface ActualNetwork {
  /** In libvirt's spelling, so that only different content is a difference. */
  readonly definition: Element;
  /** The definition in force; undefined while the network is inactive. */
  readonly live: Element | undefined;
  readonly autostart: boolean;
  /** Names of the running machines that are, or should be, attached. */
  readonly guests: readonly string[];
  /** Those of them that have no connection and can be attached again. */
  readonly detached: readonly string[];
  /** Whether an attachment was interrupted, and has left its temporary bridge. */
  readonly leavesDetour: boolean;
}

export interface NetworkPlan {
  readonly steps: readonly NetworkStep[];
  /** Paths of the fields that wait for the next restart. */
  readonly waiting: readonly string[];
}

/** The steps that change the running network to its definition. */
export function planToFollow(desired: NetworkInputs, actual: ActualNetwork): NetworkPlan {
  const autostart: NetworkStep[] =
    desired.autostart === actual.autostart ? [] : [{ kind: "autostart", on: desired.autostart }];
  if (!desired.running)
    return { steps: [...autostart, ...(actual.live === undefined ? [] : [{ kind: "stop" } as const])], waiting: [] };
  if (actual.live === undefined) return { steps: [...autostart, { kind: "start" }], waiting: [] };
  const waiting = waitingFields(desired, actual.live, actual.definition);
  if (waiting.length > 0 && (desired.allowRestart || actual.guests.length === 0))
    return { steps: [...autostart, { kind: "stop" }, { kind: "start" }], waiting: [] };
  const updates = updatesBetween(actual.live, actual.definition);
  return { steps: [...autostart, ...updates.map((update) => ({ kind: "update", update }) as const)], waiting };
}

/** The outstanding work on the running network although no input changes, in sentences for the preview. */
export function leftToDo(desired: NetworkInputs, actual: ActualNetwork): string[] {
  const { live, definition, guests, detached: detached } = actual;
  if (live === undefined || !desired.running) return [];
  const waiting = waitingFields(desired, live, definition);
  const restarts = waiting.length > 0 && guests.length === 0;
  const updates = restarts ? [] : updatesBetween(live, definition);
  return [
    ...(restarts ? [`${waiting.join(", ")}: restarts the network; no running machine is attached`] : []),
    ...(updates.length > 0
      ? [`${sectionsOf(updates)}: the running network differs from its definition, and is changed to it`]
      : []),
    ...(detached.length > 0 ? [`attaches ${detached.join(", ")} again`] : []),
    ...(actual.leavesDetour && detached.length === 0
      ? ["removes the temporary bridge of an interrupted attachment"]
      : []),
  ];
}

/** The inputs' names for the sections. */
const sectionNames = {
  "ip-dhcp-host": "DHCP hosts",
  "ip-dhcp-range": "DHCP ranges",
  "dns-host": "dns.hosts",
  "dns-txt": "dns.txt",
  "dns-srv": "dns.srv",
  portgroup: "portGroups",
} as const satisfies Record<NetworkSection, string>;

function sectionsOf(updates: readonly NetworkUpdate[]): string {
  return [...new Set(updates.map(({ section }) => sectionNames[section]))].join(", ");
}

/** The fields in which a running network differs from its definition until a restart. */
export function waitingFields(inputs: NetworkInputs, live: Element, definition: Element): string[] {
  const [before, after] = [live, definition].map((network) => readNetwork(network, inputs, inputs));
  return changesBetween(networkInputs, networkPolicies, { ...before }, { ...after })
    .filter(({ policy }) => policy === "restart")
    .map(({ path }) => path);
}

/** Deletions come first, so that addresses are free for other entries; net-update can't modify most entries. */
function updatesBetween(live: Element, definition: Element): NetworkUpdate[] {
  const [actual, desired] = [entriesOf(live), entriesOf(definition)];
  const gone = actual.filter((entry) => isIn(definition, entry.ip) && !holds(desired, entry));
  const added = desired.filter((entry) => isIn(live, entry.ip) && !holds(actual, entry));
  return [
    ...gone.map((entry) => updateOf("delete", entry, live)),
    ...added.map((entry) => updateOf("add-last", entry, live)),
  ];
}

/** One entry of a network that net-update changes. */
interface Entry {
  readonly section: NetworkSection;
  /** The address of its `<ip>`. */
  readonly ip: string | undefined;
  readonly xml: string;
}

function entriesOf(network: Element): Entry[] {
  const inIps = childrenOf(network, "ip").flatMap((ip) => {
    const dhcp = find(ip, "dhcp");
    return [...entries("ip-dhcp-range", dhcp, "range", ip), ...entries("ip-dhcp-host", dhcp, "host", ip)];
  });
  const dns = find(network, "dns");
  return [
    ...inIps,
    ...entries("dns-host", dns, "host"),
    ...entries("dns-txt", dns, "txt"),
    ...entries("dns-srv", dns, "srv"),
    ...entries("portgroup", network, "portgroup"),
  ];
}

function entries(section: NetworkSection, parent: Element | undefined, name: string, ip?: Element): Entry[] {
  return childrenOf(parent, name).map((element) => ({ section, ip: ip && addressOf(ip), xml: render(element) }));
}

function addressOf(ip: Element): string {
  const cidr = cidrOf(ip);
  return cidr === undefined ? "" : `${formatAddress(cidr)}/${cidr.prefix}`;
}

function holds(all: readonly Entry[], { section, ip, xml }: Entry): boolean {
  return all.some((other) => other.section === section && other.ip === ip && other.xml === xml);
}

/** Entries of a subnet that only one of the two has wait for the restart, like the subnet. */
function isIn(network: Element, ip: string | undefined): boolean {
  return ip === undefined || indexOf(network, ip) !== -1;
}

function indexOf(network: Element, ip: string): number {
  return childrenOf(network, "ip").map(addressOf).indexOf(ip);
}

function updateOf(command: NetworkUpdate["command"], { section, ip, xml }: Entry, live: Element): NetworkUpdate {
  return { command, section, xml, ...(ip === undefined ? {} : { parentIndex: indexOf(live, ip) }) };
}
