import { type Graph, reachableFrom } from "../imports";

/**
 * The room of a file of the provider: a directory of provider/, of its resources or of machine/, whichever it has, so that trees
 * of other directories can be compared; or a file that lies in provider/ itself. Undefined elsewhere.
 */
export function roomOf(file: string): string | undefined {
  const [, room] = /^(provider\/(?:resources\/machine\/[^/]+(?=\/)|resources\/[^/]+|[^/]+))/.exec(file) ?? [];
  return room?.replace(/\.ts$/, "");
}

export function roomsIn(files: readonly string[]): string[] {
  return [...new Set(files.flatMap((file) => roomOf(file) ?? []))];
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
