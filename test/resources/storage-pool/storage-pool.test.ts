import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parse, render } from "../../../provider/format/xml";
import type { Properties } from "../../../provider/resource/handler";
import { storagePool } from "../../../provider/resources/storage-pool/handler";
import { readStoragePool, storagePoolXml } from "../../../provider/resources/storage-pool/places";
import { storagePoolInputs } from "../../../provider/resources/storage-pool/schema";
import { KvmError } from "../../../provider/values/errors";
import { testContext } from "../../context";
import { withScratchFolder } from "../../iso/host";
import { site } from "../../site";
import { withGuest } from "../volume/site";

const { connection, host } = site();
const { libvirt, files, ledger } = host;
const urn = "urn:pulumi:test::test::kvm::pool-unit";
const context = testContext(connection, urn);
const data = "<volume><name>data</name><capacity>1048576</capacity></volume>";

async function made(given: Properties) {
  const { inputs, failures } = await storagePool.check({}, { connection, ...given }, context);
  assert.deepEqual(failures, []);
  const { id, outputs } = await storagePool.create(inputs, context);
  return { id, outputs, inputs, remove: () => storagePool.delete(id, outputs, context) };
}

async function refusals(given: Properties): Promise<string[]> {
  const { failures } = await storagePool.check({}, { connection, name: "unit-refused", ...given }, context);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const inFolder = (use: (folder: string) => Promise<void>) => () => withScratchFolder(use);

describe("a storage pool", () => {
  it(
    "is created with its directory, read back, and goes with it when it is empty",
    inFolder(async (folder) => {
      const path = `${folder}/pool`;
      const { id, inputs, outputs, remove } = await made({ name: "unit-pool", path });
      assert.ok(await files.stat(path));
      assert.ok(await libvirt.isActive("pool", id));
      assert.deepEqual((await storagePool.read(id, outputs, context))?.inputs, inputs);
      await remove();
      assert.equal(await libvirt.find("pool", "unit-pool"), undefined);
      assert.equal(await files.stat(path), undefined);
      assert.equal(await ledger.entry("pool", "unit-pool"), undefined);
      await remove();
    }),
  );

  it(
    "leaves a directory that was there before, and what was in it",
    inFolder(async (folder) => {
      await files.write(`${folder}/old.img`, "old");
      const { remove } = await made({ name: "unit-before", path: folder });
      assert.deepEqual(await libvirt.volumes("unit-before"), ["old.img"]);
      await remove();
      assert.equal(await files.readTextIfPresent(`${folder}/old.img`), "old");
    }),
  );

  it(
    "is not deleted while it holds a volume",
    inFolder(async (folder) => {
      const { remove } = await made({ name: "unit-full", path: `${folder}/pool` });
      await libvirt.createVolume("unit-full", data);
      await assert.rejects(remove(), /still has volumes: data\. Move or delete them first/);
      await libvirt.deleteVolume("unit-full", "data");
      await remove();
    }),
  );

  it(
    "over an existing directory is not deleted while it holds a volume of kvm-deploy, or a disk of a running machine",
    inFolder(async (folder) => {
      const { remove } = await made({ name: "unit-over", path: folder });
      await libvirt.createVolume("unit-over", data);
      await ledger.claim("volume", "unit-over/data", { owner: "urn:another", identity: "another" });
      await assert.rejects(remove(), /still has volumes: data/);
      await ledger.release("volume", "unit-over/data");
      // QEMU's user may not enter the temporary folder, which is ours alone.
      await host.run("chmod", ["755", folder]);
      await withGuest("unit-guest", `<source file="${folder}/data"/>`, async () => {
        await assert.rejects(remove(), /has disks of running machines: unit-guest\. Stop those machines first/);
      });
      await remove();
      assert.ok(await files.stat(`${folder}/data`));
    }),
  );

  it(
    "that is off is not deleted while a volume of kvm-deploy lies in it",
    inFolder(async (folder) => {
      const { id, remove } = await made({ name: "unit-off", path: `${folder}/pool` });
      await ledger.claim("volume", "unit-off/data", { owner: "urn:another", identity: "another" });
      await libvirt.stop("pool", id);
      await assert.rejects(remove(), /still has volumes: data/);
      await ledger.release("volume", "unit-off/data");
      await remove();
    }),
  );

  it(
    "that was replaced by hand leaves the new one, its directory and who has taken it over",
    inFolder(async (folder) => {
      const path = `${folder}/pool`;
      const { id, remove } = await made({ name: "unit-twin", path });
      await libvirt.stop("pool", id);
      await libvirt.undefine("pool", id);
      await libvirt.define(
        "pool",
        `<pool type="dir"><name>unit-twin</name><target><path>${path}</path></target></pool>`,
      );
      const uuid = (await libvirt.find("pool", "unit-twin"))?.uuid ?? "";
      const entry = { owner: "urn:another", identity: "another", thing: uuid, note: "adopted" } as const;
      await ledger.claim("pool", "unit-twin", entry);
      await remove();
      assert.ok(await files.stat(path));
      assert.deepEqual(await ledger.entry("pool", "unit-twin"), entry);
      await ledger.release("pool", "unit-twin");
      await libvirt.undefine("pool", uuid);
    }),
  );

  it("that can't be started is removed again, and says why", async () => {
    const path = "/var/tmp/kvm-deploy-unit-mount";
    const { inputs } = await storagePool.check({}, { name: "unit-fs", path, fs: { device: "/dev/null" } }, context);
    await assert.rejects(storagePool.create({ ...inputs, connection }, context), /could not be mounted/);
    assert.equal(await libvirt.find("pool", "unit-fs"), undefined);
    assert.equal(await files.stat(path), undefined);
    assert.equal(await ledger.entry("pool", "unit-fs"), undefined);
  });

  it(
    "starts with the host or not, by a change that nothing notices",
    inFolder(async (folder) => {
      const { id, inputs, outputs, remove } = await made({ name: "unit-auto", path: folder });
      const news = { ...inputs, autostart: false };
      const { notes } = await storagePool.diff(id, outputs, news, context);
      assert.deepEqual(notes, ["autostart: changes at once; volumes are not affected"]);
      await storagePool.update(id, outputs, news, context);
      assert.equal(await libvirt.hasAutostart("pool", id), false);
      await remove();
    }),
  );

  it(
    "that was stopped by hand or by a reboot is drift, and up starts it; it is stopped where that is desired",
    inFolder(async (folder) => {
      const { id, inputs, outputs, remove } = await made({ name: "unit-power", path: folder });
      await libvirt.stop("pool", id);
      const read = await storagePool.read(id, outputs, context);
      assert.equal(read?.inputs["running"], false);
      const { notes } = await storagePool.diff(id, read.outputs, inputs, context);
      assert.deepEqual(notes, ["running: starts storage pool unit-power"]);
      const state = await storagePool.update(id, read.outputs, inputs, context);
      assert.equal(await libvirt.isActive("pool", id), true);
      const off = { ...inputs, running: false };
      assert.deepEqual((await storagePool.diff(id, state, off, context)).notes, [
        "running: stops storage pool unit-power",
      ]);
      await storagePool.update(id, state, off, context);
      assert.equal(await libvirt.isActive("pool", id), false);
      await remove();
    }),
  );

  it(
    "of two programs that make it at once belongs to one, and the other says whose it is",
    inFolder(async (folder) => {
      const contexts = ["one", "two"].map((name) => testContext(connection, `${context.urn}-${name}`));
      const given = { connection, name: "unit-rivals", path: folder };
      const results = await Promise.allSettled(
        contexts.map(async (each) => storagePool.create((await storagePool.check({}, given, each)).inputs, each)),
      );
      const winner = results.findIndex(({ status }) => status === "fulfilled");
      const [won, lost] = [results[winner], results[1 - winner]];
      assert.ok(won?.status === "fulfilled" && lost?.status === "rejected");
      assert.match(String(lost.reason), /exists already, and it belongs to urn:/);
      const entry = await ledger.entry("pool", "unit-rivals");
      assert.equal(entry?.identity, contexts[winner]?.identity);
      await storagePool.delete(won.value.id, won.value.outputs, contexts[winner] ?? context);
      assert.equal(await libvirt.find("pool", "unit-rivals"), undefined);
    }),
  );

  it(
    "that another resource has taken over is no longer managed, and another one of its name is not touched",
    inFolder(async (folder) => {
      const { id, outputs } = await made({ name: "unit-taken", path: folder });
      const thief = testContext(connection, `${context.urn}-thief`);
      const { inputs } = await storagePool.check(
        {},
        { connection, name: "unit-taken", path: folder, adopt: context.urn },
        thief,
      );
      const stolen = await storagePool.create(inputs, thief);
      assert.equal(await storagePool.read(id, outputs, context), undefined);
      await assert.rejects(storagePool.update(id, outputs, outputs, context), /belongs to urn:.*thief now/);
      await storagePool.delete(id, outputs, context);
      assert.ok(await libvirt.isActive("pool", id));
      await storagePool.delete(stolen.id, { ...stolen.outputs, deleteAdopted: true }, thief);
      assert.equal(await libvirt.exists("pool", id), false);
    }),
  );

  for (const field of ["name", "path"]) {
    it(`is never moved: another ${field} is refused with the way out`, async () => {
      const olds = storagePoolInputs.parse({ connection, name: "a", path: "/a" });
      const { failures } = await storagePool.check(
        olds,
        { ...olds, [field]: "/b".slice(field === "path" ? 0 : 1) },
        context,
      );
      assert.deepEqual(
        failures.map(({ property }) => property),
        [field],
      );
      assert.match(failures[0]?.reason ?? "", /Create another StoragePool, move the volumes to it/);
    });
  }
});

describe("a storage pool that was there before", () => {
  const xml = (path: string) => `<pool type="dir"><name>unit-old</name><target><path>${path}</path></target></pool>`;

  it(
    "is a conflict at preview, can be taken over as it is, and is released instead of deleted",
    inFolder(async (folder) => {
      await libvirt.define("pool", xml(folder));
      const { uuid = "" } = (await libvirt.find("pool", "unit-old")) ?? {};
      await libvirt.start("pool", uuid);
      const given = { name: "unit-old", path: folder };
      assert.match(
        (await refusals(given))[0] ?? "",
        /^name: a storage pool named "unit-old" exists already, and kvm-deploy did not create it\. .*set adopt to true/,
      );
      assert.match(
        (await refusals({ ...given, path: "/other", adopt: true }))[0] ?? "",
        /^path: storage pool "unit-old" can't be taken over, because it differs from the inputs: path is ".*", not "\/other"/,
      );
      const { id, outputs, inputs, remove } = await made({ ...given, adopt: true });
      assert.equal(id, uuid);
      assert.equal(await libvirt.hasAutostart("pool", uuid), false, "taking over changes nothing");
      assert.deepEqual((await storagePool.diff(id, outputs, inputs, context)).notes, [
        "autostart: changes at once; volumes are not affected",
      ]);
      const updated = await storagePool.update(id, outputs, inputs, context);
      assert.deepEqual((await storagePool.diff(id, updated, inputs, context)).changes, false);
      await libvirt.createVolume("unit-old", data);
      await remove();
      assert.ok(await libvirt.isActive("pool", uuid));
      assert.deepEqual(await libvirt.volumes("unit-old"), ["data"]);
      assert.equal(await ledger.entry("pool", "unit-old"), undefined);
      await libvirt.stop("pool", uuid);
      await libvirt.undefine("pool", uuid);
    }),
  );

  it("of a kind that a StoragePool can't be is left out instead", async () => {
    await libvirt.define(
      "pool",
      '<pool type="disk"><name>unit-disk</name><source><device path="/dev/null"/></source><target><path>/dev</path></target></pool>',
    );
    assert.match(
      (await refusals({ name: "unit-disk", path: "/dev", adopt: true }))[0] ?? "",
      /is of the kind "disk", which StoragePool does not support\. Remove the StoragePool, and name the pool in the volumes/,
    );
    await libvirt.undefine("pool", (await libvirt.find("pool", "unit-disk"))?.uuid ?? "");
  });

  it(
    "with a directory that holds this one's, or lies in it, is named at preview; so is a file in the way",
    inFolder(async (folder) => {
      const { remove } = await made({ name: "unit-outer", path: `${folder}/outer` });
      assert.match(
        (await refusals({ name: "unit-inner", path: `${folder}/outer/inner` }))[0] ?? "",
        /^path: .*inner is in .*outer, the directory of storage pool "unit-outer"\. Give a directory outside of it/,
      );
      assert.match(
        (await refusals({ name: "unit-inner", path: folder }))[0] ?? "",
        /^path: .* contains .*outer, the directory of/,
      );
      assert.deepEqual(await refusals({ name: "unit-inner", path: `${folder}/outer-2` }), []);
      await files.write(`${folder}/file`, "");
      assert.match(
        (await refusals({ name: "unit-inner", path: `${folder}/file/a/b` }))[0] ?? "",
        /file is a file on the host/,
      );
      await remove();
    }),
  );

  it(
    "with the same directory is named at preview",
    inFolder(async (folder) => {
      const { remove } = await made({ name: "unit-first", path: folder });
      assert.match(
        (await refusals({ name: "unit-second", path: `${folder}//` }))[0] ?? "",
        /^path: .* is already the directory of storage pool "unit-first"\. Name that pool in the volumes/,
      );
      await remove();
    }),
  );
});

describe("kinds of storage", () => {
  const auth = { username: "u", secret: "unit-san" };
  const kinds: Readonly<Record<string, Properties>> = {
    fs: { path: "/mnt/unit", fs: { device: "/dev/sdx1", format: "xfs" } },
    netfs: { path: "/mnt/unit", netfs: { host: "nas", directory: "/export", nfsVersion: "4.2" } },
    "netfs without a version": { path: "/mnt/unit", netfs: { host: "nas", directory: "share", format: "cifs" } },
    logical: { logical: { volumeGroup: "vg0" } },
    iscsi: {
      iscsi: { host: "san", target: "iqn.2026-01.org.example:disks", initiator: "iqn.2026-01.org.example:a", auth },
    },
    "iscsi without login": { iscsi: { host: "::1", port: 3261, target: "iqn.2026-01.org.example:disks" } },
    rbd: { rbd: { hosts: [{ host: "a" }, { host: "b", port: 3300 }], pool: "vms", auth } },
    zfs: { zfs: { dataset: "tank/vms" } },
  };
  for (const [kind, given] of Object.entries(kinds)) {
    it(`${kind} is accepted by libvirt, and read back as it was given`, async () => {
      const inputs = storagePoolInputs.parse({ connection, name: "unit-kind", autostart: false, ...given });
      const xml = render(storagePoolXml(inputs));
      assert.deepEqual(clean(readStoragePool(parse(await definedBy(xml)), inputs, inputs)), clean(inputs));
    });
  }

  /** As libvirt gives it back; as it is where this libvirt has no driver, which it says behind its check of the XML. */
  async function definedBy(xml: string): Promise<string> {
    try {
      await libvirt.define("pool", xml);
    } catch (error) {
      if (error instanceof KvmError && error.code === "unsupported") return xml;
      throw error;
    }
    const { uuid = "" } = (await libvirt.find("pool", "unit-kind")) ?? {};
    const definition = (await libvirt.definition("pool", uuid)) ?? "";
    await libvirt.undefine("pool", uuid);
    return definition;
  }

  const clean = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  const refused: Readonly<Record<string, { given: Properties; refusal: RegExp }>> = {
    "without a driver": {
      given: { zfs: { dataset: "tank" } },
      refusal:
        /^zfs: the host's libvirt has no driver for zfs pools\. Install it \(Debian: apt-get install libvirt-daemon-driver-storage-zfs\)/,
    },
    "with a secret that libvirt doesn't have": {
      given: { iscsi: { host: "san", target: "iqn.a:b", auth: { username: "u", secret: "unit-none" } } },
      refusal:
        /^iscsi\.auth\.secret: the host's libvirt has no secret "unit-none"\. Create it by `virsh secret-define`/,
    },
    "of two kinds": {
      given: { zfs: { dataset: "tank" }, logical: { volumeGroup: "vg0" } },
      refusal: /^zfs: can't be set together with logical: a pool has one kind of storage/,
    },
    "without a directory": { given: {}, refusal: /^path: is missing: give a directory on the host/ },
    "with a directory that it can't choose": {
      given: { path: "/a", logical: { volumeGroup: "vg0" } },
      refusal: /^path: is not for logical, which decides the place of the volumes; remove it/,
    },
    "with a version that is none": {
      given: { path: "/a", netfs: { host: "nas", directory: "/x", nfsVersion: "four" } },
      refusal: /^netfs\.nfsVersion: "four" is not a version of NFS/,
    },
    "with a server that is none": {
      given: { path: "/a", netfs: { host: "nas:/export", directory: "/x" } },
      refusal: /^netfs\.host: "nas:\/export" is not a server; give its name or address/,
    },
  };
  for (const [title, { given, refusal }] of Object.entries(refused)) {
    it(`${title} are refused at preview`, async () => {
      assert.match((await refusals(given))[0] ?? "", refusal);
    });
  }

  describe("with a secret of libvirt's", () => {
    const uuid = "6b0e6f0a-3f0c-4a0e-9d5c-1f4b8a3a7f11";
    const xml = `<secret ephemeral="no" private="yes"><uuid>${uuid}</uuid><usage type="iscsi"><target>unit-san</target></usage></secret>`;
    const virsh = (...args: string[]) => host.run("virsh", ["-q", "-c", connection, ...args]);
    before(
      inFolder(async (folder) => {
        await files.write(`${folder}/secret.xml`, xml);
        await virsh("secret-define", `${folder}/secret.xml`);
      }),
    );
    after(() => virsh("secret-undefine", uuid));

    it("find it by its UUID and by its usage", async () => {
      for (const secret of ["unit-san", uuid]) {
        const given = { iscsi: { host: "san", target: "iqn.a:b", auth: { username: "u", secret } } };
        assert.deepEqual(await refusals(given), [], secret);
      }
    });
  });
});
