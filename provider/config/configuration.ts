import type { Entries, Entry } from "./references";

/** The content of one YAML file; its resources still refer to each other by key. */
export interface Configuration extends Entries {
  readonly connection?: string | undefined;
  /** Values for templates and tables, in addition to the rest of the configuration. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The key is the default of `name`; the configuration's connection is the default of each entry's. */
export function inputsOf(key: string, entry: Entry, { connection }: Configuration): Entry {
  return { name: key, ...(connection === undefined ? {} : { connection }), ...entry };
}
