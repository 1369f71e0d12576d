import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find, textOf } from "../../../../provider/format/xml";
import type { Properties } from "../../../../provider/resource/handler";
import { machine } from "../../../../provider/resources/machine/handler";
import { site } from "../../../site";
import { cutOffAfter } from "../../cut-off";
import { Guest, makeNetwork } from "../guests";

const { connection } = site();

describe("a running machine that follows", () => {
  let guest: Guest;
  let data: string;
  let removeNetwork: () => Promise<void>;
  before(async () => {
    removeNetwork = await makeNetwork("follows-net");
    guest = await Guest.make("follows", "deaf");
    data = await guest.makeVolume("data");
  });
  afterEach(() => guest.removeMachine());
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const disks = (bus: string) => [{ volume: guest.disk }, { volume: data, bus }];
  const devices = async (name: string) => childrenOf(find(await guest.live(), "devices"), name);
  const busesOf = async () => (await devices("disk")).map((disk) => attributeOf(disk, "target", "bus"));

  it("gets its first SCSI disk without a restart: its controller goes in first, and out at the next restart", async () => {
    await guest.up();
    assert.deepEqual(await guest.preview({ disks: disks("scsi") }), [
      "changes",
      "disks[1]: attached while follows runs",
    ]);
    await guest.up({ disks: disks("scsi") });
    assert.deepEqual(await busesOf(), ["virtio", "scsi"]);
    const models = (await devices("controller")).flatMap(({ attributes: { type, model } }) =>
      type === "scsi" ? [model] : [],
    );
    assert.deepEqual(models, ["virtio-scsi"]);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    await guest.refresh();
    assert.deepEqual(await guest.preview({ disks: disks("scsi") }), []);
    await guest.up();
    assert.deepEqual(await busesOf(), ["virtio"]);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    await guest.refresh();
    assert.deepEqual(await guest.preview(), []);
  });

  it("gets no disk on USB where it has none: that is reported in words", async () => {
    const xml = { overlay: "<domain><devices><controller type='usb' model='none'/></devices></domain>" };
    await guest.up({ xml });
    await assert.rejects(guest.up({ xml, disks: disks("usb") }), {
      message: "the machine has no USB controller. Choose another bus",
    });
  });

  it("gets a disk on USB where it has that", async () => {
    await guest.up();
    await guest.up({ disks: disks("usb") });
    assert.deepEqual(await busesOf(), ["virtio", "usb"]);
    assert.deepEqual(guest.state["waitingForRestart"], []);
  });

  it("does not fail at a change since its memory, without a driver, can't be less than the most of it", async () => {
    const given = { maxMemory: "128MiB" };
    await guest.up(given);
    assert.equal(textOf(await guest.live(), "currentMemory"), String(128 * 1024));
    await guest.up({ ...given, title: "two" });
    assert.equal(textOf(await guest.live(), "title"), "two");
    await assert.rejects(guest.up({ ...given, title: "two", memory: "96MiB" }), { message: /needs a balloon driver/ });
    await guest.up({ ...given, title: "three", memory: "96MiB" });
    assert.equal(textOf(await guest.live(), "title"), "three");
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    assert.deepEqual(await guest.preview({ ...given, title: "three", memory: "96MiB" }), []);
  });

  describe("what was interrupted after its definition is found by a refresh and done by the next up", () => {
    const nics = [{ network: "follows-net" }];
    for (const [first, then] of [
      [{}, { nics }],
      [{}, { vcpus: 2 }],
      [{}, { title: "follows" }],
      [{}, { description: "follows" }],
      [{}, { tags: ["follows"] }],
      [{ nics }, { nics: [{ network: "follows-net", link: "down" }] }],
      [{ cdroms: [{}] }, { cdroms: [{ medium: "MEDIUM" }] }],
      [{}, { disks: "virtio" }],
      [{}, { disks: "scsi" }],
      [{ disks: "scsi" }, {}],
    ] as const satisfies readonly (readonly [Properties, Properties])[]) {
      it(`${JSON.stringify(first)} to ${JSON.stringify(then)}`, async () => {
        const given = (values: Properties) => {
          const text = JSON.stringify({ maxVcpus: 2, ...values }).replace("MEDIUM", guest.fileOf(data));
          const { disks: bus, ...rest } = JSON.parse(text) as Properties;
          return bus === undefined ? rest : { ...rest, disks: disks(bus as string) };
        };
        await guest.up(given(first));
        const followed: string[] = [];
        for (let writes = 1; ; writes += 1) {
          const context = cutOffAfter(writes, connection, guest.context.urn);
          const inputs = await guest.checked(given(then));
          const isKilled = await machine.update(guest.uuid, guest.state, inputs, context).then(
            () => false,
            () => true,
          );
          await guest.refresh();
          const preview = await guest.preview(given(then));
          if (preview.length > 0) await guest.up(given(then));
          assert.deepEqual(guest.state["waitingForRestart"], []);
          followed.push(preview.join("\n"));
          await guest.refresh();
          assert.deepEqual(await guest.preview(given(then)), []);
          if (!isKilled) break;
          await guest.removeMachine();
          await guest.up(given(first));
        }
        assert.ok(followed.some((note) => /in the definition, but not in force yet/.test(note)));
      });
    }
  });
});
