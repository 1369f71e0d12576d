import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { hashOf, lockDifferences } from "../../tools/setup/stale.mjs";

describe("what set-up takes for out of date in node_modules", () => {
  const lock = {
    "": { version: "0.1.0" },
    "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" },
    "node_modules/a/node_modules/@b/c": { version: "1.0.0", integrity: "sha512-b" },
    "node_modules/for-macs": { version: "1.0.0", optional: true },
    "node_modules/kvm-deploy": { link: true },
  };
  const installed = {
    "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" },
    "node_modules/a/node_modules/@b/c": { version: "1.0.0", integrity: "sha512-b" },
  };

  for (const [what, present, expected] of [
    ["nothing where all is there but an optional package", installed, []],
    [
      "nothing for a package that the lock doesn't know",
      { ...installed, "node_modules/more": { version: "1.0.0" } },
      [],
    ],
    ["a package of another version", { ...installed, "node_modules/zod": { version: "3.0.0" } }, ["zod"]],
    ["one of other contents", { ...installed, "node_modules/zod": { version: "4.0.0", integrity: "x" } }, ["zod"]],
    [
      "an optional one of another version",
      { ...installed, "node_modules/for-macs": { version: "2.0.0" } },
      ["for-macs"],
    ],
    ["everything that is needed, but a link, where nothing is installed", {}, ["zod", "@b/c"]],
  ] as const) {
    it(what, () => {
      assert.deepEqual(lockDifferences(lock, present), expected);
    });
  }
});

describe("the hash over sources", () => {
  let root: string;
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(root, name), text);
  };
  const hash = (): string => hashOf(root, ["src", "one.json", "absent"]);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "kvm-deploy-hash-"));
    mkdirSync(path.join(root, "src/deep"), { recursive: true });
    write("src/deep/a.ts", "a");
    write("one.json", "1");
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("stays when a file is written again or one next to the sources changes", () => {
    const before = hash();
    write("src/deep/a.ts", "a");
    write("other", "x");
    assert.equal(hash(), before);
  });

  for (const [what, change] of [
    ["a file's contents", () => write("src/deep/a.ts", "b")],
    ["a new file", () => write("src/b.ts", "")],
    ["a file that no longer exists", () => rmSync(path.join(root, "src/deep/a.ts"))],
    ["a single file named", () => write("one.json", "2")],
  ] as const) {
    it(`changes with ${what}`, () => {
      const before = hash();
      change();
      assert.notEqual(hash(), before);
    });
  }
});
