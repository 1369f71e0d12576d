import { cyclesIn, graphOf, importsBelow, roomsOf } from "../imports";
import { type CodeFigures, codeFigures } from "./code";
import { leastLines, leastShapes, mostPlaces } from "./duplicates";
import { functionsOf } from "./functions";
import { journeyFrom } from "./journeys";
import { list, table } from "./markdown";
import { filesThatMention } from "./mentions";
import { importedNamesIn } from "./names";
import { examples, journeys } from "./questions";
import { knotsIn, mutualIn, roomOf, roomsIn } from "./rooms";
import type { Spread } from "./statistics";
import type { Tree } from "./tree";

const machine = "provider/resources/machine/";
const mostNames = 20;

const groups: readonly { readonly name: string; readonly has: (path: string) => boolean }[] = [
  { name: "provider", has: (path) => isWritten(path) && path.startsWith("provider/") },
  { name: "machine/ alone", has: (path) => isWritten(path) && path.startsWith(machine) },
  { name: "sdk", has: (path) => isWritten(path) && path.startsWith("sdk/") },
  { name: "tools", has: (path) => isWritten(path) && path.startsWith("tools/") },
  { name: "tests", has: (path) => isWritten(path) && path.startsWith("test/") },
  { name: "\\*.gen.ts", has: (path) => !isWritten(path) },
];

function isWritten(path: string): boolean {
  return !path.endsWith(".gen.ts");
}

/** All figures of a tree, as Markdown. */
export function reportOf(tree: Tree): string {
  return ["# Figures", codeSection(tree), cycleSection(tree), journeySection(tree), touchSection(tree)].join("\n\n");
}

function codeSection(tree: Tree): string {
  const columns = groups.map(({ has }) =>
    codeFigures(
      tree.files.filter(({ path }) => has(path)),
      tree,
    ),
  );
  const rows = Object.entries(codeRows).map(([title, cell]) => [title, ...columns.map(cell)]);
  return `## Code

TypeScript files. "a · b · c" is the median, what 95 of 100 have at most, and the most. A function is one with a name
(declared, a method, the value of a constant or property); one without a name belongs to what is around it, so that the
bodies of tests are not among them. A duplicate is a pair of places that share at least ${leastLines} lines of code of the same shape:
names, strings and numbers are alike, comments and imports are left out, and so are tables (${leastLines} lines of fewer than ${leastShapes}
shapes, or a shape of more than ${mostPlaces} places). A copy is such a pair that is the same to the letter.

${table(["", ...groups.map(({ name }) => name)], rows)}

Functions of machine/ that use more than ${mostNames} imported names: ${list(crowdedFunctions(tree))}.`;
}

const codeRows: Readonly<Record<string, (figures: CodeFigures) => string | number>> = {
  files: ({ files }) => files,
  lines: ({ lines }) => lines,
  functions: ({ functions }) => functions,
  "lines a file": ({ linesOfFile }) => spread(linesOfFile),
  "lines a function": ({ linesOfFunction }) => spread(linesOfFunction),
  parameters: ({ parameters }) => spread(parameters),
  "casts `as X`": ({ casts }) => casts.as,
  "non-null `!`": ({ casts }) => casts.nonNull,
  "`any`": ({ casts }) => casts.any,
  exports: ({ exports }) => exports,
  "exports a file": ({ exports, files }) => ratio(exports, files),
  "comments, of all characters": (figures) => `${(100 * figures.commentShare).toFixed(1)} %`,
  duplicates: ({ duplicates }) => duplicates,
  "duplicates a thousand lines": ({ duplicates, lines }) => ratio(1000 * duplicates, lines),
  copies: ({ copies }) => copies,
  "copies a thousand lines": ({ copies, lines }) => ratio(1000 * copies, lines),
  "names imported by a file": ({ namesOfFile }) => spread(namesOfFile),
  "imported names used by a function": ({ namesOfFunction }) => spread(namesOfFunction),
};

function crowdedFunctions({ files, checker }: Tree): string[] {
  return files
    .filter(({ path }) => path.startsWith(machine))
    .flatMap(functionsOf)
    .filter((each) => importedNamesIn(each, checker) > mostNames)
    .map(({ name, file }) => `${name} (${file.path})`);
}

function cycleSection(tree: Tree): string {
  const imports = importsBelow(tree.root, ["provider", "sdk", "tools"]);
  const cycles = cyclesIn(graphOf(imports));
  const graph = roomsOf(imports, roomOf);
  const knots = knotsIn(graph);
  const arrows = [...graph.values()].flat().length;
  const rows = [
    ["imports of values that lead back to their own file", cycles.length, list(cycles)],
    ["rooms", roomsIn(tree.files.map(({ path }) => path)).length, ""],
    ["arrows between rooms", arrows, ""],
    ["arrows between rooms that lead back", cyclesIn(graph).length, ""],
    ["pairs of rooms that import each other", mutualIn(graph).length, list(mutualIn(graph))],
    ["knots of rooms that lead to each other", knots.length, list(knots.map((knot) => knot.join(" + ")))],
  ];
  return `## Cycles

A room is a directory of provider/, of provider/resources/ or of machine/ (its other files are one, too), or a file of provider/
itself.
Between rooms all imports count, types too.

${table(["", "", "which"], rows)}`;
}

function journeySection(tree: Tree): string {
  const rows = journeys.map((entry) => {
    const found = journeyFrom(entry, tree);
    if (found === undefined) return [entry.journey, "not found", "", "", "", "", ""];
    const ofMachine = found.files.filter((path) => path.startsWith(machine)).length;
    const { functions, lines, files, rooms, interfaces } = found;
    return [entry.journey, functions, lines, files.length, ofMachine, rooms.length, interfaces];
  });
  const head = ["from", "functions", "their lines", "files", "of machine/", "rooms", "ends at an interface"];
  return `## Journeys

What a reader may come to: all functions of provider/ that the entry names, calls or finds in a table that it names, and what
those name in turn, as the compiler resolves it. Where a member of an interface is called (a host's, say), the journey ends.

${table(head, rows)}`;
}

function touchSection(tree: Tree): string {
  const rows = examples.map((example) => {
    const files = filesThatMention(example, tree);
    return [example.like, `\`${example.thing}\``, files.length, example.own ?? "", list(files)];
  });
  return `## Files to touch

For one more like what is there: the hand-written files of provider/ and sdk/ that mention that one, by an identifier, a
string or a pattern, without its own directory.

${table(["for", "as there is", "files", "and its directory", "which"], rows)}`;
}

function spread(figures: Spread | undefined): string {
  if (figures === undefined) return "–";
  const { median, p95, most } = figures;
  return `${median} · ${p95} · ${most.value} (${most.name})`;
}

function ratio(part: number, whole: number): string {
  return whole === 0 ? "–" : (part / whole).toFixed(1);
}
