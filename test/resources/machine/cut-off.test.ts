import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { machine } from "../../../provider/resources/machine/handler";
import { testContext } from "../../context";
import { site } from "../../site";
import { dyingHost, Killed } from "./dying-host";
import { Guest, makeNetwork } from "./guests";

const { host, connection } = site();
const { libvirt } = host;

describe("a program that is killed", () => {
  let guest: Guest;
  let removeNetwork: () => Promise<void>;
  before(async () => {
    removeNetwork = await makeNetwork(
      "killed-net",
      '<ip address="10.250.77.1" prefix="24"><dhcp><range start="10.250.77.100" end="10.250.77.200"/></dhcp></ip>',
    );
    guest = await Guest.make("killed", "polite");
  });
  afterEach(() => guest.removeMachine());
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const given = { nics: [{ network: "killed-net", address: "10.250.77.10" }], autostart: true };
  const dying = (n: number) => ({ ...testContext(connection, guest.context.urn), host: () => dyingHost(n) });
  const machines = async () => (await libvirt.list("domain")).filter(({ name }) => name === "killed");

  for (const n of [1, 2, 3, 4]) {
    it(`before the write number ${n} of a create: the next up makes one machine, complete`, async () => {
      const inputs = await guest.checked(given);
      await assert.rejects(machine.create(inputs, dying(n)), Killed);
      await guest.up(given);
      assert.equal((await machines()).length, 1);
      assert.equal(await libvirt.isActive("domain", guest.uuid), true);
      assert.equal(await libvirt.hasAutostart("domain", guest.uuid), true);
      assert.deepEqual(await guest.preview(given), []);
      await guest.refresh();
      assert.deepEqual(await guest.preview(given), []);
    });
  }

  it("a create has no more writes than those", async () => {
    await machine.create(await guest.checked(given), dying(5));
  });

  const changed = { ...given, memory: "96MiB", autostart: false, allowRestart: true };

  for (const n of [1, 2, 3, 4, 5]) {
    it(`before the write number ${n} of a change: the next up finishes it`, async () => {
      await guest.up({ ...given, memory: "80MiB" });
      await assert.rejects(machine.update(guest.uuid, guest.state, await guest.checked(changed), dying(n)), Killed);
      await guest.up(changed);
      assert.deepEqual(guest.state["waitingForRestart"], []);
      assert.match((await libvirt.liveDefinition("domain", guest.uuid)) ?? "", /<memory unit='KiB'>98304</);
      assert.equal(await libvirt.hasAutostart("domain", guest.uuid), false);
      assert.deepEqual(await guest.preview(changed), []);
    });
  }

  it("a change has no more writes than those", async () => {
    await guest.up({ ...given, memory: "80MiB" });
    await machine.update(guest.uuid, guest.state, await guest.checked(changed), dying(6));
  });

  it("leaves work that is still due after a later update has failed, too", async () => {
    await guest.up({ ...given, running: false });
    guest.state = { ...guest.state, pending: true };
    const waits = { ...given, wait: "ssh", sshTimeout: "1s" };
    await assert.rejects(guest.up(waits), /did not answer by ssh/);
    assert.equal(guest.state["pending"], true);
    assert.deepEqual(await guest.preview(given), ["changes", "was not created completely; up continues with it"]);
    await guest.up(given);
    assert.deepEqual(await guest.preview(given), []);
  });
});
