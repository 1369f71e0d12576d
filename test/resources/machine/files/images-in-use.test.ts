import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Properties } from "../../../../provider/resource/handler";
import type { Host } from "../../../../provider/resource/host";
import { machine } from "../../../../provider/resources/machine/handler";
import { type TestContext, testContext } from "../../../context";
import { site } from "../../../site";
import { made, withGuest } from "../../volume/site";
import { Guest } from "../guests";

const { connection, host } = site();

/** What the check of a machine of another stack refuses, as `path: reason`. */
async function refusals(given: Properties, context: TestContext, olds: Properties = {}): Promise<string[]> {
  const news = { connection, name: "images-new", memory: "64MiB", domainType: "qemu", ...given };
  const { failures } = await machine.check(olds, news, context);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const other = testContext(connection, "urn:pulumi:other::test::kvm::images-new");
const sameStack = testContext(connection, "urn:pulumi:test::test::kvm::images-new");
const inUse = (property: string, by: string) =>
  `disks[0].${property}: is in use by machine "${by}", which runs. Shut it down, or give this machine its own volume`;

describe("an image that another machine has open is refused at preview", () => {
  let guest: Guest;
  let free: string;
  before(async () => {
    guest = await Guest.make("images", "deaf");
    free = await guest.makeVolume("free");
    await guest.up();
  });
  after(() => guest.remove());

  const shared = () => ({ disks: [{ volume: guest.disk }] });
  const file = () => guest.fileOf(guest.disk);

  it("as a volume, as a file, and read-only, for QEMU opens none of them", async () => {
    const cases = [
      [shared(), "volume"],
      [{ disks: [{ file: file() }] }, "file"],
      [{ disks: [{ volume: guest.disk, readOnly: true }] }, "volume"],
    ] as const;
    for (const [given, property] of cases) {
      assert.deepEqual(await refusals(given, other), [inUse(property, "images")]);
      await assert.rejects(startedWith(given), /is in use/);
    }
  });

  it("and where it is what the other one's disk is based on", async () => {
    const over = await made({ name: "images-over", backing: { volume: free, format: "raw" }, size: "1MiB" });
    try {
      const disk = `<driver name="qemu" type="qcow2"/><source file="${String(over.outputs["path"])}"/>`;
      await withGuest("images-over", disk, async () => {
        const given = { disks: [{ volume: free }] };
        assert.deepEqual(await refusals(given, other), [inUse("volume", "images-over")]);
        await assert.rejects(startedWith(given), /is in use/);
      });
    } finally {
      await over.remove();
    }
  });

  it("and by an update that adds it, but not by one of something else", async () => {
    const olds = { connection, name: "images-new", memory: "64MiB", domainType: "qemu", disks: [] };
    assert.deepEqual(await refusals(shared(), other, olds), [inUse("volume", "images")]);
    assert.deepEqual(await refusals({ ...shared(), memory: "80MiB" }, other, { ...olds, ...shared() }), []);
  });

  it("but not where both only read it, the machine doesn't run, its overlay may share it, or its stack may give it up", async () => {
    const readsOnly = `<driver name="qemu" type="raw"/><source file="${guest.fileOf(free)}"/><readonly/>`;
    await withGuest("images-reader", readsOnly, async () => {
      const given = { disks: [{ volume: free, readOnly: true }] };
      assert.deepEqual(await refusals(given, other), []);
      await startedWith(given);
    });
    assert.deepEqual(await refusals({ disks: [{ volume: free }] }, other), []);
    assert.deepEqual(await refusals({ ...shared(), running: false }, other), []);
    assert.deepEqual(await refusals({ ...shared(), xml: { overlay: "<domain/>" } }, other), []);
    assert.deepEqual(await refusals(shared(), sameStack), []);
  });

  it("and not where it is the machine's own, whose stack and name are other ones by now", async () => {
    const renamed = { ...guest.context, urn: "urn:pulumi:prod::test::kvm::images" };
    const olds = { connection, name: "images", memory: "64MiB", domainType: "qemu", disks: [] };
    assert.deepEqual(await refusals({ ...shared(), allowRestart: true }, renamed, olds), []);
  });

  it("and not when the other one is off", async () => {
    await guest.up({ running: false, forceOff: true, shutdownTimeout: "1s" });
    assert.deepEqual(await refusals(shared(), other), []);
  });

  /** The same with QEMU. */
  async function startedWith(given: Properties): Promise<void> {
    const context = { ...other, others: () => [] };
    const news = {
      connection,
      name: "images-new",
      memory: "64MiB",
      domainType: "qemu",
      shutdownTimeout: "1s",
      ...given,
    };
    const { inputs } = await machine.check({}, news, context);
    try {
      const { outputs } = await machine.create(inputs, context);
      assert.equal(outputs["running"], true);
    } finally {
      const { uuid } = (await host.libvirt.find("domain", "images-new")) ?? {};
      if (uuid !== undefined) {
        await host.libvirt.stop("domain", uuid);
        await machine.delete(uuid, inputs, context);
      }
    }
  }
});

describe("a disk that no machine can have is refused at preview", () => {
  it("on network storage, which no test has: when it is new and when it is added", async () => {
    const xml = `<volume type="network"><name>far</name><target><path>pool/far</path><format type="raw"/></target></volume>`;
    const withNetworkVolume = (uri: string): Host => {
      const real = other.host(uri);
      return { ...real, libvirt: { ...real.libvirt, volume: () => Promise.resolve(xml) } };
    };
    const context = { ...other, host: withNetworkVolume };
    const disks = [{ volume: "default/far" }];
    const refused =
      'disks[0].volume: volume "default/far" is on network storage, and such disks are not supported yet. Move it to a pool of files or devices of the host';
    assert.deepEqual(await refusals({ disks }, context), [refused]);
    assert.deepEqual(await refusals({ disks, running: false }, context), [refused]);
    const olds = { connection, name: "images-new", memory: "64MiB", domainType: "qemu", disks: [] };
    assert.deepEqual(await refusals({ disks }, context, olds), [refused]);
  });

  it("of an unknown format, unless the machine has it already", async () => {
    await host.libvirt.createVolume(
      "default",
      '<volume><name>images-foreign</name><capacity>1048576</capacity><target><format type="qcow2"/></target></volume>',
    );
    try {
      const disks = [{ volume: "default/images-foreign" }];
      assert.match((await refusals({ disks }, other))[0] ?? "", /^disks\[0\]\.format: volume .* looks like qcow2/);
      assert.deepEqual(await refusals({ disks: [{ ...disks[0], format: "qcow2" }] }, other), []);
      const olds = { connection, name: "images-new", memory: "64MiB", domainType: "qemu", disks };
      assert.deepEqual(await refusals({ disks, memory: "80MiB" }, other, olds), []);
    } finally {
      await host.libvirt.deleteVolume("default", "images-foreign");
    }
  });
});
