import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { machine } from "../../provider/resources/machine/handler";
import { network } from "../../provider/resources/network/handler";
import { testContext } from "../context";

const login = "qemu+ssh://admin:s3cret@kvm1/system";
const nowhere = "qemu:///system?socket=/nowhere/libvirt-sock";

async function refusal(olds: object, news: object, isConnectionConfigured = false): Promise<string> {
  const context = { ...testContext(login), isConnectionConfigured };
  const { failures } = await machine.check({ ...olds }, { name: "m", memory: "1GiB", ...news }, context);
  assert.equal(failures.length, 1);
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}

describe("what is wrong with a connection is told with the place where it is written, and without its password", () => {
  for (const [what, told, source] of [
    ["the program", refusal({}, { connection: login }), undefined],
    [
      "the stack's configuration",
      refusal({}, { connection: login }, true),
      "kvm:connection of the stack's configuration",
    ],
    ["the environment", refusal({}, {}), "the environment's KVM_DEPLOY_CONNECTION"],
    ["the last deployment", refusal({ connection: login }, {}), "the last deployment"],
  ] as const) {
    it(what, async () => {
      const text = await told;
      assert.match(text, /^connection: "qemu\+ssh:\/\/admin:\[hidden\]@kvm1\/system" is on another machine/);
      assert.equal(/\. It comes from (.*)$/.exec(text)?.[1], source);
    });
  }

  it("and so is a libvirt that doesn't answer", async () => {
    const { failures } = await network.check({}, { name: "n", mode: "isolated" }, testContext(nowhere));
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["connection"],
    );
    assert.match(
      failures[0]?.reason ?? "",
      /^libvirt does not answer at \/nowhere.*\. It comes from the environment's KVM_/,
    );
  });
});
