import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findInclude, includeCandidates } from "../../../provider/format/yaml/include";

describe("where an include is looked for", () => {
  const cases = [
    {
      what: "beside the configuration itself",
      name: "net/lab.yaml",
      includer: "conf/web.yaml",
      expected: ["conf/includes/net/lab.yaml"],
    },
    {
      what: "beside the included file, then beside the configuration",
      name: "net/lab.yaml",
      includer: "conf/includes/site.yaml",
      expected: ["conf/includes/includes/net/lab.yaml", "conf/includes/net/lab.yaml"],
    },
    {
      what: "at an absolute path only there",
      name: "/etc/lab/../net.yaml",
      includer: "conf/web.yaml",
      expected: ["/etc/net.yaml"],
    },
  ];
  for (const { what, name, includer, expected } of cases) {
    it(what, () => assert.deepEqual(includeCandidates(name, includer, "conf/web.yaml"), expected));
  }
});

describe("findInclude", () => {
  it("takes the first candidate that exists", () => {
    const files: Record<string, string> = { b: "two", c: "three" };
    assert.deepEqual(
      findInclude(["a", "b", "c"], (file) => files[file]),
      { file: "b", text: "two" },
    );
  });

  it("takes an empty file for one that exists", () => {
    assert.deepEqual(
      findInclude(["a"], () => ""),
      { file: "a", text: "" },
    );
  });

  it("finds nothing where no candidate exists", () => {
    assert.equal(
      findInclude(["a"], () => undefined),
      undefined,
    );
  });
});
