/** What Pulumi sends in place of a value that isn't known at preview. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs of which some may be unknown at preview: they can only be looked at as far as they are known. */
export class Previewed<Inputs> {
  readonly #inputs: Inputs;

  /** @param inputs as a schema has them, but for unknown values anywhere */
  constructor(inputs: Inputs) {
    this.#inputs = containsUnknown(inputs) ? guarded(inputs) : inputs;
  }

  /** What a look at the inputs finds; undefined when it meets something unknown. */
  known<Found>(look: (inputs: Inputs) => Found): Found | undefined {
    return ifKnown(() => look(this.#inputs));
  }

  /** The same of a look that takes its time. */
  async whenKnown<Found>(look: (inputs: Inputs) => Promise<Found>): Promise<Found | undefined> {
    try {
      return await look(this.#inputs);
    } catch (error) {
      if (error instanceof MetUnknown) return undefined;
      throw error;
    }
  }
}

/** What a part of a look finds, so that the rest of it goes on when that part meets something unknown. */
export function ifKnown<Found>(look: () => Found): Found | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof MetUnknown) return undefined;
    throw error;
  }
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Ends a look: it is no failure. */
class MetUnknown extends Error {}

function guarded<Value>(value: Value): Value {
  if (value === unknownValue) throw new MetUnknown("known when it is applied");
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value, { get: (target, key, receiver) => guarded(Reflect.get(target, key, receiver) as unknown) });
}
