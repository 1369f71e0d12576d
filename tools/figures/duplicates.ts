/** Fewer lines than these are no duplicate. */
export const leastLines = 6;
/** Lines of fewer shapes are a table, whose rows are alike by intention. */
export const leastShapes = 4;
/** What stands in more places is the form of a table or of a schema. */
export const mostPlaces = 8;

interface Place {
  readonly file: number;
  readonly line: number;
}

/** A pair of places of the same shape, each as long as it goes. */
export interface Duplicate {
  readonly one: Place;
  readonly other: Place;
}

/** @param files the shapes of each file's lines */
export function duplicatesIn(files: readonly (readonly string[])[]): Duplicate[] {
  const windows = [...placesByWindow(files).values()].filter(({ length }) => length <= mostPlaces);
  const pairs = windows.flatMap(pairsOf);
  const keys = new Set(pairs.map(keyOf));
  // One that goes on from a line above is the rest of that pair.
  return pairs.filter(({ one, other }) => !keys.has(keyOf({ one: above(one), other: above(other) })));
}

function placesByWindow(files: readonly (readonly string[])[]): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  for (const [file, shapes] of files.entries()) {
    for (const line of shapes.keys()) {
      const window = windowOf(shapes, line);
      if (window !== undefined) places.set(window, [...(places.get(window) ?? []), { file, line }]);
    }
  }
  return places;
}

/** The shapes from a line on; undefined of what counts as no duplicate. */
function windowOf(shapes: readonly string[], line: number): string | undefined {
  const window = shapes.slice(line, line + leastLines);
  return window.length < leastLines || new Set(window).size < leastShapes ? undefined : window.join("\n");
}

function pairsOf(places: readonly Place[]): Duplicate[] {
  return places.flatMap((one, index) =>
    places
      .slice(index + 1)
      .filter((other) => isApart(one, other))
      .map((other) => ({ one, other })),
  );
}

function isApart(one: Place, other: Place): boolean {
  return one.file !== other.file || Math.abs(one.line - other.line) >= leastLines;
}

function keyOf({ one, other }: Duplicate): string {
  return [one.file, one.line, other.file, other.line].join(" ");
}

function above({ file, line }: Place): Place {
  return { file, line: line - 1 };
}
