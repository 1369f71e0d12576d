/** What Pulumi sends in place of a value that isn't known at preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs of which some may be unknown at preview: they can only be looked at as far as they are known. */
export class Previewed<Inputs> {
  readonly #inputs: Inputs;
  /** All of them; undefined as long as something is unknown. */
  readonly complete: Inputs | undefined;

  /** @param inputs as their schema has them, with unknown values in any place */
  constructor(inputs: Inputs) {
    this.#inputs = inputs;
    this.complete = containsUnknown(inputs) ? undefined : inputs;
  }

  /** What a look finds; undefined when it meets something unknown. */
  known<Found>(look: (inputs: Inputs) => Found): Found | undefined {
    return ifKnown(() => look(this.complete ?? guarded(this.#inputs)));
  }

  /** What a look at the host finds, by these inputs; undefined when it meets something unknown. */
  whenKnown<Found>(look: (inputs: Inputs) => Promise<Found> | Found): Promise<Found | undefined> {
    return ifKnownAtHost(async () => look(this.complete ?? guarded(this.#inputs)));
  }

  /** The same where the look may call an unknown value wrong: no failure counts that comes after the first of them. */
  async beforeUnknown<Found>(look: (inputs: Inputs) => Promise<Found>): Promise<Found | undefined> {
    const met = { unknown: false };
    try {
      return await look(this.complete ?? guarded(this.#inputs, () => (met.unknown = true)));
    } catch (error) {
      if (met.unknown) return undefined;
      throw error;
    }
  }
}

/** A part of a look by itself: where it meets something unknown, the rest goes on. */
export function ifKnown<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof MetUnknown) return undefined;
    throw error;
  }
}

/** What a look finds in each item; undefined where it meets something unknown, which hides nothing of the others. */
export function each<Item, Found>(
  items: readonly Item[],
  look: (item: Item, index: number) => Found,
): (Found | undefined)[] {
  return Array.from(items.keys(), (index) => ifKnown(() => look(items[index] as Item, index)));
}

/** The same of a look at the host. */
export function eachAtHost<Item, Found>(
  items: readonly Item[],
  look: (item: Item, index: number) => Promise<Found>,
): Promise<(Found | undefined)[]> {
  return Promise.all(Array.from(items.keys(), (index) => ifKnownAtHost(async () => look(items[index] as Item, index))));
}

/** A part of a look at the host by itself: where it meets something unknown, the rest goes on. */
export async function ifKnownAtHost<Found>(look: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof MetUnknown) return undefined;
    throw error;
  }
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Ends a look. */
class MetUnknown extends Error {}

/** @param meet is called for each unknown value that is read */
function guarded<Value>(value: Value, meet?: () => void): Value {
  if (value === unknownValue) {
    meet?.();
    throw new MetUnknown("known when it is applied");
  }
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, {
    get: (target, key, receiver) => guarded(Reflect.get(target, key, receiver) as unknown, meet),
  });
}
