import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { cutOffAfter } from "../cut-off";
import { connection, contextOf, definitionOf, host, made, urnOf, withGuest } from "./site";

const { libvirt, files, ledger, run } = host;
const MiB = 2 ** 20;
const virsh = (...args: string[]) => run("virsh", ["-q", "-c", connection, ...args]);
const foreign = (name: string) =>
  `<volume><name>${name}</name><capacity>${MiB}</capacity><target><format type="raw"/></target></volume>`;

/** Another program's volume, with content. @returns its path */
async function makeForeign(name: string): Promise<string> {
  await libvirt.createVolume("default", foreign(name));
  const at = /<path>([^<]+)/.exec((await libvirt.volume("default", name)) ?? "")?.[1] ?? assert.fail();
  await files.writeAt(at, 0, Buffer.from("A"));
  return at;
}
const isUntouched = async (at: string) => {
  assert.equal((await files.readFrom(at, 0, 1)).toString(), "A");
};

describe("another program's volume that has the name of one of ours", () => {
  it("is neither deleted nor read as ours, when ours was deleted by hand", async () => {
    const { id, outputs, context, remove } = await made({ name: "unit-twin", format: "raw", size: "1MiB" });
    await libvirt.deleteVolume("default", "unit-twin");
    const at = await makeForeign("unit-twin");
    assert.equal(await volume.read(id, outputs, context), undefined);
    await assert.rejects(volume.update(id, outputs, { ...outputs, size: "2MiB" }, context), /is not the one that this/);
    await remove();
    await isUntouched(at);
    assert.equal(await ledger.entry("volume", id), undefined);
    await libvirt.deleteVolume("default", "unit-twin");
  });

  for (const changes of [1, 2]) {
    it(`is a conflict for a create that was interrupted after ${changes} changes, before it had made any`, async () => {
      const name = "unit-claimed";
      const { inputs } = await volume.check({}, { connection, name, format: "raw", size: "1MiB" }, contextOf(name));
      await assert.rejects(volume.create(inputs, cutOffAfter(changes, connection, urnOf(name))), /killed/);
      if ((await libvirt.volume("default", name)) !== undefined) await libvirt.deleteVolume("default", name);
      const at = await makeForeign(name);
      const { failures } = await volume.check({}, inputs, contextOf(name));
      assert.match(failures[0]?.reason ?? "", /exists already, and kvm-deploy did not create it/);
      await assert.rejects(volume.create(inputs, contextOf(name)), /exists already, and kvm-deploy did not create it/);
      await isUntouched(at);
      await libvirt.deleteVolume("default", name);
      await ledger.release("volume", `default/${name}`);
    });
  }
});

describe("a volume that libvirt has left incomplete, or continues to create, when its create fails", () => {
  it("stays known as incomplete: no machine gets it as a disk, and it can't be taken over", async () => {
    const context = contextOf("unit-half");
    const given = { connection, name: "unit-half", format: "raw", size: "1MiB" };
    const { inputs } = await volume.check({}, given, context);
    const createVolume = async () => {
      await makeForeign("unit-half");
      throw new Error("the connection ended");
    };
    const faulty = { ...context, host: () => ({ ...host, libvirt: { ...libvirt, createVolume } }) };
    await assert.rejects(volume.create(inputs, faulty), /the connection ended/);
    assert.equal((await ledger.entry("volume", "default/unit-half"))?.note, "making");
    const { failures } = await volume.check({}, { ...given, adopt: true }, contextOf("unit-other"));
    assert.match(failures[0]?.reason ?? "", /is being created: its content isn't complete/);
    await assert.rejects(made({ name: "unit-copy", source: { volume: "default/unit-half" } }), /is being created/);
    await libvirt.deleteVolume("default", "unit-half");
    await ledger.release("volume", "default/unit-half");
  });
});

describe("a volume that libvirt does not list", () => {
  const inPool = async (use: (pool: string, folder: string) => Promise<void>) => {
    const folder = "/var/tmp/kvm-deploy-unit-unseen";
    mkdirSync(folder);
    await libvirt.define(
      "pool",
      `<pool type="dir"><name>unit-unseen</name><target><path>${folder}</path></target></pool>`,
    );
    const { uuid = "" } = (await libvirt.find("pool", "unit-unseen")) ?? {};
    await libvirt.start("pool", uuid);
    try {
      await use(uuid, folder);
    } finally {
      await libvirt.stop("pool", uuid);
      await libvirt.undefine("pool", uuid);
      rmSync(folder, { recursive: true });
    }
  };
  const given = { name: "unit-unseen", pool: "unit-unseen", format: "raw", size: "1MiB" };
  const staysInState = async ({ id, outputs, context }: Awaited<ReturnType<typeof made>>, why: RegExp) => {
    const read = await volume.read(id, outputs, context);
    assert.deepEqual(read?.outputs, outputs);
    assert.match(context.said.at(-1) ?? "", why);
  };

  it("since its pool is not active stays in the state, and a destroy says so", () =>
    inPool(async (uuid) => {
      const one = await made(given);
      await libvirt.stop("pool", uuid);
      await staysInState(one, /can't be checked.* storage pool "unit-unseen" is not active/);
      await assert.rejects(one.remove(), /storage pool "unit-unseen" is not active\. Start it/);
      await libvirt.start("pool", uuid);
      await one.remove();
    }));

  it("with another directory in its place stays in the state, and a destroy says so", () =>
    inPool(async (_, folder) => {
      const one = await made(given);
      const away = `${folder}-away`;
      await files.rename(folder, away);
      mkdirSync(folder);
      await virsh("pool-refresh", "unit-unseen");
      await staysInState(
        one,
        /can't be checked.* the directory of storage pool "unit-unseen" is another one than before/,
      );
      await assert.rejects(
        one.remove(),
        /can't be found, but may still exist: the directory of storage pool "unit-unseen" is another one than before/,
      );
      rmSync(folder, { recursive: true });
      await files.rename(away, folder);
      await virsh("pool-refresh", "unit-unseen");
      await one.remove();
    }));

  it("whose pool was defined with another directory stays in the state, and a destroy says so", () =>
    inPool(async (uuid, folder) => {
      const one = await made(given);
      const definition = (await libvirt.definition("pool", uuid)) ?? "";
      const moved = async (to: string) => {
        await libvirt.stop("pool", uuid);
        await libvirt.define("pool", definition.replace(`>${folder}<`, `>${to}<`));
        await libvirt.start("pool", uuid);
      };
      mkdirSync(`${folder}/elsewhere`);
      await moved(`${folder}/elsewhere`);
      await staysInState(one, /can't be checked.*unit-unseen exists, but storage pool "unit-unseen"/);
      await assert.rejects(one.remove(), /can't be found, but may still exist: \S+ exists, but storage pool/);
      await moved(folder);
      await one.remove();
    }));

  it("whose image was removed by hand no longer exists, and prevents nothing", async () => {
    const one = await made({ name: "unit-removed", size: "1MiB" });
    await files.remove(String(one.outputs["path"]));
    assert.equal(await volume.read(one.id, one.outputs, one.context), undefined);
    await one.remove();
    assert.equal(await ledger.entry("volume", one.id), undefined);
  });

  it("of another program's, with a name in any letters, hinders no delete of ours", async () => {
    const at = await makeForeign("unit größe   x.img");
    await files.remove(at);
    const { remove } = await made({ name: "unit-beside", size: "1MiB" });
    await remove();
    assert.equal(await definitionOf("unit-beside"), undefined);
    await virsh("pool-refresh", "default");
  });
});

describe("a volume that the ledger knows nothing of", () => {
  it("is not deleted, and the error names the ledger's file", async () => {
    const { id, outputs, context, remove } = await made({ name: "unit-lost", size: "1MiB" });
    const entry = await ledger.entry("volume", id);
    await ledger.release("volume", id);
    const file = ledger.fileOf("volume", id);
    const message = new RegExp(
      `the state says that kvm-deploy created .*unit-lost", but ${file.replaceAll(".", "\\.")} is missing`,
    );
    await assert.rejects(remove(), message);
    assert.deepEqual((await volume.read(id, outputs, context))?.outputs, outputs);
    await ledger.claim("volume", id, entry ?? assert.fail());
    await remove();
  });
});

describe("the users of a volume", () => {
  const define = async (name: string, disk: string) => {
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${name}</name><memory unit="MiB">64</memory><os><type>hvm</type></os><devices>${disk}</devices></domain>`,
    );
    return (await libvirt.find("domain", name))?.uuid ?? "";
  };
  const diskOf = (file: unknown, target = "vda") =>
    `<disk type="file"><driver name="qemu" type="qcow2"/><source file="${String(file)}"/><target dev="${target}"/></disk>`;

  it("are also those that have it from their next start on", async () => {
    const one = await made({ name: "unit-next", size: "1MiB" });
    const disk = await made({ name: "unit-now", size: "1MiB" });
    const inside = `<driver name="qemu" type="qcow2"/><source file="${String(disk.outputs["path"])}"/>`;
    await withGuest("unit-guest", inside, async (uuid) => {
      await virsh("attach-disk", uuid, String(one.outputs["path"]), "vdb", "--subdriver", "qcow2", "--config");
      await assert.rejects(one.remove(), /is a disk of unit-guest/);
    });
    await one.remove();
    await disk.remove();
  });

  it("are also saved states, snapshots and images in no pool", async () => {
    const one = await made({ name: "unit-kept", size: "1MiB" });
    const image = String(one.outputs["path"]);
    const uuid = await define("unit-keeper", diskOf(image));
    await virsh("snapshot-create-as", uuid, "first");
    await virsh("detach-disk", uuid, "vda", "--config");
    await assert.rejects(one.remove(), /or of its saved state or snapshot/);
    await virsh("snapshot-delete", uuid, "first", "--metadata");
    await libvirt.undefine("domain", uuid);
    await files.withTemporaryDirectory(async (folder) => {
      const over = path.join(folder, "over.qcow2");
      await run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", image, "-F", "qcow2", over]);
      const other = await define("unit-over", diskOf(over));
      await assert.rejects(one.remove(), /is a disk of unit-over/);
      await libvirt.undefine("domain", other);
    });
    await one.remove();
  });

  it("all see its new size, or hinder its growth by name when they are based on it", async () => {
    const base = await made({ name: "unit-under", size: "1MiB" });
    const top = await made({ name: "unit-above", size: "1MiB", backing: { volume: base.id } });
    const inside = `<driver name="qemu" type="qcow2"/><source file="${String(top.outputs["path"])}"/>`;
    await withGuest("unit-guest", inside, async () => {
      const { failures } = await volume.check(base.outputs, { ...base.inputs, size: "2MiB" }, base.context);
      assert.match(failures[0]?.reason ?? "", /can't grow while disks of running machines are based on it: unit-guest/);
    });
    await top.remove();
    await base.remove();

    const shared = await made({ name: "unit-shared", format: "raw", size: "1MiB" });
    const disk = `<driver name="qemu" type="raw"/><source file="${String(shared.outputs["path"])}"/><shareable/>`;
    await withGuest("unit-one", disk, (one) =>
      withGuest("unit-two", disk, async (two) => {
        const news: Properties = { ...shared.inputs, size: "4MiB" };
        const { notes } = await volume.diff(shared.id, shared.outputs, news, shared.context);
        assert.deepEqual(notes, ["size: grows while unit-one, unit-two run"]);
        await volume.update(shared.id, shared.outputs, news, shared.context);
        for (const uuid of [one, two])
          assert.match((await virsh("domblkinfo", uuid, "vda")).stdout, /Capacity: +4194304/);
      }),
    );
    await shared.remove();
  });
});
