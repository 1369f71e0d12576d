/**
 * What a change of a field does to a running thing.
 * - `live`: applied while it runs
 * - `restart`: written to the definition; in force after the next restart, or at once with `allowRestart`
 * - `reinstall`: only the next installation uses it
 * - `replace`: a new thing takes the place of the old one
 * - `refuse`: can't be done without loss; an error at preview
 * - `setting`: concerns kvm-deploy alone; nothing on the host changes
 * - `digested`: what it changes is seen in a field that is derived from it; by itself it is never a difference
 */
export type Policy = "live" | "restart" | "reinstall" | "replace" | "refuse" | "setting" | "digested";

/** The same policy for several fields. */
export function allAre<Same extends Policy, Field extends string>(
  policy: Same,
  fields: readonly Field[],
): Readonly<Record<Field, Same>> {
  return Object.fromEntries(fields.map((field) => [field, policy])) as Readonly<Record<Field, Same>>;
}

/** One entry a field, at every depth that has policies of its own: a new field without a policy does not compile. */
export type PolicyTable<Value, Inputs = Value> = {
  readonly [Field in keyof Required<Value>]: FieldPolicy<NonNullable<Value[Field]>, Inputs>;
};

export type FieldPolicy<Value, Inputs> =
  | Policy
  | Depends<Inputs>
  | (Value extends readonly (infer Item)[]
      ? Items<Item, Inputs>
      : Value extends Readonly<Record<string, unknown>>
        ? Parts<Value, Inputs>
        : never);

/** A policy of a field of any type, for those who read tables of every resource. */
export type AnyPolicy = Policy | Depends<unknown> | Parts<unknown, unknown> | Items<unknown, unknown>;

/** What the change does follows from the inputs, such as memory that is live within its maximum. */
export interface Depends<Inputs> {
  readonly kind: "depends";
  readonly decide: (olds: Inputs, news: Inputs) => Policy;
  /** What it may come to at most: told at preview, where what decides it is unknown. */
  readonly most: Policy;
  /** For the reference: `at once up to maxMemory, else at a restart`. */
  readonly text: string;
}

/** An object whose parts have policies of their own. */
export interface Parts<Value, Inputs> {
  readonly kind: "parts";
  /** When the whole object comes or goes. */
  readonly whole: Policy | Depends<Inputs>;
  readonly fields: PolicyTable<Value, Inputs>;
}

/** A list whose items are told apart by a key. */
export interface Items<Item, Inputs> {
  readonly kind: "items";
  /** What makes an item the same after a change; `index` where nothing else does. */
  readonly keyOf: (item: Item, index: number, items: readonly Item[]) => string;
  readonly added: Policy | Depends<Inputs>;
  readonly removed: Policy | Depends<Inputs>;
  /** When items that stay change their order; without it, order is no difference. */
  readonly moved?: Policy | Depends<Inputs>;
  readonly fields: PolicyTable<Item, Inputs>;
}
