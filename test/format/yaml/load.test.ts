import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatPosition } from "../../../provider/format/yaml/frame";
import { loadDocument, parseYaml } from "../../../provider/format/yaml/load";
import { KvmError } from "../../../provider/values/errors";

function load(files: Record<string, string>) {
  return loadDocument("c/main.yaml", { read: (file) => files[file] });
}

describe("what an include is replaced by", () => {
  const cases: { what: string; main: string; includes: Record<string, string>; value: unknown }[] = [
    { what: "the value of a key", main: "a: !include x.yaml", includes: { "x.yaml": "b: 1" }, value: { a: { b: 1 } } },
    { what: "an item of a list", main: "- !include x.yaml\n- 2", includes: { "x.yaml": "one" }, value: ["one", 2] },
    { what: "the whole document", main: "!include x.yaml", includes: { "x.yaml": "[1, 2]" }, value: [1, 2] },
    {
      what: "a value in a flow",
      main: "{a: !include 'x y.yaml'}",
      includes: { "x y.yaml": "true" },
      value: { a: true },
    },
    {
      what: "nothing, of an empty file",
      main: "a: !include x.yaml",
      includes: { "x.yaml": "# empty" },
      value: { a: null },
    },
    {
      what: "keys that are merged, after the map's own",
      main: "a: 1\n<<: !include x.yaml",
      includes: { "x.yaml": "a: 9\nb: 2" },
      value: { a: 1, b: 2 },
    },
    {
      what: "keys that are merged, of several the first",
      main: "<<: [!include x.yaml, !include y.yaml]",
      includes: { "x.yaml": "a: 1", "y.yaml": "a: 2\nb: 2" },
      value: { a: 1, b: 2 },
    },
    {
      what: "a file that includes others, from its own directory and from the configuration's",
      main: "!include net/x.yaml",
      includes: {
        "net/x.yaml": "- !include own.yaml\n- !include common.yaml",
        "net/includes/own.yaml": "1",
        "common.yaml": "2",
      },
      value: [1, 2],
    },
    {
      what: "the same file twice, which is no cycle",
      main: "- !include x.yaml\n- !include x.yaml",
      includes: { "x.yaml": "1" },
      value: [1, 1],
    },
  ];
  for (const { what, main, includes, value } of cases) {
    it(what, () => {
      const files = Object.fromEntries(Object.entries(includes).map(([name, text]) => [`c/includes/${name}`, text]));
      assert.deepEqual(load({ "c/main.yaml": main, ...files }).value, value);
    });
  }
});

describe("aliases", () => {
  it("stand for their anchor's value", () => {
    assert.deepEqual(parseYaml("a: &x [1]\nb: *x\nc: {<<: &y {d: 1}}\ne: *y", "f").value, {
      a: [1],
      b: [1],
      c: { d: 1 },
      e: { d: 1 },
    });
  });

  it("need an anchor, and a text that only looks like one isn't repeated: it may be a password", () => {
    assert.throws(() => parseYaml("a: *hunter2", "f.yaml"), {
      message: /^f\.yaml:1:4: no anchor before this alias has its name; write a text that starts with \* in quotes\n/,
    });
  });

  it("can't stand within their own anchor", () => {
    assert.throws(
      () => parseYaml("a: &x\n  - *x", "f.yaml"),
      /^KvmError: f\.yaml:2:5: this alias stands within its own anchor/,
    );
  });
});

describe("values", () => {
  it("takes long lists and maps on one line, because they are not deep", () => {
    const long = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, [{ at: index }]]));
    assert.deepEqual(parseYaml(`a: ${JSON.stringify(long)}`, "f").value, { a: long });
  });

  it("are those of YAML 1.2, so that `no` and a date stay texts", () => {
    assert.deepEqual(parseYaml('{a: no, b: 2026-01-31, c: 0x10, 1: x, "<<": y}', "f").value, {
      a: "no",
      b: "2026-01-31",
      c: 16,
      "1": "x",
      "<<": "y",
    });
  });

  it("may have a key that JavaScript uses itself", () => {
    const { value } = parseYaml("constructor: {a: 1}", "f");
    assert.deepEqual(Object.keys(value as object), ["constructor"]);
  });
});

describe("the place of a value", () => {
  const document = load({
    "c/main.yaml": "machines:\n  web: !include web.yaml\n  db: { <<: !include web.yaml, vcpus: 2 }\n",
    "c/includes/web.yaml": "# A web server\nmemory: 1GiB\nnics:\n  - network: lab\n",
  });
  const cases: { path: (string | number)[]; part?: "key"; at: string }[] = [
    { path: [], at: "c/main.yaml:1:1" },
    { path: ["machines", "web"], at: "c/includes/web.yaml:2:1" },
    { path: ["machines", "web"], part: "key", at: "c/main.yaml:2:3" },
    { path: ["machines", "web", "memory"], at: "c/includes/web.yaml:2:9" },
    { path: ["machines", "web", "nics", 0, "network"], at: "c/includes/web.yaml:4:14" },
    { path: ["machines", "web", "nics", 0, "network"], part: "key", at: "c/includes/web.yaml:4:5" },
    { path: ["machines", "db", "memory"], at: "c/includes/web.yaml:2:9" },
    { path: ["machines", "db", "vcpus"], at: "c/main.yaml:3:39" },
    { path: ["machines", "web", "disks", 0], at: "c/main.yaml:2:3" },
    { path: ["volumes"], at: "c/main.yaml:1:1" },
  ];
  for (const { path, part, at } of cases) {
    it(`${part ?? "value"} of /${path.join("/")} is ${at}`, () => {
      assert.equal(formatPosition(document.positionOf(path, part)), at);
    });
  }
});

describe("parseYaml", () => {
  it("refuses an include, which only configurations have", () => {
    assert.throws(() => parseYaml("a: !include x", "t.yaml"), /t\.yaml:1:13: !include is not possible in this file/);
  });

  it("takes an empty text for nothing", () => {
    const empty = parseYaml("", "t.yaml");
    assert.equal(empty.value, null);
    assert.equal(formatPosition(empty.positionOf(["a"])), "t.yaml:1:1");
  });
});

describe("loadDocument", () => {
  it("says that the configuration itself is missing", () => {
    assert.throws(
      () => load({}),
      (error) =>
        error instanceof KvmError && error.code === "not-found" && /"c\/main\.yaml" does not exist/.test(error.message),
    );
  });
});
