import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { inputSchemas } from "../../provider/config/kinds";
import { foreseen, references } from "../../provider/config/references";
import { keysAt } from "../../provider/resource/issues";
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
