import type { MachineInputs } from "../schema";

/** A machine whose values are right each by itself. */
export type Candidate = Omit<MachineInputs, "connection">;

export type Report = (path: readonly PropertyKey[], message: string) => void;

/** Reports each value that an earlier one is already. */
export function unique<Value>(
  values: readonly Value[],
  report: (value: Value & {}, index: number, first: number) => void,
) {
  values.forEach((value, index) => {
    const first = values.indexOf(value);
    if (value !== undefined && value !== null && first < index) report(value, index, first);
  });
}

/** The keys that are given. */
export function given<Key extends string>(
  object: Readonly<Partial<Record<Key, unknown>>>,
  keys: readonly Key[],
): Key[] {
  return keys.filter((key) => object[key] !== undefined);
}
