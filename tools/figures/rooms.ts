import { type Graph, type Import, reachableFrom } from "../imports";

/**
 * The room of a file of the provider: a directory of provider/, of provider/resources/ or of provider/resources/machine/; each
 * of these is a room itself for the files that lie in no directory of it. Undefined elsewhere.
 */
export function roomOf(file: string): string | undefined {
  return /^provider(\/resources\/machine\/[^/]+|\/resources\/[^/]+|\/[^/]+)?(?=\/)/.exec(file)?.[0];
}

export function roomsIn(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => roomOf(file) ?? []))];
}

/** What each room imports of other rooms, types too. */
export function roomGraph(imports: readonly Import[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [own, other] = [roomOf(from), roomOf(to)];
    if (own === undefined || other === undefined || own === other) continue;
    graph.set(own, (graph.get(own) ?? new Set()).add(other));
  }
  return new Map([...graph].map(([room, others]) => [room, [...others]]));
}

/** The pairs that import each other. */
export function mutualIn(graph: Graph): string[] {
  return [...graph].flatMap(([one, others]) =>
    others.filter((other) => one < other && graph.get(other)?.includes(one)).map((other) => `${one} ↔ ${other}`),
  );
}

/** Those that lead to each other, and so can only be understood together. */
export function knotsIn(graph: Graph): string[][] {
  const left = new Set([...graph.keys()].sort());
  return [...left].flatMap((node) => {
    if (!left.has(node)) return [];
    const knot = [...left].filter((other) => leadsTo(node, other, graph) && leadsTo(other, node, graph));
    for (const each of knot) left.delete(each);
    return knot.length > 1 ? [knot] : [];
  });
}

function leadsTo(from: string, to: string, graph: Graph): boolean {
  return reachableFrom(from, graph).has(to);
}
