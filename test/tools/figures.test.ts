import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { codeFigures } from "../../tools/figures/code";
import { duplicatesIn, mostPlaces } from "../../tools/figures/duplicates";
import { journeyFrom } from "../../tools/figures/journeys";
import { filesThatMention, named, said } from "../../tools/figures/mentions";
import { examples, journeys } from "../../tools/figures/questions";
import { reportOf } from "../../tools/figures/report";
import { knotsIn, mutualIn, roomOf, roomsIn } from "../../tools/figures/rooms";
import { spreadOf } from "../../tools/figures/statistics";
import { readTree, type Tree } from "../../tools/figures/tree";
import { cyclesIn, graphOf, importsBelow, roomsOf } from "../../tools/imports";
import { root } from "../site";

/** Eight lines, of which seven are code; with other names it is of the same shape. */
const work = (name: string, value: string) => `export function ${name}(${value}: string): string[] {
  const parts = ${value}.split("${name}");
  // Only the shape of ${name} is alike.
  const first = parts[0] ?? "";
  if (first === "${value}") return [];
  parts.push(first, ...parts);
  return parts.map((each) => each + first);
}
`;

const long = `export function long(): number {
${"  Math.abs(1);\n".repeat(29)}  return 1;
}
`;

const sources = {
  // A cycle of values, and one of rooms; names that a function uses.
  "provider/alpha/one.ts": `import { two, type Shape, table } from "../beta/two";
import * as three from "../beta/three";

/** A comment. */
export const one = (shape: Shape) => {
  const two = table["size"];
  return [two, three.third(shape, [1, 2, 3].map(three.helper))];
};
export { two };
`,
  "provider/beta/two.ts": `import { one } from "../alpha/one";
export interface Shape { readonly size: number; grow(by: number): void }
export function two(shape: Shape) { shape.grow(1); return one(shape); }
export const table = { size: small, unused: "detect_zeroes" };
function small() { return 1; }
`,
  // Types alone make no cycle of values; the room of the other direction is one for a reader.
  "provider/beta/three.ts": `import type { Wish } from "../gamma/wish";
export function third(shape: unknown, numbers: unknown) { return [shape as Wish, numbers as never, [] as const]; }
export function helper(value: number) { const size = value as unknown as typeof alone; return size!; }
function alone(): any { return undefined; }
`,
  "provider/gamma/wish.ts": `export interface Wish { readonly detectZeroes: string }\nexport const prose = "about detectZeroes";\n`,
  "provider/delta/first.ts": work("first", "text"),
  "provider/delta/second.ts": work("second", "word"),
  "provider/delta/third.ts": work("second", "word"),
  "provider/delta/long.ts": long,
  // Rows of a table are no duplicates of each other.
  "provider/delta/rows.ts": `export const rows = [\n${'  { a: "b" },\n'.repeat(12)}];\n`,
  "provider/resources/machine/handler.ts": `import { two } from "../../beta/two";
const grown = { create: two, update: () => undefined };
export const machine = Object.freeze({ create: (shape: never) => two(shape), update: () => grown });
`,
  "sdk/made.gen.ts": `export const detectZeroes = 1;\n`,
} as const;

const directory = mkdtempSync(path.join(tmpdir(), "kvm-deploy-figures-"));
after(() => rmSync(directory, { recursive: true }));
for (const [file, text] of Object.entries(sources)) {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
}
const tree = readTree(directory);

function figuresOf(below: string) {
  return codeFigures(
    tree.files.filter((file) => file.path.startsWith(below)),
    tree,
  );
}

describe("the figures of a tree that is known", () => {
  it("lines, functions, parameters", () => {
    const { files, lines, functions, linesOfFile, linesOfFunction, parameters } = figuresOf("provider/delta/");
    assert.deepEqual([files, lines, functions], [5, 70, 4]);
    assert.deepEqual(linesOfFile, { median: 8, p95: 32, most: { value: 32, name: "provider/delta/long.ts" } });
    assert.deepEqual(linesOfFunction, {
      median: 8,
      p95: 32,
      most: { value: 32, name: "long, provider/delta/long.ts" },
    });
    assert.deepEqual(parameters, { median: 1, p95: 1, most: { value: 1, name: "first, provider/delta/first.ts" } });
  });

  it("casts, exports, comments", () => {
    const { casts, exports } = figuresOf("provider/beta/three.ts");
    assert.deepEqual(casts, { as: 4, nonNull: 1, any: 1 });
    assert.equal(exports, 2);
    assert.equal(figuresOf("provider/alpha/").exports, 2);
    const text = sources["provider/alpha/one.ts"].replace(/\s/g, "").length;
    assert.equal(figuresOf("provider/alpha/").commentShare, "/**Acomment.*/".length / text);
  });

  it("duplicates by shape, each pair once however long; copies to the letter", () => {
    const { duplicates, copies } = figuresOf("provider/");
    assert.deepEqual([duplicates, copies], [3, 1]);
    const shapes = ["a", "b", "c", "d", "e", "f"];
    assert.equal(duplicatesIn(Array.from({ length: mostPlaces }, () => shapes)).length, 28);
    assert.equal(duplicatesIn(Array.from({ length: mostPlaces + 1 }, () => shapes)).length, 0);
  });

  it("imported names", () => {
    const { namesOfFile, namesOfFunction } = figuresOf("provider/alpha/");
    assert.equal(namesOfFile?.most.value, 4);
    // `table` and `three`: its own `two` hides the one that is imported, and `Shape` stands before its braces.
    assert.deepEqual(namesOfFunction?.most, { value: 2, name: "one, provider/alpha/one.ts" });
  });

  it("cycles of values between files, knots of rooms by types too", () => {
    const imports = importsBelow(directory, ["provider"]);
    assert.deepEqual(cyclesIn(graphOf(imports)), [
      "provider/alpha/one → provider/beta/two",
      "provider/beta/two → provider/alpha/one",
    ]);
    const graph = roomsOf(imports, roomOf);
    assert.deepEqual(knotsIn(graph), [["provider/alpha", "provider/beta"]]);
    assert.deepEqual(mutualIn(graph), ["provider/alpha ↔ provider/beta"]);
    const back = roomsOf(
      [...imports, { from: "provider/gamma/wish.ts", to: "provider/alpha/one", isType: true }],
      roomOf,
    );
    assert.deepEqual(knotsIn(back), [["provider/alpha", "provider/beta", "provider/gamma"]]);
    assert.deepEqual(roomsIn(tree.files.map((file) => file.path)).length, 5);
  });

  it("rooms", () => {
    const room = (file: string) => roomOf(`provider/${file}`)?.replace(/^provider\/?/, "");
    assert.equal(room("index.ts"), "index");
    assert.equal(room("index"), "index");
    assert.equal(room("host/run.ts"), "host");
    assert.equal(room("install/debian/index.ts"), "install");
    assert.equal(room("resources/network/ip/xml.ts"), "resources/network");
    assert.equal(room("resources/machine/handler.ts"), "resources/machine");
    assert.equal(room("resources/machine/live/run/plan.ts"), "resources/machine/live");
    assert.equal(roomOf("sdk/index.ts"), undefined);
  });

  it("a journey follows names, calls and tables, and ends at an interface", () => {
    const entry = { journey: "", below: "provider/", name: "machine", member: "create" };
    // create, two, one, small (in a table), third, helper (handed on): neither `alone` nor `update`.
    const found = journeyFrom(entry, tree);
    assert.deepEqual([found?.functions, found?.interfaces], [6, 1]);
    assert.deepEqual(found?.files, [
      "provider/alpha/one.ts",
      "provider/beta/three.ts",
      "provider/beta/two.ts",
      "provider/resources/machine/handler.ts",
    ]);
    assert.deepEqual(found.rooms, ["provider/alpha", "provider/beta", "provider/resources/machine"]);
    assert.equal(journeyFrom({ ...entry, name: "helper" }, tree), undefined);
    assert.equal(journeyFrom({ journey: "", below: "provider/", name: "helper" }, tree)?.functions, 1);
  });

  it("files to touch: by names, not by prose, and without what is generated", () => {
    const example = { like: "", thing: "", isNamed: named(/detect_?zeroes/i) };
    const expected = ["provider/beta/two.ts", "provider/gamma/wish.ts"];
    assert.deepEqual(filesThatMention(example, tree), expected);
    assert.deepEqual(filesThatMention({ ...example, own: "provider/gamma/" }, tree), expected.slice(0, 1));
    assert.deepEqual(filesThatMention({ ...example, isNamed: said("about detect") }, tree), expected.slice(1));
    const beta = { ...example, isNamed: named(/\/beta\//) };
    assert.equal(filesThatMention(beta, tree).length, 2);
    assert.equal(filesThatMention({ ...beta, resource: "network" }, tree).length, 1);
  });
});

it("the nearest rank is a figure that was measured", () => {
  const of = (...values: number[]) => spreadOf(values.map((value, index) => ({ value, name: String(index) })));
  assert.equal(of(), undefined);
  assert.deepEqual(of(3, 1, 4, 2), { median: 2, p95: 4, most: { value: 4, name: "2" } });
  assert.equal(of(...Array.from({ length: 100 }, (_, index) => index))?.p95, 94);
});

describe("the figures of this checkout", () => {
  const own: Tree = readTree(root);

  it("find each journey's start and each example", () => {
    for (const entry of journeys) assert.ok(journeyFrom(entry, own), entry.journey);
    for (const example of examples) assert.ok(filesThatMention(example, own).length > 0, example.like);
  });

  it("are the same each time", () => {
    assert.equal(reportOf(tree), reportOf(readTree(directory)));
    assert.match(reportOf(tree), /\| machine: create \| 6 \|/);
  });
});
