import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { limits } from "../../../provider/format/yaml/limits";
import { loadDocument, parseYaml } from "../../../provider/format/yaml/load";
import { StackSecret } from "../../../provider/format/yaml/located";
import { KvmError } from "../../../provider/values/errors";

function load(main: string, includes: Record<string, string> = {}) {
  const files: Record<string, string> = { "c.yaml": main };
  for (const [name, text] of Object.entries(includes)) files[`includes/${name}`] = text;
  return loadDocument("c.yaml", {
    read: (file) => (file.endsWith("/pipe") ? assert.fail("it is a pipe") : files[file]),
    environment: (name) => (name === "CPUS" ? "4" : undefined),
    repeated: ["machines"],
  });
}

interface Case {
  readonly what: string;
  readonly main: string;
  readonly includes?: Record<string, string>;
  readonly value: unknown;
}

const cases: readonly Case[] = [
  {
    what: "parameters of an included file, in texts, keys and as whole values",
    main: "a: !include { file: x.yaml, with: { n: 3, list: [p, q], m: { k: v } } }",
    includes: { "x.yaml": '{ "key-${n}": "n is ${ n }, ${m.k}", all: "${list}", next: "${n+7}", text: "x${n-1}" }' },
    value: { a: { "key-3": "n is 3, v", all: ["p", "q"], next: 10, text: "x2" } },
  },
  {
    what: "nothing in a file without parameters, and nothing for two dollar characters in one with",
    main: 'a: "${HOME} {{braces}}"\nb: !include { file: x.yaml, with: { n: 1 } }\nc: !include y.yaml',
    includes: { "x.yaml": '"$${HOME} $HOME {{n}} ${n}"', "y.yaml": '"${n}"' },
    value: { a: "${HOME} {{braces}}", b: "${HOME} $HOME {{n}} 1", c: "${n}" },
  },
  {
    what: "a parameter in the name of a file, and in parameters for a further file",
    main: "a: !include { file: x.yaml, with: { n: y } }",
    includes: { "x.yaml": '!include { file: "${n}.yaml", with: { m: "${n}${n}" } }', "y.yaml": '"${m}"' },
    value: { a: "yy" },
  },
  {
    what: "copies of an entry for numbers",
    main: 'machines:\n  w-${n}: { for: { n: 08..10 }, a: "${n+100}", b: "${index}" }\nother: { w: { for: 1, count: 2 } }',
    value: {
      machines: { "w-08": { a: 108, b: 1 }, "w-09": { a: 109, b: 2 }, "w-10": { a: 110, b: 3 } },
      other: { w: { for: 1, count: 2 } },
    },
  },
  {
    what: "copies of an entry for a list, also in included files",
    main: "machines: !include x.yaml",
    includes: {
      "x.yaml": '"${m.name}": { for: { m: [{ name: a, ip: 1 }, { name: b, ip: 2 }] }, ip: "10.0.0.${m.ip}" }',
    },
    value: { machines: { a: { ip: "10.0.0.1" }, b: { ip: "10.0.0.2" } } },
  },
  {
    what: "a number of copies, which may be in a variable; none is possible",
    main: "machines: { a: { count: 2 }, b: { count: 0 }, c: { count: !env CPUS } }",
    value: { machines: { "a-1": {}, "a-2": {}, "c-1": {}, "c-2": {}, "c-3": {}, "c-4": {} } },
  },
  { what: "a variable of the environment, as text", main: "a: !env CPUS", value: { a: "4" } },
  {
    what: "a secret, also by a parameter",
    main: "a: !secret token\nb: !include { file: x.yaml, with: { s: !secret token } }",
    includes: { "x.yaml": '{ t: "${s}" }' },
    value: {
      a: new StackSecret("token", { file: "c.yaml", line: 1, column: 12 }),
      b: { t: new StackSecret("token", { file: "c.yaml", line: 2, column: 48 }) },
    },
  },
  {
    what: "lists that follow those of `<<`, and lists of lists",
    main: "a: { <<: !include x.yaml, l: !append [3, !include y.yaml] }\nb: !append [1]",
    includes: { "x.yaml": "{ l: [1, 2], m: [1] }", "y.yaml": "[4]" },
    value: { a: { l: [1, 2, 3, 4], m: [1] }, b: [1] },
  },
];

describe("a configuration has", () => {
  for (const { what, main, includes, value } of cases)
    it(what, () => assert.deepEqual(load(main, includes).value, value));
});

const bomb = (count: number) =>
  Array.from(
    { length: count },
    (_, n) =>
      `a${n}: &a${n} [${
        n === 0
          ? "x"
          : Array(9)
              .fill(`*a${n - 1}`)
              .join(", ")
      }]`,
  ).join("\n");

const wrong: readonly (readonly [what: string, main: string, message: RegExp, include?: string])[] = [
  [
    "an unknown parameter",
    "!include { file: x.yaml, with: { n: 1 } }",
    /^includes\/x\.yaml:1:4: \$\{m\} is not a parameter here; there are \$\{n\}\. Write \$\$\{m\}/,
    'a: "${m}"',
  ],
  ["a parameter without its end", "!include { file: x.yaml, with: { n: 1 } }", /without its \}/, 'a: "b${n"'],
  ["a secret within a text", "!include { file: x.yaml, with: { n: !secret token } }", /is a secret/, 'a: "b${n}"'],
  ["a map within a text", "!include { file: x.yaml, with: { n: {} } }", /is no text or number/, 'a: "b${n}"'],
  [
    "an addition to a text",
    "!include { file: x.yaml, with: { n: b } }",
    /adds to what is not a whole number/,
    'a: "${n+1}"',
  ],
  ["a missing part", "!include { file: x.yaml, with: { n: {} } }", /there is no key "k"/, 'a: "${n.k}"'],
  [
    "a name that is none",
    "!include { file: x.yaml, with: { a-b: 1 } }",
    /^c\.yaml:1:34: "a-b" can't be a parameter/,
    "",
  ],
  ["a wrong key of an include", "!include { file: x.yaml, vars: {} }", /^c\.yaml:1:26: !include has no "vars"/, ""],
  ["no file", "!include { with: {} }", /the name of the file is missing/],
  ["a missing variable", "a: !env NOPE", /^c\.yaml:1:9: there is no environment variable NOPE/],
  [
    "the same key for all copies",
    "machines: { a: { for: { n: 1..2 } } }",
    /^c\.yaml:1:13: the key of an entry with `for` must differ/,
  ],
  ["a key twice", 'machines: { a-1: {}, "a-${index}": { count: 2 } }', /"a-1" is given twice/],
  [
    "a name that counts already",
    'machines: { "${index}": { for: { index: [x] } } }',
    /`index` is the number of the copy/,
  ],
  [
    "a number without its last digits",
    'machines: { "${n+9}": { for: { n: [9007199254740991] } } }',
    /adds to what is not a whole/,
  ],
  ["a second document", "a: 1\n---\nb: 1", /^c\.yaml:2:1: the file has a second document; remove the line `---`/],
  ["the same key again", "a: 1\nb: 2\na: 3", /^c\.yaml:3:1: the key is given twice\n/],
  ["what can't be read", "a: !include pipe", /^c\.yaml:1:13: it is a pipe\n/],
  ["both repetitions", "machines: { a: { for: { n: 1..2 }, count: 2 } }", /either `for` or `count`/],
  ["a range from top to bottom", 'machines: { "${n}": { for: { n: 3..1 } } }', /is empty/],
  ["numbers of several lengths", 'machines: { "${n}": { for: { n: 01..100 } } }', /several lengths/],
  ["two names", 'machines: { "${n}": { for: { n: 1..2, m: 1..2 } } }', /a map of one name/],
  ["no list", 'machines: { "${n}": { for: { n: abc } } }', /over a list, or over a range/],
  ["a count that is none", "machines: { a: { count: many } }", /^c\.yaml:1:25: `count` must be a whole number/],
  ["too many copies", "machines: { a: { count: 2000000000 } }", /more than 1000 copies/],
  ["too many copies of a range", 'machines: { "${n}": { for: { n: 0..999999999 } } }', /more than 1000 copies/],
  ["an appended map", "a: !append {}", /!append needs a list/],
  ["a list after a text", "a: { <<: { l: x }, l: !append [1] }", /!append follows what is no list/],
  ["a parameter in braces", "machines:\n  ${n}: { for: { n: 1..2 }, a: b-${n} }", /in quotes/],
  ["aliases that multiply", bomb(12), /more than 100000 values/],
  ["lists within lists", `a: ${"[".repeat(5000)}`, /^c\.yaml:1:1: lists and maps are nested more than 100 deep/],
  ["items within items", `a:\n${"- ".repeat(5000)}`, /^c\.yaml:2:1: lists and maps are nested more than 100 deep/],
  [
    "ever more columns",
    Array.from({ length: 400 }, (_, n) => `${" ".repeat(n)}a:`).join("\n"),
    /nested more than 100 deep/,
  ],
  [
    "parameters that multiply",
    `!include { file: x.yaml, with: { n: [${"x,".repeat(2000)}] } }`,
    /more than 100000 values, with those of aliases, includes and parameters/,
    `[${'"${n}",'.repeat(60)}]`,
  ],
  [
    "aliases within aliases",
    Array.from({ length: 120 }, (_, n) => `a${n}: &a${n} [${n === 0 ? "" : `*a${n - 1}`}]`).join("\n"),
    /nested more than 100 deep/,
  ],
  ["a long file", `a: ${"x".repeat(limits.bytes)}`, /longer than 1 MiB/],
  [
    "a text that grows",
    "!include { file: x.yaml, with: { n: !include y.yaml } }",
    /longer than 65536 characters/,
    `a: "${"${n}".repeat(2000)}"`,
  ],
];

describe("an error is", () => {
  for (const [what, main, message, include = ""] of wrong)
    it(what, () => {
      assert.throws(
        () => load(main, { "x.yaml": include, "y.yaml": "x".repeat(99) }),
        (error) => {
          assert.ok(error instanceof KvmError);
          assert.match(error.message, message);
          return true;
        },
      );
    });

  for (const tag of ["!include", "!env", "!secret"])
    it(`${tag} in a table or catalogue`, () => {
      assert.throws(
        () => parseYaml(`a: ${tag} X`, "t.yaml"),
        /^KvmError: t\.yaml:1:\d+: !\w+ is not possible in this file/,
      );
    });
});
