import type { Position } from "../../format/yaml/frame";
import { type Located, locatedLeaf, locatedList, locatedMap, StackSecret } from "../../format/yaml/located";
import { withDefaults } from "./defaults";
import { expandMachine } from "./machine";
import { type Facts, factsOf } from "./network";
import { type Expansion, type Lift, mapOf, type Place, type Slip, under } from "./place";

/** A server's parts, as the inputs of its resources. Values may be known only later. */
export interface ServerParts {
  readonly machine: Readonly<Record<string, unknown>>;
  readonly volumes: ReadonlyMap<string, unknown>;
  readonly installers: ReadonlyMap<string, unknown>;
  readonly slips: readonly Slip[];
}

/** The inputs of a Network that a server is on; each may be known only later. */
export type NetworkInputs = Readonly<Record<string, unknown>>;

const nowhere: Position = { file: "", line: 1, column: 1 };

/**
 * The parts of one machine of a program, by the same expansion as that of a configuration's entry.
 * @param networkOf the inputs of the network that a NIC's `network` means, if the program has it
 */
export function expandServer(
  name: string,
  args: Readonly<Record<string, unknown>>,
  networkOf: (network: unknown) => NetworkInputs | undefined,
  lift: Lift,
): ServerParts {
  const slips: Slip[] = [];
  const expansion: Expansion = { lift, report: (slip) => slips.push(slip) };
  const entry: Place = { node: locatedOf(args), path: "" };
  const facts = (nic: Place) => knownFacts(networkOf(under(nic, "network")?.node.value), expansion);
  const whole = { ...entry, node: withDefaults(entry, undefined, expansion) };
  const { machine, volumes, installers } = expandMachine(name, whole, facts, expansion);
  const inputs = (parts: ReadonlyMap<string, Located>) => new Map([...parts].map(([key, node]) => [key, node.value]));
  return {
    machine: machine.value as ServerParts["machine"],
    volumes: inputs(volumes),
    installers: inputs(installers),
    slips,
  };
}

function knownFacts(network: NetworkInputs | undefined, expansion: Expansion): Facts | undefined {
  if (network === undefined) return undefined;
  const parts = Object.entries(network).map(([key, value]) => [key, locatedLeaf(value, nowhere)] as const);
  return factsOf({ node: mapOf(Object.fromEntries(parts), nowhere), path: "network" }, expansion);
}

/** Lists and maps have parts; everything else is a value, whenever it is known. */
function locatedOf(value: unknown): Located {
  if (Array.isArray(value)) return locatedList(value.map(locatedOf), nowhere);
  if (!isPlain(value)) return locatedLeaf(value, nowhere);
  const children = Object.entries(value).flatMap(([key, part]) =>
    part === undefined ? [] : [[key, { keyAt: nowhere, node: locatedOf(part) }] as const],
  );
  return locatedMap(new Map(children), nowhere);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof StackSecret) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
