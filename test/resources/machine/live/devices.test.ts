import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find } from "../../../../provider/format/xml";
import { site } from "../../../site";
import { Guest, makeNetwork } from "../guests";

const { libvirt } = site().host;

describe("a machine whose guest doesn't answer", () => {
  let guest: Guest;
  let removeNetwork: () => Promise<void>;
  let disks: readonly object[];
  before(async () => {
    removeNetwork = await makeNetwork("plug");
    guest = await Guest.make("plug", "deaf");
    disks = [{ volume: guest.disk }, { volume: await guest.makeVolume("data") }];
    await guest.up();
  });
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const devices = async (name: string) => childrenOf(find(await guest.live(), "devices"), name);
  const nics = [{ network: "plug" }];

  it("gets a disk and a NIC while it runs, at the addresses that they keep", async () => {
    assert.deepEqual(await guest.preview({ disks, nics }), ["changes", "disks[1], nics[0]: attached while plug runs"]);
    await guest.up({ disks, nics });
    assert.deepEqual(
      (await devices("disk")).map((disk) => attributeOf(disk, "target", "dev")),
      ["vda", "vdb"],
    );
    const [nic] = await devices("interface");
    assert.equal(attributeOf(nic, "source", "network"), "plug");
    assert.match(
      (await libvirt.definition("domain", guest.uuid)) ?? "",
      new RegExp(String(attributeOf(nic, "mac", "address"))),
    );
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.deepEqual(await guest.preview({ disks, nics }), []);
  });

  it("doesn't release a disk: an error says so and what to do, and the definition is without it", async () => {
    assert.deepEqual(await guest.preview({ nics }), ["changes", "disks[1]: detached while plug runs; its data stay"]);
    await assert.rejects(guest.up({ nics }), {
      code: "timeout",
      message:
        /^machine "plug" did not apply a change while it runs: detaching disk vdb: the guest has not released disk vdb\. The change is in the definition, and in force after the next restart: restart the machine, or set allowRestart to true. `pulumi up` tries it again$/,
    });
    assert.deepEqual(guest.state["waitingForRestart"], ["disks[1]"]);
    assert.deepEqual(await guest.preview({ nics }), []);
    assert.doesNotMatch((await libvirt.definition("domain", guest.uuid)) ?? "", /plug-data/);
    assert.equal((await devices("disk")).length, 2);
  });

  it("is asked again by the next up, which continues when it still doesn't follow", async () => {
    await guest.up({ nics, sshTimeout: "1m" });
    assert.match(guest.context.said.at(-1) ?? "", /the guest has not released disk vdb/);
    assert.deepEqual(guest.state["waitingForRestart"], ["disks[1]"]);
  });

  it("has followed after a restart", async () => {
    await guest.up({ nics, allowRestart: true, forceOff: true, shutdownTimeout: "1s" });
    assert.equal((await devices("disk")).length, 1);
    assert.deepEqual(guest.state["waitingForRestart"], []);
  });

  it("keeps what another program has attached to the running machine alone", async () => {
    const xml =
      "<interface type='network'><mac address='52:54:00:aa:aa:aa'/><source network='plug'/><model type='virtio'/></interface>";
    await libvirt.changeLive(guest.uuid, { kind: "attach-device", xml });
    await guest.up({ nics, sshTimeout: "2m" });
    assert.equal((await devices("interface")).length, 2);
  });
});

describe("a machine that runs", () => {
  let guest: Guest;
  before(async () => (guest = await Guest.make("between", "deaf")));
  after(() => guest.remove());

  it("gets a disk between two others, whose place in the boot order is taken until the next restart", async () => {
    const [one, two, three] = [guest.disk, await guest.makeVolume("two"), await guest.makeVolume("three")];
    await guest.up({ disks: [{ volume: one }, { volume: three }] });
    const disks = [{ volume: one }, { volume: two }, { volume: three }];
    await guest.up({ disks });
    const attached = childrenOf(find(await guest.live(), "devices"), "disk").find(
      (disk) => attributeOf(disk, "source", "file") === guest.fileOf(two),
    );
    assert.ok(attached);
    assert.equal(find(attached, "boot"), undefined);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.deepEqual(await guest.preview({ disks }), []);
  });
});
