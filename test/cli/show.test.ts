import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { runCommand } from "../../provider/cli/run";
import { root } from "../site";
import { testTerminal, testWorld } from "./terminal";

async function ran(...args: string[]) {
  const terminal = testTerminal();
  const code = await runCommand(args, testWorld(terminal, { host: () => assert.fail("no host is needed") }));
  return { code, printed: terminal.printed.join("\n"), reported: terminal.reported.join("\n") };
}

describe("kvm-deploy show", () => {
  it("prints a configuration written out", async () => {
    const { code, printed } = await ran("show", path.join(root, "examples/example2/example2.yaml"));
    assert.equal(code, 0);
    assert.match(printed, /^ {2}example2-root:\n {4}pool: example2 {2}# \S+example2\.yaml:\d+:\d+$/m);
  });

  it("reports what is wrong, and a file that does not exist", async () => {
    const wrong = await ran("show", path.join(root, "examples/example1/includes/net/br0.yaml"));
    assert.deepEqual([wrong.code, wrong.printed], [2, ""]);
    assert.match(wrong.reported, /br0\.yaml:2:1: mode: there is no such key/);
    assert.match((await ran("show", "none.yaml")).reported, /the configuration file "none\.yaml" does not exist/);
    assert.match((await ran("show")).reported, /FILE is missing/);
  });
});

describe("kvm-deploy schema", () => {
  it("prints the JSON schema of configurations", async () => {
    const { code, printed } = await ran("schema");
    assert.equal(code, 0);
    const { properties } = JSON.parse(printed) as { properties: object };
    assert.ok(["defaults", "networks", "machines"].every((key) => key in properties));
  });
});
