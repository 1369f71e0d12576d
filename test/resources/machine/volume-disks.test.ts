import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { attributeOf, type Element, parse, textOf } from "../../../provider/format/xml";
import { disksOf, targetOf } from "../../../provider/libvirt/domain";
import { site } from "../../site";
import { Guest } from "./guests";

const { connection, host } = site();
const { libvirt, run } = host;
const virsh = (...args: string[]) => run("virsh", ["-q", "-c", connection, ...args]);

describe("a machine whose disk is defined by its pool and volume", () => {
  const uuid = "6f1c7f0e-54c4-4a5b-8f0b-0d7a3d1f7a11";
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("by-names", "deaf");
  });
  afterEach(() => guest.removeMachine());
  after(() => guest.remove());

  const defined = async () => parse((await libvirt.definition("domain", uuid)) ?? "<gone/>");
  const sourcesOf = (domain: Element) =>
    disksOf(domain).map((disk) => [
      targetOf(disk),
      attributeOf(disk, "source", "pool"),
      attributeOf(disk, "source", "volume"),
    ]);

  for (const runs of [false, true]) {
    it(`is taken over and changed with the disk as it is, while it ${runs ? "runs" : "is off"}`, async () => {
      const [pool = "", name = ""] = guest.disk.split("/");
      const disk = `<disk type="volume" device="disk"><driver name="qemu" type="raw"/><source pool="${pool}" volume="${name}"/><target dev="vda" bus="virtio"/></disk>`;
      await libvirt.define(
        "domain",
        `<domain type="qemu"><name>by-names</name><uuid>${uuid}</uuid><memory unit="MiB">64</memory>
          <os><type arch="x86_64" machine="q35">hvm</type></os><devices>${disk}</devices></domain>`,
      );
      if (runs) await virsh("start", uuid);
      const given = { adopt: true, deleteAdopted: true, running: runs, disks: [{ volume: guest.disk }] };
      await guest.up(given);
      for (const title of ["one", "two"]) {
        const more = { ...given, title };
        assert.deepEqual(
          (await guest.preview(more)).filter((note) => note.includes("refuses")),
          [],
        );
        await guest.up(more);
        assert.equal(textOf(await defined(), "title"), title);
        assert.deepEqual(sourcesOf(await defined()), [["vda", pool, name]]);
        if (runs) assert.deepEqual(sourcesOf(await guest.live()), [["vda", pool, name]]);
        await guest.refresh();
      }
      assert.deepEqual(await guest.preview({ ...given, title: "two" }), []);
    });
  }
});

describe("an image that another program has attached as a disk on another bus", () => {
  let guest: Guest;
  let data = "";
  before(async () => {
    guest = await Guest.make("twice", "deaf");
    data = await guest.makeVolume("data");
  });
  after(() => guest.remove());

  it("is not added as a second disk, and the preview says so", async () => {
    await guest.up({ running: false });
    await virsh("attach-disk", guest.uuid, guest.fileOf(data), "sda", "--targetbus", "sata", "--config");
    const before = await libvirt.definition("domain", guest.uuid);
    const both = { running: false, disks: [{ volume: guest.disk }, { volume: data }] };
    const refusal = /disks: .*twice-data would be two disks of twice, (sda and vdb|vdb and sda)\. Name it once/;
    assert.match((await guest.preview(both)).join("\n"), refusal);
    await assert.rejects(guest.up(both), refusal);
    assert.equal(await libvirt.definition("domain", guest.uuid), before);
  });
});
