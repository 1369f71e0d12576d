import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter } = site();

describe("libvirt's own words of what it refuses", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(
      'new kvm.Network("debug", { ipv4: { subnet: "10.249.77.0/24" }, dnsmasqOptions: ["no-such-option=1"] });',
    );
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const said = /dnsmasq does not accept its configuration: bad option/;
  const ownWords = /internal error: Child process \(.*dnsmasq.*\) unexpected exit status/;

  it("are not shown", async () => {
    const { ok, text } = await stack.up();
    assert.equal(ok, false);
    assert.match(text, said);
    assert.doesNotMatch(text, ownWords);
  });

  it("are shown by --debug", async () => {
    const { ok, text } = await stack.up("--debug");
    assert.equal(ok, false);
    for (const words of [said, ownWords]) assert.match(text, words);
  });
});
