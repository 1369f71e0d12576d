import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { inputSchemas } from "../../provider/config/kinds";
import { parseConfiguration } from "../../provider/config/schema";
import { loadDocument } from "../../provider/format/yaml/load";
import { readTextSync } from "../../provider/host/program-files";
import { KvmError } from "../../provider/values/errors";
import { smallSchemas } from "./schemas";

function parse(text: string, files: Record<string, string> = {}) {
  const all: Record<string, string> = { "c/main.yaml": text, ...files };
  const document = loadDocument("c/main.yaml", { read: (file) => all[file] });
  return parseConfiguration(document, smallSchemas, (file) => file in all);
}

function parseReal(text: string) {
  const document = loadDocument("c/main.yaml", { read: (file) => (file === "c/main.yaml" ? text : undefined) });
  return parseConfiguration(document, inputSchemas, () => true);
}

describe("a configuration", () => {
  it("may leave out and leave empty what it doesn't need", () => {
    assert.deepEqual(parse("networks: { lab: }\nvolumes:\n"), {
      networks: { lab: {} },
      pools: {},
      volumes: {},
      installers: {},
      machines: {},
      data: {},
    });
  });

  it("keeps its references as keys", () => {
    const { machines } = parse(
      `volumes: { root: { size: 4GiB } }
machines: { web: { memory: 1GiB, disks: [{ volume: root }], nics: [{ network: of-the-host }] } }`,
    );
    assert.deepEqual(machines["web"]?.["disks"], [{ volume: "root" }]);
  });

  it("may name volumes and installers that the host has already", () => {
    assert.doesNotThrow(() =>
      parse("machines: { web: { memory: 1GiB, disks: [{ volume: default/old }], installer: /srv/old.iso } }"),
    );
  });

  it("gives templates and tables by their paths from its own directory", () => {
    const { installers } = parse(
      `installers:
  web: { source: { path: /a.iso, sha256: "${"0".repeat(64)}" }, template: t/web.hbs, table: /abs/web.yaml }`,
      { "c/t/web.hbs": "", "/abs/web.yaml": "" },
    );
    assert.deepEqual(
      ["template", "table"].map((input) => installers["web"]?.[input]),
      ["c/t/web.hbs", "/abs/web.yaml"],
    );
  });

  it("applies its connection to every entry that has none", () => {
    assert.throws(() => parse("connection: 7\nnetworks: { lab: {} }"), /connection: must be a text/);
    assert.throws(() => parse("networks: { lab: { connection: 7 } }"), /networks\.lab\.connection: must be a text/);
  });
});

/** Folders of configurations that are wrong, each with the error beside it; `UPDATE=1` writes the errors anew. */
const golden = path.relative("", path.join(__dirname, "../golden/config"));

describe("the error of a wrong configuration", () => {
  for (const folder of readdirSync(golden)) {
    it(folder, () => {
      const text = errorOf(path.join(golden, folder, "main.in.yaml"));
      const file = path.join(golden, folder, "error.out.txt");
      if (process.env["UPDATE"] === "1") writeFileSync(file, text);
      assert.equal(text, readFileSync(file, "utf8"));
    });
  }
});

function errorOf(file: string): string {
  try {
    parseConfiguration(
      loadDocument(file, { read: readTextSync }),
      smallSchemas,
      (name) => readTextSync(name) !== undefined,
    );
  } catch (error) {
    assert.ok(error instanceof KvmError);
    return `${error.message.replaceAll(`${golden}/`, "")}\n`;
  }
  return assert.fail(`${file} is accepted`);
}

describe("an error in a secret of a configuration", () => {
  const lines = [
    "suse: { registration: hunter2 }",
    "suse: { registration: { kode: hunter2 } }",
    "debian: { lateCommands: [hunter2, 3] }",
    "system: { scripts: { after: hunter2 } }",
    "system: { proxy: hunter2 }",
    "system: { hostKeys: { ed25519: hunter2 } }",
    "data: hunter2",
  ];
  for (const line of lines) {
    it(`is told with its place, and without the line: ${line}`, () => {
      assert.throws(
        () => parseReal(`installers:\n  one:\n    source: debian:13\n    ${line}`),
        (error) => {
          assert.ok(error instanceof KvmError);
          assert.match(error.message, /^c\/main\.yaml:4:\d+: installers\.one\./m);
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
    });
  }
});
