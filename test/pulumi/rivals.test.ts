import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt, ledger } = host;
const name = "rivals";

describe("two stacks whose resources have the same URNs", () => {
  const stacks: TestStack[] = [];
  before(async () => {
    while (stacks.length < 2) stacks.push(await createStack({ connection, enter }));
    for (const stack of stacks) await stack.program(`new kvm.Volume("${name}", { size: "1MiB" });`);
  });
  after(async () => {
    for (const stack of stacks) await stack.destroy();
    for (const stack of stacks) await stack.remove();
  });

  it("are told of each other while one creates what the other wants to, and only one of them has it", async () => {
    const [one, other] = stacks as [TestStack, TestStack];
    const { up, second } = await host.lock("pool default", async () => {
      const up = one.up();
      while ((await ledger.allBegun()).every(({ owner }) => !owner.endsWith(`::${name}`))) await setTimeout(50);
      return { up, second: await other.up() };
    });
    const first = await up;
    assert.ok(!second.ok, second.text);
    assert.match(
      second.text,
      /another run of Pulumi is creating the same resource: this one waits for urn:.* \(process \d+\), which holds the lock for the creation of urn:.*Run this again when that run has ended/,
    );
    assert.ok(first.ok, first.text);
    assert.match((await other.up()).text, /a volume named "default\/rivals" exists already|rivals.* exists already/);
    assert.ok((await other.destroy()).ok);
    assert.ok((await libvirt.volume("default", name)) !== undefined);
    assert.deepEqual((await one.preview()).changes, { same: 2 });
  });
});
