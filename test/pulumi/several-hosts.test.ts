import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { openHost } from "../../provider/engine/open-host";
import { parse, textOf } from "../../provider/format/xml";
import type { Kind } from "../../provider/libvirt/client";
import { readMark } from "../../provider/libvirt/mark";
import type { Host } from "../../provider/resource/host";
import { type EmbeddedLibvirt, startEmbedded, TEST_STATE_DIR } from "../../tools/embedded";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host: first } = site();

/** Beside the first one's, so that two runs of the tests have folders of their own. */
const stateDir = `${/socket=(.*)\/run\/libvirt-sock$/.exec(connection)?.[1] ?? TEST_STATE_DIR}-2`;

interface Memory {
  readonly first: string;
  readonly second: string;
}

/** The same network, volume and machine on both, by the same names and in the same subnet. */
function twins(connections: Readonly<Record<keyof Memory, string>>, memory: Memory): string {
  return Object.entries(connections)
    .map(
      ([key, uri]) => `{
    const connection = ${JSON.stringify(uri)};
    const network = new kvm.Network("${key}-net", {
      connection, name: "twin-net",
      ipv4: { subnet: "10.250.20.0/24", dhcp: { ranges: [{ start: "10.250.20.100", end: "10.250.20.200" }] } },
    });
    const volume = new kvm.Volume("${key}-root", { connection, name: "twin-root", size: "1MiB" });
    const machine = new kvm.Machine("${key}", {
      connection, name: "twin", memory: "${memory[key as keyof Memory]}", firmware: "bios", shutdownTimeout: "1s",
      disks: [{ volume: volume.id }], nics: [{ network: network.name, address: "10.250.20.10" }],
    });
    exports["${key}"] = machine.uuid;
  }`,
    )
    .join("\n");
}

async function definition({ libvirt }: Host, kind: Kind, name: string): Promise<string> {
  const entry = await libvirt.find(kind, name);
  assert.ok(entry, `${kind} ${name} exists`);
  return (await libvirt.definition(kind, entry.uuid)) ?? "";
}

/** All that its ledger says. */
async function ledgerOf({ files, directories }: Host): Promise<string> {
  const entries = await files.list(directories.ledger);
  const texts = await Promise.all(
    entries.map((entry) => files.readTextIfPresent(path.join(directories.ledger, entry))),
  );
  return texts.join("");
}

async function listing(host: Host): Promise<unknown> {
  const { libvirt } = host;
  const names = async (kind: Kind) => (await libvirt.list(kind)).map(({ name }) => name).sort();
  return {
    domains: await names("domain"),
    networks: await names("network"),
    volumes: [...(await libvirt.volumes("default"))].sort(),
    ledger: await ledgerOf(host),
  };
}

describe("two hosts in one stack", () => {
  let embedded: EmbeddedLibvirt;
  let second: Host;
  let stack: TestStack;
  let listed: readonly unknown[];
  const program = (memory: Memory) => stack.program(twins({ first: connection, second: embedded.uri }, memory));

  before(async () => {
    embedded = await startEmbedded({ stateDir, lifetime: "process" });
    second = openHost(embedded.uri);
    listed = [await listing(first), await listing(second)];
    stack = await createStack({ connection, enter });
    await program({ first: "64MiB", second: "64MiB" });
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
    await embedded.stop();
  });

  it("each get what names them, also by the same names and in the same subnet", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const outputs = await stack.outputs();
    assert.notEqual(outputs["first"], outputs["second"]);
    for (const [key, { libvirt }] of [
      ["first", first],
      ["second", second],
    ] as const)
      assert.equal((await libvirt.domainState(String(outputs[key])))?.state, "running");
  });

  it("have marks and ledgers of their own", async () => {
    const urn = (type: string, name: string) => `urn:pulumi:test::test::pulumi-nodejs:dynamic/kvm:${type}::${name}`;
    for (const [host, own, other] of [
      [first, "first", "second"],
      [second, "second", "first"],
    ] as const) {
      const ownerOf = async (kind: Kind, name: string) => readMark(parse(await definition(host, kind, name)))?.owner;
      assert.equal(await ownerOf("network", "twin-net"), urn("Network", `${own}-net`));
      assert.equal(await ownerOf("domain", "twin"), urn("Machine", own));
      const ledger = await ledgerOf(host);
      assert.ok(ledger.includes(urn("Volume", `${own}-root`)), ledger);
      assert.ok(!ledger.includes(urn("Volume", `${other}-root`)), ledger);
    }
  });

  it("show no change in the next preview, nor after a refresh", async () => {
    assert.deepEqual((await stack.preview()).changes, { same: 7 });
    assert.deepEqual((await stack.refresh()).changes, { same: 7 });
    assert.deepEqual((await stack.preview()).changes, { same: 7 });
  });

  it("are changed one by one", async () => {
    const before = await definition(first, "domain", "twin");
    await program({ first: "64MiB", second: "96MiB" });
    assert.deepEqual((await stack.preview()).changes, { update: 1, same: 6 });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal(await definition(first, "domain", "twin"), before);
    assert.equal(textOf(parse(await definition(second, "domain", "twin")), "memory"), String(96 * 1024));
    assert.deepEqual((await stack.preview()).changes, { same: 7 });
  });

  it("and one that doesn't answer is named, hinders no preview, and loses nothing", async () => {
    const socket = path.join(stateDir, "run/libvirt-sock");
    await rename(socket, `${socket}.away`);
    try {
      const refresh = await stack.refresh();
      assert.equal(refresh.ok, false);
      assert.ok(refresh.text.includes(`libvirt does not answer at ${socket}. Start it`), refresh.text);
      assert.deepEqual((await stack.preview()).changes, { same: 7 });
    } finally {
      await rename(`${socket}.away`, socket);
    }
    assert.deepEqual((await stack.refresh()).changes, { same: 7 });
  });

  it("are as they were after destroy", async () => {
    const { ok, text } = await stack.destroy();
    assert.ok(ok, text);
    assert.deepEqual([await listing(first), await listing(second)], listed);
  });
});
