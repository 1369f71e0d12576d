import { type Problem } from "../resource/issues";
import { type Entries, type Entry, mapAt, referencesOf, type Section } from "./references";
import { choices } from "../values/nearest";

/** The references to entries that do not exist. */
export function brokenReferences(section: Section, entry: Entry, entries: Entries): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { field, to, isHosts } of referencesOf(section)) {
    const keys = Object.keys(entries[to]);
    mapAt(entry, field, (value, path) => {
      if (typeof value !== "string" || keys.includes(value) || isHosts(value)) return value;
      const known = choices(`the ${to} of this configuration`, value, keys);
      problems.push({ path, message: `"${value}" is not among the ${to}; ${known}` });
      return value;
    });
  }
  return problems;
}
