import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeOf, textOf } from "../../../provider/format/xml";
import { volume } from "../../../provider/resources/volume/handler";
import { withScratchFolder } from "../../iso/host";
import { bootSector } from "./boot-sector";
import { bytesOnHost, connection, contextOf, definitionOf, host, made, refusals, withGuest } from "./site";

const { libvirt, ledger, files, clock } = host;
const MiB = 2 ** 20;
const diskOf = (path: unknown, format = "qcow2") =>
  `<driver name="qemu" type="${format}"/><source file="${String(path)}"/>`;

describe("a volume", () => {
  for (const format of ["qcow2", "raw"] as const) {
    it(`in ${format} takes no space, reads back as the desired one, and goes`, async () => {
      const { outputs, inputs, id, context, remove } = await made({ name: `unit-${format}`, format, size: "8MiB" });
      assert.equal(id, `default/unit-${format}`);
      assert.deepEqual([outputs["capacity"], await bytesOnHost(`unit-${format}`)], ["8MiB", 8 * MiB]);
      assert.ok((await bytesOnHost(`unit-${format}`, "allocation")) < MiB);
      assert.deepEqual((await volume.read(id, outputs, context))?.inputs, inputs);
      await remove();
      assert.equal(await definitionOf(`unit-${format}`), undefined);
      assert.equal(await ledger.entry("volume", id), undefined);
      await remove();
    });

    it(`in ${format} takes all its space where it is requested`, async () => {
      const { remove } = await made({ name: "unit-full", format, size: "8MiB", preallocate: true });
      assert.ok((await bytesOnHost("unit-full", "allocation")) >= 8 * MiB);
      await remove();
    });
  }

  it("has a size that is no whole number of sectors rounded up, which is no difference", async () => {
    const { outputs, inputs, id, context, remove } = await made({ name: "unit-odd", size: "1000B" });
    assert.equal(await bytesOnHost("unit-odd"), 1024);
    assert.deepEqual((await volume.read(id, outputs, context))?.inputs, inputs);
    await remove();
  });

  it("that no longer exists is read as missing", async () => {
    const { outputs, id, context } = await made({ name: "unit-gone", size: "1MiB" });
    await libvirt.deleteVolume("default", "unit-gone");
    assert.equal(await volume.read(id, outputs, context), undefined);
    await volume.delete(id, outputs, context);
  });

  it("is based on another volume, which then can't be deleted", async () => {
    const base = await made({ name: "unit-base", size: "4MiB" });
    const top = await made({ name: "unit-top", size: "8MiB", backing: { volume: base.id } });
    assert.equal(textOf(await definitionOf("unit-top"), "backingStore/path"), base.outputs["path"]);
    assert.equal(attributeOf(await definitionOf("unit-top"), "backingStore/format", "type"), "qcow2");
    assert.deepEqual((await volume.read(top.id, top.outputs, top.context))?.inputs, top.inputs);
    await assert.rejects(
      base.remove(),
      /volume "default\/unit-base" is the base of other volumes: default\/unit-top\. Delete these first/,
    );
    await top.remove();
    await base.remove();
  });

  it("is not deleted while an image is based on it that libvirt doesn't list yet", async () => {
    const base = await made({ name: "unit-base", size: "4MiB" });
    const file = String(base.outputs["path"]);
    const overlay = `${file}.s1`;
    await host.run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", file, "-F", "qcow2", overlay]);
    await assert.rejects(base.remove(), /is the base of other volumes: default\/unit-base\.s1\. Delete these first/);
    await host.files.remove(overlay);
    await base.remove();
  });

  it("is not deleted while it is a disk of a machine, be it off or based on it", async () => {
    const base = await made({ name: "unit-used", size: "4MiB" });
    const top = await made({ name: "unit-over", size: "4MiB", backing: { volume: base.id } });
    await withGuest("unit-guest", diskOf(top.outputs["path"]), async (uuid) => {
      await assert.rejects(base.remove(), /volume "default\/unit-used" is a disk of unit-guest/);
      await libvirt.stop("domain", uuid);
      await assert.rejects(
        top.remove(),
        /is a disk of unit-guest, or of its saved state or snapshot\. First delete the machine/,
      );
    });
    await top.remove();
    await base.remove();
  });

  it("is deleted only when another program that makes or changes it has ended", async () => {
    const { remove } = await made({ name: "unit-busy", size: "1MiB" });
    let removal: Promise<void> | undefined;
    await host.lock("volume default/unit-busy", async () => {
      removal = remove();
      await clock.sleep(500);
      assert.ok(await definitionOf("unit-busy"));
    });
    await removal;
    assert.equal(await definitionOf("unit-busy"), undefined);
  });
});

/** What the guest of `bootSector` has said last. */
async function bytesSeen(log: string): Promise<number | undefined> {
  const told = [...(await files.readFrom(log, 0)).toString("latin1").matchAll(/=([^]{4})/g)].at(-1)?.[1];
  return told === undefined ? undefined : Buffer.from(told, "latin1").readUInt32LE() * 512;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = clock.now() + 60_000;
  while (!(await isSo())) {
    assert.ok(clock.now() < end, "it didn't happen within a minute");
    await clock.sleep(200);
  }
}

describe("a volume's size", () => {
  it("grows while nothing uses it, and the preview says so", async () => {
    const { id, outputs, inputs, context, remove } = await made({ name: "unit-grow", size: "4MiB" });
    const news = { ...inputs, size: "16MiB" };
    assert.deepEqual((await volume.diff(id, outputs, news, context)).notes, ["size: grows"]);
    const updated = await volume.update(id, outputs, news, context);
    assert.deepEqual([updated["capacity"], await bytesOnHost("unit-grow")], ["16MiB", 16 * MiB]);
    await remove();
  });

  for (const format of ["qcow2", "raw"] as const) {
    it(`of ${format} grows while a machine runs on it, and the machine has the new size`, async () => {
      const { id, outputs, inputs, context, remove } = await made({ name: "unit-online", format, size: "4MiB" });
      const news = { ...inputs, size: "16MiB" };
      await withGuest("unit-guest", diskOf(outputs["path"], format), async (uuid) => {
        const { notes } = await volume.diff(id, outputs, news, context);
        assert.deepEqual(notes, ["size: grows while unit-guest runs"]);
        const updated = await volume.update(id, outputs, news, context);
        assert.deepEqual([updated["capacity"], await bytesOnHost("unit-online")], ["16MiB", 16 * MiB]);
        const { stdout } = await host.run("virsh", ["-c", connection, "domblkinfo", uuid, "vda"]);
        assert.match(stdout, /Capacity: +16777216/);
      });
      await remove();
    });
  }

  it("is visible to the guest as soon as it has grown", async () => {
    await withScratchFolder(async (folder) => {
      const [boot, log] = [`${folder}/boot.raw`, `${folder}/serial.log`];
      await host.run("chmod", ["755", folder]);
      await files.write(boot, bootSector());
      const { id, outputs, inputs, context, remove } = await made({
        name: "unit-seen",
        format: "raw",
        size: "4MiB",
        source: { path: boot },
      });
      const serial = `<serial type="file"><source path="${log}"/></serial>`;
      await withGuest(
        "unit-guest",
        diskOf(outputs["path"], "raw"),
        async () => {
          await until(async () => (await bytesSeen(log)) === 4 * MiB);
          await volume.update(id, outputs, { ...inputs, size: "16MiB" }, context);
          await until(async () => (await bytesSeen(log)) === 16 * MiB);
        },
        serial,
      );
      await remove();
    });
  });

  it("that grew by another hand is drift, and less than that is refused", async () => {
    const { id, outputs, inputs, context, remove } = await made({ name: "unit-drift", size: "4MiB" });
    await libvirt.resizeVolume("default", "unit-drift", 8 * MiB);
    const read = await volume.read(id, outputs, context);
    assert.equal(read?.inputs["size"], "8MiB");
    assert.match(
      (await refusals(inputs, read.outputs, "unit-drift"))[0] ?? "",
      /^size: 4MiB is less than the 8MiB that the volume has.*Write size: 8MiB/,
    );
    await remove();
  });

  it("that is given first, and is less than the volume has, is refused with the size to write", async () => {
    const { outputs, inputs, id, context, remove } = await made({ name: "unit-late", size: "8MiB" });
    const before = { ...outputs, size: undefined, source: { path: "/from/before" } };
    assert.match(
      (await refusals({ ...inputs, size: "4MiB" }, before, "unit-late"))[0] ?? "",
      /^size: 4MiB is less than the 8MiB that the volume has.*Write size: 8MiB/,
    );
    assert.equal(id, "default/unit-late");
    await volume.delete(id, outputs, context);
    await remove();
  });

  it("that the host has already needs nothing", async () => {
    const { id, outputs, inputs, context, remove } = await made({ name: "unit-ahead", size: "4MiB" });
    await libvirt.resizeVolume("default", "unit-ahead", 8 * MiB);
    await volume.update(id, outputs, { ...inputs, size: "8MiB" }, context);
    assert.equal(await bytesOnHost("unit-ahead"), 8 * MiB);
    await remove();
  });
});

describe("a change of a volume that holds data", () => {
  const olds = { name: "v", size: "1GiB", connection };
  for (const [field, value] of Object.entries({ format: "raw", pool: "other", name: "w", size: "1MiB" })) {
    it(`is refused for its ${field}, with the way out`, async () => {
      const [refusal = "", ...others] = await refusals({ ...olds, [field]: value }, olds);
      assert.ok(refusal.startsWith(`${field}: `));
      assert.match(refusal, /create another volume/i);
      assert.deepEqual(others, []);
    });
  }
});

describe("a volume that exists already", () => {
  const existing = (size = 4 * MiB) =>
    `<volume><name>unit-there</name><capacity>${size}</capacity><target><format type="qcow2"/></target></volume>`;

  it("is a conflict at preview, which says how to take it over", async () => {
    await libvirt.createVolume("default", existing());
    assert.match(
      (await refusals({ name: "unit-there", size: "4MiB" }))[0] ?? "",
      /^name: a volume "unit-there" in pool "default" exists already, and kvm-deploy did not create it\. .*set adopt to true/,
    );
  });

  it("can't be taken over as qcow2 when it isn't, or with a smaller size, at preview", async () => {
    const adopt = { name: "unit-there", adopt: true };
    const raw = existing().replace("qcow2", "raw").replace("unit-there", "unit-there-raw");
    await libvirt.createVolume("default", raw);
    assert.match(
      (await refusals({ ...adopt, name: "unit-there-raw", size: "4MiB" }))[0] ?? "",
      /^format: volume "default\/unit-there-raw" can't be taken over, because it differs from the inputs: format is "raw", not "qcow2"\. Change the inputs to what it has/,
    );
    await libvirt.deleteVolume("default", "unit-there-raw");
    assert.match(
      (await refusals({ ...adopt, size: "1MiB" }))[0] ?? "",
      /^size: volume .* has 4MiB already, which is more than 1MiB/,
    );
  });

  it("is taken over as it is; the next update changes what differs, and it stays when the resource goes", async () => {
    const { id, outputs, inputs, context, remove } = await made({ name: "unit-there", size: "8MiB", adopt: true });
    assert.equal(await bytesOnHost("unit-there"), 4 * MiB, "taking over changes nothing");
    assert.equal(outputs["size"], "4MiB");
    assert.deepEqual((await volume.diff(id, outputs, inputs, context)).notes, ["size: grows"]);
    await volume.update(id, outputs, inputs, context);
    assert.equal(await bytesOnHost("unit-there"), 8 * MiB);
    await remove();
    assert.ok(await definitionOf("unit-there"));
    assert.equal(await ledger.entry("volume", id), undefined);
    const own = await made({ name: "unit-there", size: "8MiB", adopt: true, deleteAdopted: true });
    await own.remove();
    assert.equal(await definitionOf("unit-there"), undefined);
  });

  it("is taken from another stack by that owner's URN alone, which then leaves it alone", async () => {
    const first = await made({ name: "unit-moved", size: "1MiB" });
    const context = contextOf("another");
    const adopt = { name: "unit-moved", size: "1MiB", connection };
    const { failures } = await volume.check({}, { ...adopt, adopt: true }, context);
    assert.match(
      failures[0]?.reason ?? "",
      /it belongs to urn:pulumi:test::test::kvm:Volume::unit-moved\. .*to that URN/,
    );
    const { inputs } = await volume.check({}, { ...adopt, adopt: first.context.urn }, context);
    const second = await volume.create(inputs, context);
    assert.equal(await volume.read(first.id, first.outputs, first.context), undefined, "the first lets it go");
    await assert.rejects(
      volume.update(first.id, first.outputs, { ...first.inputs, size: "2MiB" }, first.context),
      /volume "default\/unit-moved" belongs to urn:.*another now\. Run `pulumi refresh`/,
    );
    await first.remove();
    assert.ok(await definitionOf("unit-moved"));
    await volume.delete(second.id, { ...second.outputs, deleteAdopted: true }, context);
    assert.equal(await definitionOf("unit-moved"), undefined);
  });
});
