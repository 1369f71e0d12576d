import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse } from "../../../provider/format/xml";
import { site } from "../../site";
import { createStack, type TestStack } from "../support";

const { connection, enter, host } = site();
const { libvirt } = host;

describe("machines of a stack that swap their addresses", () => {
  let stack: TestStack;
  const subnet = "10.250.43";
  const program = (addresses: Readonly<Record<string, number>>) => {
    const machines = Object.entries(addresses).map(
      ([name, last]) => `
        const disk_${name} = new kvm.Volume("swaps-${name}", { size: "1MiB" });
        new kvm.Machine("${name}", { name: "swaps-${name}", memory: "64MiB", domainType: "qemu", running: false,
          disks: [{ volume: disk_${name}.id }], nics: [{ network: network.name, address: "${subnet}.${last}" }] });`,
    );
    return stack.program(`
      const network = new kvm.Network("swaps", { mode: "isolated", bridge: "kd-swaps",
        ipv4: { subnet: "${subnet}.0/24", dhcp: { ranges: [{ start: "${subnet}.100", end: "${subnet}.200" }] } } });
      ${machines.join("")}`);
  };
  const reserved = async () => {
    const { uuid = "" } = (await libvirt.find("network", "swaps")) ?? {};
    const root = parse((await libvirt.liveDefinition("network", uuid)) ?? "<network/>");
    const hosts = childrenOf(find(root, "ip/dhcp"), "host").map(({ attributes: { mac = "", ip } }) => [mac, ip]);
    return new Map(hosts as [string, string][]);
  };
  const addressOf = async (name: string) => {
    const { uuid = "" } = (await libvirt.find("domain", `swaps-${name}`)) ?? {};
    const root = parse((await libvirt.definition("domain", uuid)) ?? "<domain/>");
    const [nic] = childrenOf(find(root, "devices"), "interface");
    return (await reserved()).get(find(nic, "mac")?.attributes["address"] ?? "");
  };
  const unchanged = { same: 6 };

  before(async () => {
    stack = await createStack({ connection, enter });
    await program({ a: 11, b: 12 });
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  for (const [flags, addresses] of [
    [["--parallel", "1"], { a: 12, b: 11 }],
    [[], { a: 11, b: 12 }],
  ] as const) {
    it(`in one up ${flags.join(" ")}`, async () => {
      await program(addresses);
      const preview = await stack.preview();
      assert.ok(preview.ok, preview.text);
      const { ok, text } = await stack.up(...flags);
      assert.ok(ok, text);
      for (const [name, last] of Object.entries(addresses)) assert.equal(await addressOf(name), `${subnet}.${last}`);
      const again = await stack.preview();
      assert.deepEqual(again.changes, unchanged, again.text);
      await stack.refresh();
      assert.deepEqual((await stack.preview()).changes, unchanged);
    });
  }

  it("and is told at preview when two are to have the same", async () => {
    await program({ a: 11, b: 11 });
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /nics\[0\]\.address: 10\.250\.43\.11 of network "swaps" is also given to machine "swaps-[ab]"/);
  });

  it("and takes what a machine had that goes in the same up", async () => {
    await program({ a: 12 });
    const { ok, text } = await stack.up("--parallel", "1");
    assert.ok(ok, text);
    assert.equal(await addressOf("a"), `${subnet}.12`);
    assert.equal((await reserved()).size, 1);
    assert.deepEqual((await stack.preview()).changes, { same: 4 });
  });
});
