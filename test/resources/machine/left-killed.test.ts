import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { machine } from "../../../provider/resources/machine/handler";
import { testContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { dyingHost, Killed } from "./dying-host";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";

const { host, connection } = site();
const { libvirt, files } = host;
const folder = scratchFolder();

describe("a program that is killed while a machine is left to its installer", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("left-killed");
    iso = new QuickInstaller("left-killed", folder);
  });
  afterEach(async () => {
    await guest.removeMachine();
    await files.writeAt(guest.fileOf(guest.disk), 0, new Uint8Array(512));
    await iso.remove();
    iso.state = {};
  });
  after(() => guest.remove());

  const user = {
    system: {
      users: [
        { name: "ada", keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs x"] },
      ],
    },
  };
  const given = () => ({ installer: iso.id, wait: "nothing" });
  const dying = (n: number) => ({ ...testContext(connection, guest.context.urn), host: () => dyingHost(n) });
  const installedBy = async () => {
    while (await libvirt.isActive("domain", guest.uuid)) await host.clock.sleep(50);
    await guest.up(given());
    const { installation, pending, login } = guest.state;
    assert.deepEqual([installation, pending, login], ["complete", undefined, "ada"]);
    assert.equal(await libvirt.isActive("domain", guest.uuid), true);
    assert.deepEqual(await guest.preview(given()), []);
  };

  // The first definition, that of the start, the start, and the one that boots the disk next.
  for (const n of [1, 2, 3, 4]) {
    it(`before the write number ${n} of a create: the next up starts the installer once, the one after that ends it`, async () => {
      await iso.up("quick", user);
      await assert.rejects(machine.create(await guest.checked(given()), dying(n)), Killed);
      await guest.up(given());
      await installedBy();
    });
  }

  // The definition of the complete machine, autostart, and the start.
  for (const n of [1, 2, 3]) {
    it(`before the write number ${n} of the end: the next up ends it, and installs nothing again`, async () => {
      await iso.up("quick", user);
      await guest.up(given());
      while (await libvirt.isActive("domain", guest.uuid)) await host.clock.sleep(50);
      const refresh = { ...dying(n), isRefresh: true };
      await assert.rejects(machine.read(guest.uuid, guest.state, refresh), Killed);
      await installedBy();
    });
  }
});
