import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import {
  cyclesIn,
  type Graph,
  graphOf,
  type Import,
  importsBelow,
  importsOf,
  reachableFrom,
  roomsOf,
} from "../tools/imports";
import { root } from "./site";

interface Rule {
  readonly rule: string;
  /** The files that it binds. */
  readonly files: RegExp;
  /** What they must not import. A group `(?<own>…)` of `files` is put in for `OWN`. */
  readonly forbidden: RegExp;
  /** Importing types is no breach: they vanish when the file is compiled. */
  readonly typesAreFree?: true;
  readonly exceptions?: readonly Exception[];
  /** A file and a line of it that break the rule. */
  readonly breach: readonly [file: string, line: string];
}

interface Exception {
  readonly file: RegExp;
  readonly imports: RegExp;
  readonly reason: string;
}

/** Which way imports point. */
const rules: readonly Rule[] = [
  {
    rule: "the SDK imports no values of the provider, whose code must run in the provider's process alone",
    files: /^sdk\//,
    forbidden: /^provider\//,
    typesAreFree: true,
    exceptions: [
      {
        file: /^sdk\/(config|deployment|resource|server)\.ts$/,
        imports: /^provider\/(config\/|values\/(errors|keys)$)/,
        reason: "a configuration is read and checked where the program runs",
      },
    ],
    breach: ["sdk/network.ts", 'import { networkInputs } from "../provider/resources/network/schema";'],
  },
  {
    rule: "the provider knows neither the SDK nor tools and tests",
    files: /^provider\//,
    forbidden: /^(sdk|tools|test|bench|examples)\//,
    exceptions: [
      {
        file: /^provider\/cli\/stack\/program\.ts$/,
        imports: /^sdk\//,
        reason: "the command's own program is one for the SDK",
      },
    ],
    breach: ["provider/config/read.ts", 'import type { NetworkArgs } from "../../sdk/args.gen";'],
  },
  {
    rule: "what is installed with the package uses nothing of tools and tests",
    files: /^sdk\//,
    forbidden: /^(tools|test|bench|examples)\//,
    breach: ["sdk/config.ts", 'import { programs } from "../tools/programs";'],
  },
  {
    rule: "only engine/dynamic.ts knows Pulumi",
    files: /^provider\/(?!engine\/dynamic\.ts$)/,
    forbidden: /^@pulumi\//,
    exceptions: [
      {
        file: /^provider\/engine\/log\.ts$/,
        imports: /./,
        reason: "it speaks to the engine for dynamic.ts, in a file of its own",
      },
      {
        file: /^provider\/cli\/(stack\/|rows\/rows\.ts|commands\/deploy\.ts)/,
        imports: /./,
        reason: "the command runs Pulumi's engine by its Automation API",
      },
    ],
    breach: ["provider/resources/volume/handler.ts", 'import type * as pulumi from "@pulumi/pulumi";'],
  },
  {
    rule: "only host/ has effects",
    files: /^(sdk|provider\/(?!host\/))/,
    forbidden: /^(execa|(node:)?(child_process|fs|http|https|os|timers|dgram|tls)(\/.*)?)$/,
    breach: ["provider/iso/source.ts", 'import { rm } from "node:fs/promises";'],
  },
  {
    rule: "handlers and libvirt get their host from outside: only a run of the engine and the command open one",
    files: /^(sdk|provider)\/(?!engine\/|cli\/main\.ts$|host\/|libvirt\/virsh\/)/,
    forbidden: /^provider\/(engine\/open-host|host\/(environment|run|fetch|lock|ledger|clock)|libvirt\/virsh(\/.*)?)$/,
    typesAreFree: true,
    breach: ["provider/resources/machine/handler.ts", 'import { openHost } from "../../engine/open-host";'],
  },
  {
    rule: "a resource's folder imports none of another's",
    files: /^provider\/resources\/(?<own>[^/]+)\//,
    forbidden: /^provider\/resources\/(?!OWN\/)/,
    breach: ["provider/resources/machine/plan.ts", 'import type { VolumeInputs } from "../volume/schema";'],
  },
  {
    rule: "a family imports none of another's; what two need lies in shared/",
    files: /^provider\/install\/(?<own>[^/]+)\//,
    forbidden: /^provider\/install\/(?!OWN\/|shared\/|[^/]+$)/,
    breach: ["provider/install/ubuntu/index.ts", 'import { media } from "../debian/media";'],
  },
  {
    rule: "a family is known by the registry alone",
    files: /^(sdk|provider\/(?!install\/))/,
    forbidden: /^provider\/install\/(?!shared\/|[^/]+$)/,
    breach: [
      "provider/resources/installer-iso/schema.ts",
      'import { debianOptions } from "../../install/debian/schema";',
    ],
  },
  {
    rule: "libvirt, ISOs, releases, formats and families know no resources",
    files: /^provider\/(libvirt|iso|releases|format|install)\//,
    forbidden: /^provider\/resources\//,
    breach: ["provider/libvirt/users.ts", 'import type { MachineInputs } from "../resources/machine/schema";'],
  },
  ...(
    [
      ["fast-xml-parser", "provider/format/xml.ts"],
      ["yaml", "provider/format/yaml"],
      ["handlebars", "provider/format/template.ts"],
      ["execa", "provider/host/run.ts"],
      ["undici", "provider/host/fetch.ts"],
      ["openpgp", "provider/releases/signature.ts"],
    ] as const
  ).map(([library, home]) => ({
    rule: `${home} alone knows ${library}`,
    files: new RegExp(`^(sdk|provider)/(?!${home.replace("provider/", "")}(?:/|$))`),
    forbidden: new RegExp(`^${library}(/|$)`),
    breach: ["provider/check.ts", `export const load = () => import("${library}");`] as const,
  })),
];

/** Pure by their names: no host, and nothing that has one. */
const pureFile =
  /^provider\/(values\/[^/]+|format\/([^/]+|yaml\/include)|(resources|install|iso)\/(.*\/)?(schema|policy|plan|rules|places|fit|drift|spelling|xml|read|detect|media|cmdline|boot-config|edit|identity|machine\/(definition\/[a-z]+|live\/(plan|devices|due|lacking))))\.ts$/;
const effectful = /^(provider\/host\/|execa$|@pulumi\/|node:(fs|child_process|http|https|os))/;

/** What a file may read by no import at all. `(?<!\.)`: a host's own clock is `host.clock`. */
const ambient = [
  { what: "the environment", pattern: /\bprocess\.env\b/, breach: 'const home = process.env["HOME"];' },
  {
    what: "the clock",
    pattern: /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/,
    breach: "const now = Date.now();",
  },
  { what: "randomness", pattern: /\bMath\.random\(|\brandom(Bytes|UUID)\(/, breach: "const id = randomUUID();" },
] as const;

/** The rooms from the top of the house to its ground. */
const floors = [...readFileSync(path.join(root, "DESIGN.md"), "utf8").matchAll(/^(provider\/\S+|sdk\/) {2,}/gm)].map(
  ([, room = ""]) => room.replace(/(\/|\.ts)$/, ""),
);

/** The imports from a room that lead to a room above it, or to one of an unknown floor. */
function climbsIn(rooms: Graph): string[] {
  const floorOf = (room: string) =>
    floors.findIndex((floor) => `${room.replace(/\.ts$/, "")}/`.startsWith(`${floor}/`));
  return [...rooms].flatMap(([from, targets]) =>
    targets.filter((to) => floorOf(from) > floorOf(to) || floorOf(from) === -1).map((to) => `${from} → ${to}`),
  );
}

const imports = importsBelow(root, ["provider", "sdk", "tools"]);

function breachesOf(rule: Rule, among: readonly Import[]): string[] {
  const isForbidden = ({ from, to, isType }: Import) => {
    const match = rule.files.exec(from);
    if (match === null || (isType && rule.typesAreFree === true)) return false;
    if (rule.exceptions?.some(({ file, imports: allowed }) => file.test(from) && allowed.test(to)) === true)
      return false;
    return new RegExp(rule.forbidden.source.replace("OWN", match.groups?.["own"] ?? "")).test(to);
  };
  return among.filter(isForbidden).map(({ from, to }) => `${from} imports ${to}`);
}

function impureReachOf(file: string, graph: Graph): string[] {
  return [...reachableFrom(file, graph)]
    .filter((module) => effectful.test(module))
    .map((to) => `${file} reaches ${to}`);
}

describe("which way imports point", () => {
  for (const rule of rules) {
    it(rule.rule, () => {
      assert.deepEqual(breachesOf(rule, imports), []);
      assert.equal(breachesOf(rule, importsOf(...rule.breach)).length, 1, "the rule sees its own breach");
    });
    for (const { file, imports: allowed, reason } of rule.exceptions ?? []) {
      it(`the exception of ${file.source} is needed: ${reason}`, () => {
        assert.ok(imports.some(({ from, to }) => file.test(from) && allowed.test(to)));
      });
    }
  }

  it("files that are pure by their names reach nothing with effects", () => {
    const graph = graphOf(imports);
    const files = [...new Set(imports.map(({ from }) => from))].filter((file) => pureFile.test(file));
    assert.ok(files.length > 20);
    assert.deepEqual(
      files.flatMap((file) => impureReachOf(file, graph)),
      [],
    );
    const breach = [
      ...importsOf("provider/resources/volume/plan.ts", 'import { poolOf } from "./pools";'),
      ...importsOf("provider/resources/volume/pools.ts", 'import { run } from "../../host/run";'),
    ];
    assert.deepEqual(impureReachOf("provider/resources/volume/plan.ts", graphOf(breach)), [
      "provider/resources/volume/plan.ts reaches provider/host/run",
    ]);
  });

  it("a program that imports the SDK loads neither schemas nor YAML", () => {
    const loaded = [...reachableFrom("sdk/index", graphOf(imports))];
    assert.ok(loaded.includes("provider/config/references"), "the SDK is looked into");
    assert.deepEqual(
      loaded.filter((module) => /^(zod|yaml)$/.test(module)),
      [],
    );
  });

  it("there are no cycles", () => {
    assert.deepEqual(cyclesIn(graphOf(imports)), []);
    const cycle = [...importsOf("sdk/a.ts", 'export { b } from "./b";'), ...importsOf("sdk/b.ts", 'import "./a";')];
    assert.deepEqual(cyclesIn(graphOf(cycle)), ["sdk/a → sdk/b", "sdk/b → sdk/a"]);
  });

  it("a room imports only from rooms below it in the list of DESIGN.md, types included", () => {
    assert.ok(floors.length > 10);
    assert.deepEqual(climbsIn(roomsOf(imports)), []);
    const climb = importsOf("provider/host/a.ts", 'import type { B } from "../resources/volume/b";');
    assert.deepEqual(climbsIn(roomsOf(climb)), ["provider/host → provider/resources/volume"]);
  });

  it("rooms have no cycles, types included", () => {
    assert.deepEqual(cyclesIn(roomsOf(imports)), []);
    const cycle = [
      ...importsOf("provider/host/a.ts", 'import type { B } from "../libvirt/b";'),
      ...importsOf("provider/libvirt/b.ts", 'import { openVirsh } from "./virsh/index"; import { C } from "../iso/c";'),
      ...importsOf("provider/iso/c.ts", 'import { A } from "../host/a";'),
    ];
    assert.equal(cyclesIn(roomsOf(cycle)).length, 3);
  });

  it("an imported type is distinguished from a value", () => {
    const kinds = importsOf(
      "sdk/a.ts",
      'import type { A } from "a"; import { type B } from "b"; import { C, type D } from "c";',
    );
    assert.deepEqual(
      kinds.map(({ isType }) => isType),
      [true, true, false],
    );
  });
});

describe("outside host/, nothing reads", () => {
  const files = globSync("{provider,sdk}/**/*.ts", { cwd: root }).filter((file) => !file.startsWith("provider/host/"));
  for (const { what, pattern, breach } of ambient) {
    it(what, () => {
      assert.ok(files.length > 80);
      const readers = files.filter((file) => pattern.test(readFileSync(path.join(root, file), "utf8")));
      assert.deepEqual(readers, []);
      assert.match(breach, pattern);
    });
  }
});
