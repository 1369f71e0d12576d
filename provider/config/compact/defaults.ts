import { appended, type Child, isLocatedList, type Located, pathUnder } from "../../format/yaml/located";
import { rootDisk } from "./disks";
import { type Expansion, isMap, mapOf, moved, type Place, under, withChildren, without, withParts } from "./place";

/** Keys of which the one takes the place of the others. */
const instead: readonly (readonly [key: string, others: readonly string[]])[] = [
  ["nics", ["network", "address", "gateway", "dns"]],
  ["network", ["nics", "address", "gateway", "dns"]],
  ["installer", ["install", "system"]],
  ["install", ["installer"]],
];

/** Described as a whole: parts of two sources would be no source. */
const wholes = ["install", "source"];

/** A machine's entry with the values of `defaults` that it does not give itself. */
export function withDefaults(entry: Place, defaults: Place | undefined, expansion: Expansion): Located {
  const own = unified(entry, expansion);
  if (defaults === undefined) return own;
  const base = unified(defaults, { ...expansion, report: () => undefined });
  const dropped = instead.flatMap(([key, others]) => (own.children.has(key) ? others : []));
  return merged({ ...defaults, node: without(base, dropped) }, { ...entry, node: own });
}

/** Each thing by one key: `disk` is a disk of `disks`, and `keys` are those of root. */
export function unified(entry: Place, { report }: Expansion): Located {
  const refuse = ({ path, node: { at } }: Place, message: string) => report({ path, at, message });
  const [disk, disks, keys, system] = ["disk", "disks", "keys", "system"].map((key) => under(entry, key));
  const parts: Record<string, Located> = {};
  if (disk !== undefined) {
    const all = disks?.node ?? mapOf({}, disk.node.at);
    if (disks !== undefined && (!isMap(disks) || disks.node.children.has(rootDisk)))
      refuse(
        disk,
        `is given next to \`disks\`, which ${isMap(disks) ? "has the disk root, too" : "is a list"}; give one of them`,
      );
    parts["disks"] = withChildren(all, [...mapOf({ [rootDisk]: moved(disk) }, all.at).children, ...all.children]);
  }
  if (keys !== undefined) {
    if (system?.node.children.has("rootKeys") === true)
      refuse(keys, "are given next to `system.rootKeys`; give one of them");
    const around = system?.node ?? mapOf({}, keys.node.at);
    const rootKeys = moved({ ...keys, node: flat(keys.node) });
    parts["system"] = withParts(around, { rootKeys });
  }
  return withParts(without(entry.node, ["disk", "keys"]), parts);
}

/** The keys of several included files are one list. */
function flat(node: Located): Located {
  if (!isLocatedList(node)) return node;
  const items = [...node.children.values()].flatMap((child) =>
    isLocatedList(child.node) ? [...child.node.children.values()] : [child],
  );
  const children = items.map((child, index) => [String(index), child] as const);
  return { ...node, value: items.map((child) => child.node.value), children: new Map(children) };
}

/** Maps are merged; of other values, the second counts. A list with `!append` follows the first. */
function merged(base: Place, own: Place): Located {
  const ours = [...own.node.children].map(([key, child]): [string, Child] => {
    const from = under(base, key);
    const to = under(own, key);
    if (from === undefined || to === undefined) return [key, child];
    if (isMap(from) && isMap(to) && !wholes.includes(key)) return [key, { ...child, node: merged(from, to) }];
    const isLonger = child.node.isAppended === true && isLocatedList(from.node);
    return [key, isLonger ? { ...child, node: appended(withItemsMoved(from), child.node) } : child];
  });
  const inherited = [...base.node.children]
    .filter(([key]) => !own.node.children.has(key))
    .map(([key, child]): [string, Child] => [
      key,
      { ...child, node: moved(under(base, key) ?? { ...base, path: pathUnder(base.path, key) }) },
    ]);
  return withChildren(own.node, [...inherited, ...ours]);
}

function withItemsMoved(list: Place): Located {
  const items = [...list.node.children].map(([key, child]): [string, Child] => [
    key,
    { ...child, node: moved(under(list, key) ?? list) },
  ]);
  return { ...list.node, children: new Map(items) };
}
