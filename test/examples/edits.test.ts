import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { readConfiguration } from "../../provider/config/read";
import { key } from "../config/compact";
import { edit } from "./edits";

describe("the examples, edited for the site of the tests", () => {
  const examples = mkdtempSync(path.join(tmpdir(), "kvm-deploy-edited-"));
  before(async () => {
    cpSync(path.resolve(__dirname, "../../examples"), examples, { recursive: true });
    await edit(examples, { iso: { path: "/srv/debian.iso", sha256: "0".repeat(64) }, key });
  });
  after(() => rmSync(examples, { recursive: true }));

  for (const name of ["example1", "example2", "example3"])
    it(`${name} is a configuration still`, () => {
      const { machines } = readConfiguration(path.join(examples, name, `${name}.yaml`));
      assert.deepEqual(Object.keys(machines), [name]);
    });
});
