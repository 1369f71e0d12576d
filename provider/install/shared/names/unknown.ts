import { nearest } from "../../../values/nearest";

/** What is wrong with a name that isn't in a list, and what may be meant. @param how it is written, such as `like "us"` */
export function unknownName(given: string, what: string, known: readonly string[], how: string): string {
  const meant = nearest(given, known);
  return meant === undefined
    ? `"${given}" is not ${what}; write it ${how}`
    : `"${given}" is not ${what}; did you mean "${meant}"? Write it ${how}`;
}
