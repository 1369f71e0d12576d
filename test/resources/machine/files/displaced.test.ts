import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { parse } from "../../../../provider/format/xml";
import { disksOf, imagePathOf } from "../../../../provider/libvirt/domain";
import { site } from "../../../site";
import { Guest } from "../guests";

const { connection, host } = site();
const { libvirt, files, run } = host;
const virsh = (...args: string[]) => run("virsh", ["-q", "-c", connection, ...args]);

describe("a disk that another hand has given another image", () => {
  let guest: Guest;
  let data = "";
  const made: string[] = [];
  before(async () => {
    guest = await Guest.make("displaced", "deaf");
    data = await guest.makeVolume("data");
  });
  afterEach(async () => {
    await guest.removeMachine();
    for (const file of made.splice(0)) await files.remove(file);
  });
  after(() => guest.remove());

  const disks = () => [{ volume: guest.disk }, { volume: data }];
  const images = async () => [
    disksOf(await guest.live()).map(imagePathOf),
    disksOf(parse((await libvirt.definition("domain", guest.uuid)) ?? "<gone/>")).map(imagePathOf),
  ];
  const snapshot = async () => {
    const file = `${guest.fileOf(data)}.snap`;
    made.push(file);
    const spec = ["--diskspec", "vda,snapshot=no", "--diskspec", `vdb,file=${file}`];
    await virsh("snapshot-create-as", guest.uuid, "snap", "--disk-only", "--no-metadata", ...spec);
  };
  const copy = async () => {
    const file = `${guest.fileOf(data)}.copy`;
    made.push(file);
    await virsh("blockcopy", guest.uuid, "vdb", file, "--transient-job", "--wait", "--pivot");
  };
  const isSnapshot =
    /disks\[1\]: .*displaced-data\.snap is a snapshot over .*displaced-data\. Merge it first: virsh blockcommit displaced vdb/;
  const isOther =
    /disks\[1\]: .*displaced-data is no longer a disk of displaced, which has .*displaced-data\.copy\. Run `pulumi refresh`/;

  for (const [what, act, refusal] of [
    ["by a snapshot", snapshot, isSnapshot],
    ["by a copy", copy, isOther],
  ] as const) {
    it(`${what} isn't attached again in addition to it by an update of something else, and the preview says so`, async () => {
      await guest.up({ disks: disks() });
      await act();
      const before = await images();
      const more = { disks: disks(), title: "other" };
      assert.match((await guest.preview(more)).join("\n"), refusal);
      await assert.rejects(guest.up(more), refusal);
      assert.deepEqual(await images(), before);
    });
  }

  it("by a snapshot isn't put in its place after a refresh either", async () => {
    await guest.up({ disks: disks() });
    await snapshot();
    const before = await images();
    await guest.refresh();
    assert.match((await guest.preview({ disks: disks() })).join("\n"), isSnapshot);
    await assert.rejects(guest.up({ disks: disks() }), isSnapshot);
    assert.deepEqual(await images(), before);
    await virsh("blockcommit", guest.uuid, "vdb", "--active", "--wait", "--pivot");
    await guest.up({ disks: disks(), title: "merged" });
    assert.equal((await images())[1]?.[1], guest.fileOf(data));
  });
});
