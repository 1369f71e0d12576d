import type { Position } from "../../format/yaml/frame";
import { type Child, countIn, isLocatedMap, type Located, pathUnder } from "../../format/yaml/located";
import { limits } from "../../format/yaml/limits";
import { choices } from "../../values/nearest";
import type { Section } from "../references";
import { withDefaults } from "./defaults";
import { expandMachine } from "./machine";
import { type Facts, factsOf, guestKeys } from "./network";
import { type Expansion, isMap, mapOf, type Place, type Slip, under, withChildren, without, withParts } from "./place";

/** A configuration of which each entry has the inputs of its resource. */
export interface Expanded {
  readonly root: Located;
  readonly slips: readonly Slip[];
}

/** The whole configuration that a compact one means. What is written out is what it is. */
export function expand(given: Located): Expanded {
  const slips: Slip[] = [];
  const expansion: Expansion = {
    lift: (values, compute) => compute(...values),
    report: (slip) => slips.push(slip),
  };
  if (!isLocatedMap(given)) return { root: given, slips };
  const root = { node: given, path: "" };
  const made = new Map<string, Child>();
  const machines = under(root, "machines");
  const defaults = defaultsOf(root, expansion);
  if (machines !== undefined && isMap(machines))
    for (const [key, child] of expandAll(machines, defaults, root, made, expansion)) made.set(`machines.${key}`, child);
  const sections = Object.fromEntries(
    (["volumes", "installers", "machines"] as const).map((section) => [section, sectionOf(root, section, made)]),
  );
  return { root: withParts(without(withoutGuests(root, expansion), ["defaults"]), sections), slips };
}

function defaultsOf(root: Place, { report }: Expansion): Place | undefined {
  const defaults = under(root, "defaults");
  if (defaults === undefined || defaults.node.value === null) return undefined;
  if (isMap(defaults)) return defaults;
  report({ path: defaults.path, at: defaults.node.at, message: "must be a map of what all machines have" });
  return undefined;
}

/** The machines; what they need is added to `made`, by its section and key. */
function expandAll(
  machines: Place,
  defaults: Place | undefined,
  root: Place,
  made: Map<string, Child>,
  expansion: Expansion,
): [string, Child][] {
  const { size } = machines.node.children;
  if (defaults !== undefined && size * countIn(defaults.node) > limits.values) {
    const message = `are more than ${limits.values} values together, for ${size} machines`;
    expansion.report({ path: defaults.path, at: defaults.node.at, message });
    return [];
  }
  const networks = under(root, "networks");
  const facts = (nic: Place) => knownFacts(nic, networks, expansion);
  return [...machines.node.children].map(([key, child]): [string, Child] => {
    const place = under(machines, key) ?? machines;
    const entry = child.node.value === null ? { ...place, node: mapOf({}, child.keyAt) } : place;
    if (!isMap(entry)) return [key, child];
    const whole = { ...entry, node: withDefaults(entry, defaults, expansion) };
    const { machine, ...others } = expandMachine(key, whole, facts, expansion);
    for (const section of ["installers", "volumes"] as const)
      for (const [name, node] of others[section]) add(section, name, { keyAt: node.at, node }, root, made, expansion);
    return [key, { ...child, node: machine }];
  });
}

function add(
  section: "installers" | "volumes",
  name: string,
  child: Child,
  root: Place,
  made: Map<string, Child>,
  { report }: Expansion,
): void {
  const path = `${section}.${name}`;
  const places = under(root, section);
  const { origin, at } = child.node.children.get(section === "volumes" ? "size" : "source")?.node ?? child.node;
  const message =
    section === "volumes"
      ? `would make the volume ${name}, which exists in this configuration. Refer to it by \`volume: ${name}\`, or choose another name`
      : `would make the installer ${name}, which exists in this configuration. Refer to it by \`installer: ${name}\`, or choose another name`;
  if (made.has(path) || places?.node.children.has(name) === true) report({ path: origin?.path ?? path, at, message });
  else made.set(path, child);
}

function sectionOf(root: Place, section: Section, made: ReadonlyMap<string, Child>): Located | undefined {
  const prefix = `${section}.`;
  const entries = [...made].flatMap(([path, child]): [string, Child][] =>
    path.startsWith(prefix) ? [[path.slice(prefix.length), child]] : [],
  );
  const written = under(root, section)?.node;
  if (entries.length === 0) return written;
  const at: Position = written?.at ?? root.node.at;
  const own = written === undefined || !isLocatedMap(written) ? mapOf({}, at) : written;
  const isMade = (key: string) => entries.some(([name]) => name === key);
  return withChildren(own, [...[...own.children].filter(([key]) => !isMade(key)), ...entries]);
}

function knownFacts(nic: Place, networks: Place | undefined, expansion: Expansion): Facts | undefined {
  const name = under(nic, "network")?.node.value;
  const network = typeof name === "string" && networks !== undefined ? under(networks, name) : undefined;
  if (network === undefined) return undefined;
  const { value } = network.node;
  return factsOf(value === null ? { ...network, node: mapOf({}, network.node.at) } : network, {
    ...expansion,
    report: () => undefined,
  });
}

/** What only guests are to know is no input of a Network. */
function withoutGuests(root: Place, expansion: Expansion): Located {
  const networks = under(root, "networks");
  if (networks === undefined || !isMap(networks)) return root.node;
  for (const key of networks.node.children.keys()) checkGuests(under(networks, key) ?? networks, expansion);
  const children = [...networks.node.children].map(([key, child]): [string, Child] => [
    key,
    child.node.children.has("guests") ? { ...child, node: without(child.node, ["guests"]) } : child,
  ]);
  return withParts(root.node, { networks: withChildren(networks.node, children) });
}

function checkGuests(network: Place, { report }: Expansion): void {
  const guests = under(network, "guests");
  if (guests === undefined) return;
  if (!isMap(guests)) report({ path: guests.path, at: guests.node.at, message: "must be a map" });
  for (const [key, { keyAt }] of guests.node.children)
    if (!guestKeys.some((known) => known === key))
      report({
        path: pathUnder(guests.path, key),
        at: keyAt,
        message: `there is no such key; ${choices("allowed here", key, guestKeys)}`,
      });
}
