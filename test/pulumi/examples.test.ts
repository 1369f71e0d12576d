import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { root, site } from "../site";
import { createStack, type TestStack } from "./support";

/** The repository's own stack, in a copy, so that no stack file is left in the work tree. */
async function repositoryStack(connection: string): Promise<TestStack> {
  const stack = await createStack({ connection });
  for (const name of ["Pulumi.yaml", "tsconfig.json", "index.ts", "examples"]) {
    await cp(path.join(root, name), path.join(stack.folder, name), { recursive: true });
  }
  await stack.pulumi("stack", "init", "examples");
  return stack;
}

describe("the repository's stack", () => {
  let stack: TestStack;
  before(async () => {
    stack = await repositoryStack(site().connection);
  });
  after(() => stack.remove());

  it("says how to name its configuration", async () => {
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /error: this stack has no configuration yet; name one by `pulumi config set config FILE`/);
  });

  it("shows what is wrong with the configuration, without a stack trace", async () => {
    await stack.pulumi("config", "set", "config", "examples/example1/includes/net/br0.yaml");
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /br0\.yaml:2:1: mode: there is no such key.*\n\s+2 \| mode: bridge\n\s+\| \^/);
    assert.doesNotMatch(text, /\n\s+at /);
  });

  for (const [name, networks] of [
    ["example1", 2],
    ["example2", 3],
    ["example3", 2],
    ["fedora-kickstart", 1],
    ["opensuse-autoyast", 1],
    ["opensuse-agama", 1],
  ] as const) {
    it(`previews ${name} on a host that has nothing of it`, async () => {
      await stack.pulumi("config", "set", "config", `examples/${name}/${name}.yaml`);
      const { ok, text } = await stack.preview();
      assert.equal(ok, true, text);
      const kinds = [...text.matchAll(/\+ pulumi-nodejs:dynamic\/kvm:(\w+): \(create\)/g)].map(([, kind]) => kind);
      const others = ["InstallerIso", "Machine", "StoragePool", "Volume"];
      assert.deepEqual(kinds.sort(), [...others, ...Array<string>(networks).fill("Network")].sort());
    });
  }
});
