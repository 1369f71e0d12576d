import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Kind } from "../../provider/libvirt/client";
import { site } from "../site";
import { createStack, type Outcome, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt, ledger } = host;
const name = "identity";

const options = (parent: string) =>
  parent === "" ? "{}" : `{ parent, aliases: [{ parent: pulumi.rootStackResource }] }`;

/** A network, a volume and a machine that is off, as parts of a component where that is asked for. */
const program = ({ parent = "", hosts = "", adopt = "false", memory = "64MiB" } = {}) => `
  class Part extends pulumi.ComponentResource { constructor(name) { super("test:index:Part", name); } }
  const parent = ${parent === "" ? "undefined" : `new Part("${parent}")`};
  const network = new kvm.Network("${name}", {
    mode: "isolated", bridge: "kd-identity", adopt: ${adopt},
    ipv4: { subnet: "10.77.0.0/24", dhcp: { ranges: [{ start: "10.77.0.100", end: "10.77.0.110" }], hosts: [${hosts}] } },
  }, ${options(parent)});
  const disk = new kvm.Volume("${name}", { size: "1MiB", format: "raw", adopt: ${adopt} }, ${options(parent)});
  const machine = new kvm.Machine("${name}", {
    memory: "${memory}", domainType: "qemu", running: false, adopt: ${adopt},
    disks: [{ volume: disk.id }], nics: [{ network: network.name }],
  }, ${options(parent)});
  exports.uuid = machine.uuid;
`;

async function listing(): Promise<unknown> {
  const entries = await Promise.all((["domain", "network"] as const).map((kind: Kind) => libvirt.find(kind, name)));
  return [...entries.map((entry) => entry?.uuid), await libvirt.volume("default", name)];
}

const succeeded = (outcome: Outcome, changes?: Record<string, number>) => {
  assert.ok(outcome.ok, outcome.text);
  if (changes !== undefined) assert.deepEqual(outcome.changes, changes, outcome.text);
};
const urn = `urn:pulumi:prod::test::pulumi-nodejs:dynamic/kvm:Machine::${name}`;
const begun = async () => (await ledger.allBegun()).filter(({ owner }) => owner.endsWith(`::${name}`));

describe("what a stack has made stays its own", () => {
  let stack: TestStack;
  before(async () => {
    stack = await createStack({ connection, enter });
    await stack.program(program());
    succeeded(await stack.up(), { create: 4 });
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  it("and no create is left open, so that nobody goes on with one", async () => assert.deepEqual(await begun(), []));

  it("when the stack is renamed: previews are empty, and changes work", async () => {
    await stack.pulumi("stack", "rename", "prod");
    succeeded(await stack.preview(), { same: 4 });
    await stack.program(program({ hosts: '{ mac: "52:54:00:77:00:01", address: "10.77.0.9" }' }));
    succeeded(await stack.up(), { update: 1, same: 3 });
    succeeded(await stack.refresh());
    succeeded(await stack.preview(), { same: 4 });
  });

  it("and nothing old goes by its earlier URN before the new one is certain", async () => {
    const before = await libvirt.find("domain", name);
    await libvirt.deleteVolume("default", name);
    const refused = await stack.up("--replace", urn);
    assert.ok(!refused.ok);
    assert.match(refused.text, /disks\[0\]\.volume: the host has no volume "default\/identity"/);
    assert.deepEqual(await libvirt.find("domain", name), before);
    succeeded(await stack.refresh());
    succeeded(await stack.up(), { create: 1, update: 1 });
  });

  it("and a replacement takes the old one's place", async () => {
    const before = await libvirt.find("domain", name);
    succeeded(await stack.up("--replace", urn), { replace: 1, same: 3 });
    assert.notEqual((await libvirt.find("domain", name))?.uuid, before?.uuid);
    succeeded(await stack.preview(), { same: 4 });
  });

  it("from a new stack of the name that it had, whose up is refused and whose destroy touches nothing", async () => {
    const before = await listing();
    await stack.pulumi("stack", "select", "--create", "test");
    const preview = await stack.preview();
    assert.match(
      preview.text,
      /a network named "identity" exists already, and it belongs to urn:pulumi:prod.* up refuses to change it/,
    );
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /a network named "identity" exists already, and it belongs to urn:pulumi:prod::test/);
    succeeded(await stack.destroy());
    assert.deepEqual(await listing(), before);
    await stack.pulumi("stack", "rm", "test", "--yes");
    await stack.pulumi("stack", "select", "prod");
    succeeded(await stack.preview(), { same: 4 });
    assert.deepEqual(await begun(), []);
  });

  it("when its resources become parts of a component", async () => {
    await stack.program(program({ parent: "part", hosts: '{ mac: "52:54:00:77:00:01", address: "10.77.0.9" }' }));
    const preview = await stack.preview();
    succeeded(preview, { create: 1, same: 4 });
    succeeded(await stack.up());
    await stack.program(program({ parent: "part", memory: "80MiB" }));
    succeeded(await stack.up(), { update: 2, same: 3 });
    succeeded(await stack.preview(), { same: 5 });
  });

  it("when its state is moved into another stack, with all URNs rewritten", async () => {
    const file = path.join(stack.folder, "state.json");
    await stack.pulumi("stack", "export", "--file", file);
    const text = (await readFile(file, "utf8"))
      .replaceAll("urn:pulumi:prod::", "urn:pulumi:moved::")
      .replaceAll("::test-prod", "::test-moved");
    await writeFile(file, text);
    await stack.pulumi("stack", "select", "--create", "moved");
    await stack.pulumi("stack", "import", "--file", file);
    succeeded(await stack.preview(), { same: 5 });
    await stack.program(program({ parent: "part", memory: "64MiB" }));
    succeeded(await stack.up(), { update: 1, same: 4 });
  });

  it("until another stack takes it over: then the first lets it go, and its destroy touches nothing", async () => {
    const other = await createStack({ connection, enter });
    try {
      const owners = await Promise.all((["domain", "network"] as const).map(ownerOf));
      const volume = (await ledger.entry("volume", `default/${name}`))?.owner ?? "";
      const [machine = "", network = ""] = owners;
      await other.program(
        program({ memory: "64MiB" })
          .replace("adopt: false", `adopt: "${network}"`)
          .replace("adopt: false", `adopt: "${volume}"`)
          .replace("adopt: false", `adopt: "${machine}"`),
      );
      succeeded(await other.up(), { create: 4 });
      const before = await listing();
      const refreshed = await stack.refresh();
      succeeded(refreshed);
      assert.match(refreshed.text, /this stack stops managing it, and changes nothing on the host/);
      succeeded(await stack.destroy());
      assert.deepEqual(await listing(), before);
      succeeded(await other.destroy());
      assert.deepEqual(await listing(), before, "what was taken over stays");
    } finally {
      await other.remove();
      await sweep();
    }
  });
});

async function ownerOf(kind: "domain" | "network"): Promise<string> {
  const xml = (await libvirt.definition(kind, (await libvirt.find(kind, name))?.uuid ?? "")) ?? "";
  return /owner=["']([^"']+)/.exec(xml)?.[1] ?? "";
}

/** What nobody owns any more. */
async function sweep(): Promise<void> {
  for (const kind of ["domain", "network"] as const) {
    const { uuid = "" } = (await libvirt.find(kind, name)) ?? {};
    await libvirt.stop(kind, uuid);
    await libvirt.undefine(kind, uuid);
  }
  if ((await libvirt.volume("default", name)) !== undefined) await libvirt.deleteVolume("default", name);
}
