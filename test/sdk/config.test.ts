import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { inputSchemas } from "../../provider/config/kinds";
import { foreseen, references } from "../../provider/config/references";
import { readConfiguration } from "../../provider/config/read";
import { programDirectorySync, programFileSync } from "../../provider/host/program-files";
import { fieldsWith, keysAt } from "../../provider/resource/issues";
import { loadConfig } from "../../sdk/config";

const root = path.join(__dirname, "../..");

describe("loadConfig", () => {
  const before_ = process.cwd();
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-config-"));
    process.chdir(folder);
    mkdirSync("conf/templates", { recursive: true });
    writeFileSync("conf/templates/web.hbs", "");
    writeFileSync(
      "conf/web.yaml",
      `installers:
  web:
    source: { url: "https://images.example/debian.iso", sha256: "${"0".repeat(64)}" }
    template: templates/web.hbs
`,
    );
    writeFileSync("conf/wrong.yaml", "machines: { web: { memory: 1GB } }\n");
  });
  after(() => {
    process.chdir(before_);
    rmSync(folder, { recursive: true });
  });

  for (const given of ["conf/web.yaml", "./conf/../conf/web.yaml", "absolute"]) {
    it(`gives paths from the program's directory, with the file given as ${given}`, () => {
      const { installers } = loadConfig(given === "absolute" ? path.resolve("conf/web.yaml") : given);
      assert.equal(installers["web"]?.["template"], "conf/templates/web.hbs");
    });
  }

  it("gives absolute paths where the file is outside the program's directory", () => {
    process.chdir("conf/templates");
    try {
      const { installers } = loadConfig("../web.yaml");
      assert.equal(installers["web"]?.["template"], path.join(process.cwd(), "web.hbs"));
    } finally {
      process.chdir(folder);
    }
  });

  it("throws an error of which Pulumi shows the message alone", () => {
    assert.throws(
      () => loadConfig("conf/wrong.yaml"),
      (error) =>
        pulumi.RunError.isInstance(error) && error.message.includes("conf/wrong.yaml:1:28: machines.web.memory"),
    );
  });
});

/** The paths on the machine that runs the program, by their fields; docs/configuration.md has the same list. */
const programPaths: readonly (readonly [field: string, kind: "file" | "directory"])[] = [
  ["installers.catalogue", "file"],
  ["installers.system.handOver.salt.config", "directory"],
  ["installers.system.handOver.salt.state", "directory"],
  ["installers.template", "file"],
  ["installers.table", "file"],
  ["machines.xml.template", "file"],
  ["machines.xml.table", "file"],
];

describe("paths on the machine that runs the program", () => {
  const home = process.cwd();
  const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-paths-"));
  const configuration = (value: string) => {
    const at = (field: string) => `${field}: ${value}`;
    const installer = `source: { path: /a.iso, sha256: "${"0".repeat(64)}" }, ${["catalogue", "template", "table"].map(at).join(", ")}`;
    return `installers: { web: { ${installer}, system: { handOver: { salt: { role: master, config: ${value}.d, state: ${value}.d } } }, debian: {} } }
machines: { web: { memory: 1GiB, xml: { template: ${value}, table: ${value} } } }
`;
  };
  before(() => {
    for (const directory of ["program/conf/own.d", "elsewhere", "shared.d"])
      mkdirSync(path.join(folder, directory), { recursive: true });
    for (const file of ["program/conf/own", "shared"]) writeFileSync(path.join(folder, file), "");
    writeFileSync(path.join(folder, "program/conf/lab.yaml"), configuration("own"));
    writeFileSync(path.join(folder, "program/conf/absolute.yaml"), configuration(path.join(folder, "shared")));
    writeFileSync(path.join(folder, "program/conf/missing.yaml"), configuration("no"));
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });
  const valueAt = (all: unknown, field: string): unknown =>
    field.split(".").reduce((value, key) => (value as Record<string, unknown>)[key], all);
  const inWeb = (field: string) => field.replace(/^(installers|machines)/, "$1.web");

  it("are all known", () => {
    const found = Object.entries(inputSchemas).flatMap(([section, schema]) =>
      fieldsWith("programPath", schema).map(({ field, value }) => [[section, ...field].join("."), value]),
    );
    assert.deepEqual(found, programPaths);
    const texts = readFileSync(path.join(root, "docs/configuration.md"), "utf8");
    const row = texts.split("\n").find((line) => line.startsWith("| `template`")) ?? "";
    for (const [field] of programPaths)
      assert.ok(row.includes(`\`${field.replace(/^(installers|machines)\.(system\.handOver\.)?/, "")}\``), field);
  });

  const ways: readonly (readonly [way: string, directory: string, read: (name: string) => unknown])[] = [
    ["pulumi with a file", "program", (name) => loadConfig(`conf/${name}`)],
    ["pulumi, whose program is elsewhere", "elsewhere", (name) => loadConfig(`../program/conf/${name}`)],
    ["the command", "elsewhere", (name) => readConfiguration(path.join(folder, "program/conf", name))],
  ];
  for (const [way, directory, read] of ways)
    for (const [field, kind] of programPaths)
      it(`${field} is relative to the configuration, by ${way}`, () => {
        process.chdir(path.join(folder, directory));
        const ending = kind === "file" ? "" : ".d";
        const place = (name: string) => path.resolve(String(valueAt(read(name), inWeb(field))));
        assert.equal(place("lab.yaml"), path.join(folder, `program/conf/own${ending}`));
        assert.equal(place("absolute.yaml"), path.join(folder, `shared${ending}`));
        const missing = new RegExp(`${inWeb(field)}: the ${kind} \\S*conf/no${ending} does not exist`);
        assert.throws(() => read("missing.yaml"), missing);
      });

  it("are relative to the program where a program gives them", () => {
    process.chdir(path.join(folder, "program"));
    assert.equal(programFileSync("conf/own", "template"), "");
    assert.deepEqual(programDirectorySync("conf/own.d", "state"), {});
    assert.throws(() => programFileSync("own", "template"), { message: `template: the file own does not exist. Give its path, relative to ${folder}/program` }); // prettier-ignore
  });
});

describe("the examples", () => {
  for (const name of ["example1", "example2", "example3"]) {
    it(`${name} has no more than 20 lines`, () => {
      const text = readFileSync(path.join(root, `examples/${name}/${name}.yaml`), "utf8");
      assert.ok(text.trimEnd().split("\n").length <= 20);
    });

    it(`${name} loads`, () => {
      const { machines, networks } = loadConfig(path.join(root, `examples/${name}/${name}.yaml`));
      assert.deepEqual(Object.keys(machines), [name]);
      assert.equal(Object.keys(networks).includes("virbrXiso1"), true);
    });
  }
});

describe("every reference", () => {
  for (const reference of references) {
    const { from, field, to } = reference;
    it(`${from} ${field.join(".")} is an input that takes what the ${to} will give`, () => {
      const parents = field.slice(0, -1).map((key) => (key === "*" ? 0 : key));
      const last = field.at(-1) ?? "";
      assert.ok(keysAt(inputSchemas[from], parents).includes(last));
      const value = foreseen(reference, {}, "some-key");
      const inputs = field.reduceRight<unknown>((inner, key) => (key === "*" ? [inner] : { [key]: inner }), value);
      const issues = inputSchemas[from].safeParse(inputs).error?.issues ?? [];
      assert.deepEqual(
        issues.filter((issue) => issue.path.at(-1) === last),
        [],
      );
    });
  }
});
