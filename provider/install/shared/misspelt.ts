import { nearest } from "../../values/nearest";

export interface Misspelt {
  readonly key: string;
  readonly message: string;
}

/**
 * Keys that are nearly one that the installer knows: it would leave them out, and install without what they say. Others may
 * be of a later release.
 */
export function misspelt(given: readonly string[], known: readonly string[]): Misspelt[] {
  return given
    .filter((key) => !known.includes(key))
    .flatMap((key) => {
      const meant = nearest(key, known);
      return meant === undefined ? [] : [{ key, message: `there is no such key; did you mean "${meant}"?` }];
    });
}
