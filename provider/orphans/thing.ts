import type { Properties } from "../resource/handler";
import { ownersIn, type Shared } from "../values/sharing";

/** The kinds of things on a host, by the words that the command reads and prints. */
export const thingKinds = [
  "machine",
  "reservation",
  "volume",
  "pool",
  "network",
  "iso",
  "receipt",
  "log",
  "note",
  "create",
] as const;

export type ThingKind = (typeof thingKinds)[number];

/** A thing on the host that kvm-deploy created or took over. */
export interface Thing {
  readonly kind: ThingKind;
  /** Such as `web`, `tank/web-root`, `lab/52:54:00:12:34:56`, a path, or the URN of a create. */
  readonly name: string;
  /** Undefined if the thing has no record of its owner. */
  readonly owner: Shared | undefined;
  /** The time of its record, in milliseconds since 1970; undefined if unknown. */
  readonly sinceMs?: number | undefined;
  /** Whether it is the part of one owner in a thing that several share. */
  readonly isPart?: true;
  /** Its description and its progress, in words. */
  readonly what: string;
  readonly target: Target;
}

/** How it is removed. */
export type Target =
  /**
   * By the resource's own delete. @property state the part of the thing's state that the delete needs, read from the
   * host
   */
  | { readonly by: "machine" | "volume" | "pool" | "network" | "iso"; readonly id: string; readonly state: Properties }
  | { readonly by: "reservation"; readonly network: string; readonly mac: string; readonly address: string }
  | { readonly by: "log"; readonly file: string }
  | { readonly by: "record" }
  /** It may have another owner. */
  | { readonly by: "nobody" };

/** The part of each owner in a shared thing, which leaves it when the part is removed; any other thing as it is. */
export function partsOf(thing: Thing): readonly Thing[] {
  const owners = ownersIn(thing.owner);
  if (owners.length < 2) return [thing];
  const what = `${thing.what} that ${owners.length} resources share`;
  return owners.map((owner) => ({ ...thing, owner, isPart: true, what }));
}

/** Whether one that is there is what was to be removed. Others keep their parts, and the name is theirs then. */
export function isStill(there: Thing, { kind, name, owner, isPart }: Thing): boolean {
  const isNamed = there.kind === kind && there.name === name;
  return isNamed && (isPart !== true || there.owner?.identity === owner?.identity);
}

/** The name of a thing on the command line. */
export function nameOf({ kind, name }: Pick<Thing, "kind" | "name">): string {
  return `${kind}:${name}`;
}
