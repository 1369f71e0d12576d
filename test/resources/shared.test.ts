import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { parse } from "../../provider/format/xml";
import { readMark } from "../../provider/libvirt/mark";
import { removeAll } from "../../provider/orphans/remove";
import { sorted } from "../../provider/orphans/sort";
import { type Known, nothingKnown } from "../../provider/orphans/stacks";
import { thingsOn } from "../../provider/orphans/survey";
import type { Context, Handler, Properties } from "../../provider/resource/handler";
import { network } from "../../provider/resources/network/handler";
import { storagePool } from "../../provider/resources/storage-pool/handler";
import { testContext } from "../context";
import { withScratchFolder } from "../iso/host";
import { site } from "../site";

const { connection, host } = site();
const { libvirt, ledger } = host;
const urn = "urn:pulumi:test::test::kvm::shared";
const one = testContext(connection, urn);
const two: Context = { ...testContext(connection, urn), identity: "00000000-0000-8000-a000-000000000002" };

async function made(handler: Handler, given: Properties, context: Context) {
  const { inputs, failures } = await handler.check({}, { connection, ...given }, context);
  assert.deepEqual(failures, []);
  const { id, outputs } = await handler.create(inputs, context);
  return {
    id,
    outputs,
    inputs,
    remove: () => handler.delete(id, outputs, context),
    isUnchanged: async () => !(await handler.diff(id, outputs, inputs, context)).changes,
    read: () => handler.read(id, outputs, context),
  };
}

async function refusals(handler: Handler, given: Properties, context: Context): Promise<string> {
  const { failures } = await handler.check({}, { connection, ...given }, context);
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}

describe("a shared network", () => {
  const base = { name: "shared-net", mode: "isolated", bridge: "kd-shared", shared: true };
  const definition = async (id: string) => (await libvirt.definition("network", id)) ?? "";
  after(async () => {
    const left = await libvirt.find("network", base.name);
    if (left === undefined) return;
    await libvirt.stop("network", left.uuid);
    await libvirt.undefine("network", left.uuid);
  });

  it("is refused to a stack that describes it otherwise, or if its owner does not share it", async () => {
    const alone = await made(network, { ...base, shared: false }, one);
    assert.match(
      await refusals(network, base, two),
      /^name: .* exists already, and urn:.* does not share it\. Set `shared: true` there/,
    );
    await network.update(alone.id, alone.outputs, { ...alone.inputs, shared: true }, one);
    assert.match(
      await refusals(network, { ...base, mtu: 1400 }, two),
      /^mtu: network "shared-net" is shared with urn:.*: mtu\. Describe/,
    );
    const joined = await made(network, base, two);
    assert.equal(joined.id, alone.id);
    // An update by one owner keeps the other.
    await network.update(joined.id, joined.outputs, { ...joined.inputs, autostart: false }, two);
    await alone.remove();
    assert.deepEqual(readMark(parse(await definition(joined.id)))?.identity, two.identity);
    await joined.remove();
    assert.equal(await libvirt.find("network", base.name), undefined);
  });

  it("that kvm-deploy did not create is used, and never changed", async () => {
    await libvirt.define("network", "<network><name>shared-net</name><bridge name='kd-other'/></network>");
    const { uuid } = (await libvirt.find("network", base.name)) ?? assert.fail();
    const before = await definition(uuid);
    const used = await made(network, base, one);
    assert.equal(used.id, uuid);
    assert.ok(await used.isUnchanged());
    assert.deepEqual((await used.read())?.inputs, used.inputs);
    await network.update(uuid, used.outputs, { ...used.inputs, mtu: 1400 }, one);
    await used.remove();
    assert.equal(await definition(uuid), before);
    assert.equal(await libvirt.isActive("network", uuid), false);
  });
});

describe("a shared pool", () => {
  it("goes with its last owner, and is only used if kvm-deploy did not create it", () =>
    withScratchFolder(async (folder) => {
      const base = { name: "shared-pool", path: `${folder}/pool`, shared: true };
      const first = await made(storagePool, base, one);
      assert.match(await refusals(storagePool, { ...base, path: folder }, two), /^path: .* is shared with .*: path\./);
      const second = await made(storagePool, base, two);
      assert.equal(second.id, first.id);
      const written = await host.files.fingerprint(ledger.fileOf("pool", base.name));
      await storagePool.update(second.id, second.outputs, second.inputs, two);
      assert.equal(await host.files.fingerprint(ledger.fileOf("pool", base.name)), written);

      // The part of an owner whose stack is lost is an orphan.
      const parts = (await thingsOn(host)).filter(({ name }) => name === base.name);
      const known: Known = { ...nothingKnown, identities: new Set([two.identity]) };
      const { orphans } = sorted(parts, known, true);
      assert.deepEqual(
        [parts.length, orphans.map(({ owner, what }) => [owner?.identity, what])],
        [2, [[one.identity, "a storage pool that 2 resources share"]]],
      );
      const removals = await removeAll(
        orphans,
        host,
        () => one,
        () => undefined,
      );
      assert.deepEqual(
        removals.map(({ failure }) => failure),
        [undefined],
      );
      assert.ok(await second.isUnchanged());
      assert.ok((await second.read()) !== undefined);
      await second.remove();
      assert.equal(await libvirt.find("pool", base.name), undefined);
      assert.equal(await ledger.entry("pool", base.name), undefined);

      const xml = `<pool type="dir"><name>shared-pool</name><target><path>${folder}</path></target></pool>`;
      await libvirt.define("pool", xml);
      const used = await made(storagePool, base, one);
      assert.ok(await used.isUnchanged());
      assert.deepEqual((await used.read())?.inputs, used.inputs);
      await used.remove();
      assert.equal(await ledger.entry("pool", base.name), undefined);
      await libvirt.undefine("pool", used.id);
    }));
});
