import type { Properties } from "../resource/handler";
import type { Owner } from "../values/identity";

/** What kvm-deploy makes on a host, by the words that the command takes and prints. */
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

/** A thing on the host that was made or taken over by kvm-deploy. */
export interface Thing {
  readonly kind: ThingKind;
  /** Such as `web`, `tank/web-root`, `lab/52:54:00:12:34:56`, a path, or the URN of a create. */
  readonly name: string;
  /** Undefined when the thing itself doesn't tell whose it is. */
  readonly owner: Owner | undefined;
  /** When it was noted down, in milliseconds since 1970; undefined when nothing tells. */
  readonly sinceMs?: number | undefined;
  /** What it is and how far it has come, in words. */
  readonly what: string;
  readonly target: Target;
}

/** By what it is removed. */
export type Target =
  /** By the resource's own delete. @property state what that needs of the thing's state, as the host tells it */
  | { readonly by: "machine" | "volume" | "pool" | "network" | "iso"; readonly id: string; readonly state: Properties }
  | { readonly by: "reservation"; readonly network: string; readonly mac: string; readonly address: string }
  | { readonly by: "log"; readonly file: string }
  | { readonly by: "record" }
  /** It may be somebody else's. */
  | { readonly by: "nobody" };

/** How a thing is named on the command line. */
export function nameOf({ kind, name }: Pick<Thing, "kind" | "name">): string {
  return `${kind}:${name}`;
}
