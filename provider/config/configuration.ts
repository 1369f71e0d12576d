import type { Entries, Entry } from "./references";

/** All that one YAML file says; its resources still refer to each other by key. */
export interface Configuration extends Entries {
  readonly connection?: string | undefined;
  /** What templates and tables may use beside the rest of the configuration. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The key is the default of the name, and the configuration's connection that of its entries'. */
export function inputsOf(key: string, entry: Entry, { connection }: Configuration): Entry {
  return { name: key, ...(connection === undefined ? {} : { connection }), ...entry };
}
