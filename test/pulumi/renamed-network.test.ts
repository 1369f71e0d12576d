import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt } = host;

const program = (name: string, running = false) => `
  const network = new kvm.Network("rn-net", {
    name: "${name}", mode: "isolated", bridge: "kd-rn",
    ipv4: { subnet: "10.250.92.0/24", dhcp: { ranges: [{ start: "10.250.92.100", end: "10.250.92.110" }] } },
  });
  const disk = new kvm.Volume("rn-disk", { size: "1MiB", format: "raw" });
  new kvm.Machine("rn-vm", {
    memory: "64MiB", domainType: "qemu", running: ${String(running)}, shutdownTimeout: "1s", forceOff: true,
    disks: [{ volume: disk.id }], nics: [{ network: network.name, address: "10.250.92.10" }],
  });
`;

describe("a network that gets another name and keeps its subnet and bridge", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program("rn-one"));
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  /** What must not be lost: the machine, and its volume. */
  const kept = async () => [(await libvirt.find("domain", "rn-vm"))?.uuid, await libvirt.volume("default", "rn-disk")];
  const networks = async () =>
    (await libvirt.list("network")).map(({ name }) => name).filter((name) => name.startsWith("rn-"));

  it("is made anew, as its preview says, and nothing else is", async () => {
    const before = await kept();
    await stack.program(program("rn-two"));
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.deepEqual(preview.changes, { replace: 1, update: 1 });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(up.changes, { replace: 1, update: 1 });
    assert.deepEqual(await kept(), before);
    assert.deepEqual(await networks(), ["rn-two"]);
    const { uuid = "" } = (await libvirt.find("network", "rn-two")) ?? {};
    const xml = (await libvirt.definition("network", uuid)) ?? "";
    assert.match(xml, /<bridge name='kd-rn'/);
    assert.match(xml, /<host mac='[^']*' ip='10\.250\.92\.10'/);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });

  it("is refused at preview while a machine that runs is plugged in, which the engine would change too late", async () => {
    await stack.program(program("rn-two", true));
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    await stack.program(program("rn-three", true));
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(
      preview.text,
      /network "rn-two" must stop for this, but running machines are attached to it: rn-vm\. Shut/,
    );
    assert.deepEqual(await networks(), ["rn-two"]);
    await stack.program(program("rn-two", true));
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });
});
