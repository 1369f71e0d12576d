import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { site } from "../../site";
import { withHook } from "../../virsh-hook";
import { Guest, makeNetwork } from "./guests";

const { host, connection } = site();
const { libvirt } = host;

describe("what happens between a look and what is done then", () => {
  let guest: Guest;
  let data: string;
  let removeNetwork: () => Promise<void>;
  before(async () => {
    removeNetwork = await makeNetwork("races-net");
    guest = await Guest.make("races", "deaf");
    data = await guest.makeVolume("data");
  });
  afterEach(() => guest.removeMachine());
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const nics = [{ network: "races-net" }];
  const base = { nics, cdroms: [{}], maxVcpus: 4, shutdownTimeout: "5s", forceOff: true };
  const off = "$VIRSH destroy races";
  const gone = `${off}; $VIRSH undefine races`;
  const disks = (bus: string) => [{ volume: guest.disk }, { volume: data, bus }];

  describe("the machine goes off before a change of it is made: it starts with that", () => {
    for (const [command, first, then] of [
      ["shutdown", {}, { running: false }],
      ["attach-device", {}, { disks: [] }],
      ["attach-device", {}, { nics: [...nics, ...nics] }],
      ["detach-device", { nics: [...nics, ...nics] }, { nics }],
      ["update-device", {}, { nics: [{ network: "races-net", link: "down" }] }],
      ["setvcpus", {}, { vcpus: 2 }],
      ["setmem", { maxMemory: "128MiB" }, { maxMemory: "128MiB", memory: "96MiB" }],
      ["desc", {}, { title: "races" }],
      ["desc", {}, { description: "races" }],
      ["metadata", {}, { tags: ["a"] }],
      ["metadata", {}, { memory: "80MiB" }],
    ] as const satisfies readonly (readonly [string, Properties, Properties])[]) {
      it(`${command}: ${JSON.stringify(then)}`, async () => {
        const changed = { ...base, ...then, ...("disks" in then ? { disks: disks("virtio") } : {}) };
        await guest.up({ ...base, ...first });
        await withHook(connection, { when: "before", command, script: off }, () => guest.up(changed));
        assert.equal(await libvirt.isActive("domain", guest.uuid), (changed as Properties)["running"] !== false);
        assert.deepEqual(await guest.preview(changed), []);
        assert.deepEqual(guest.state["waitingForRestart"], []);
        await guest.refresh();
        assert.deepEqual(await guest.preview(changed), []);
      });
    }
  });

  describe("another program is first", () => {
    it("and detaches a disk", async () => {
      await guest.up({ ...base, disks: disks("scsi") });
      // The drive is sda.
      const script = "$VIRSH detach-disk races sdb --live";
      await withHook(connection, { when: "before", command: "detach-device", script }, () => guest.up(base));
      assert.deepEqual(guest.state["waitingForRestart"], []);
    });

    it("and attaches the disk", async () => {
      await guest.up(base);
      const script = `$VIRSH attach-disk races ${guest.fileOf(data)} vdb --targetbus virtio --driver qemu --subdriver raw --live`;
      await withHook(connection, { when: "before", command: "attach-device", script }, () =>
        guest.up({ ...base, disks: disks("virtio") }),
      );
      assert.deepEqual(guest.state["waitingForRestart"], []);
    });

    it("and adds the processors", async () => {
      await guest.up(base);
      const script = "$VIRSH setvcpus races 2 --live";
      await withHook(connection, { when: "before", command: "setvcpus", script }, () =>
        guest.up({ ...base, vcpus: 2 }),
      );
      assert.equal((await guest.live()).attributes["id"] === undefined, false);
    });

    for (const [command, script] of [
      ["autostart", "$VIRSH autostart races"],
      ["start", "$VIRSH start races"],
    ] as const)
      it(`and does the same: ${command}`, async () => {
        await withHook(connection, { when: "before", command, script }, () => guest.up({ ...base, autostart: true }));
        assert.equal(await libvirt.isActive("domain", guest.uuid), true);
      });

    for (const command of ["shutdown", "destroy", "undefine"])
      for (const [what, script] of [
        ["it is off", off],
        ["it no longer exists", gone],
      ] as const)
        it(`and at a destroy ${what} before ${command}`, async () => {
          await guest.up(base);
          await withHook(connection, { when: "before", command, script }, () => guest.removeMachine({ isAsked: true }));
          assert.equal(await libvirt.find("domain", "races"), undefined);
        });
  });

  it("what is wrong while it runs stays an error, in words and not as a command line", async () => {
    await guest.up(base);
    const xml = '<disk type="file"><source file="/nowhere"/><target dev="vdx" bus="virtio"/></disk>';
    for (const kind of ["attach-device", "detach-device"] as const)
      await assert.rejects(libvirt.changeLive(guest.uuid, { kind, xml }), { name: "KvmError" });
  });
});
