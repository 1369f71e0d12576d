import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { parse, textOf } from "../../../provider/format/xml";
import { disksOf, imagePathOf } from "../../../provider/libvirt/domain";
import { readMark } from "../../../provider/libvirt/mark";
import { variablesIn } from "../../../provider/resources/machine/files/variables";
import { machine } from "../../../provider/resources/machine/handler";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { dyingHost, Killed } from "./dying-host";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";
import type { InstallerKind } from "./quick-source";

const { host, enter } = site();
const { libvirt, files } = host;
const folder = scratchFolder();
const user = {
  system: {
    users: [
      { name: "ada", keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs x"] },
    ],
  },
};

describe("a started installation, and a program that has changed since", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("started");
    iso = new QuickInstaller("started", folder);
  });
  afterEach(async () => {
    await guest.removeMachine();
    const renamed = await libvirt.find("domain", "renamed");
    if (renamed !== undefined) {
      await libvirt.stop("domain", renamed.uuid);
      await machine.delete(renamed.uuid, guest.state, guest.context);
      guest.state = {};
    }
    await files.writeAt(guest.fileOf(guest.disk), 0, new Uint8Array(512));
    await iso.remove();
    iso.state = {};
  });
  after(() => guest.remove());

  const given = (more: object = {}) => ({ installer: iso.id, wait: "nothing", ...more });
  const definition = async () => parse((await libvirt.definition("domain", guest.uuid)) ?? "<gone/>");
  const mark = async () => readMark(await definition());
  const isOn = () => libvirt.isActive("domain", guest.uuid);
  const begun = async (kind: InstallerKind, more: object = {}) => {
    await iso.up(kind, user);
    await guest.up(given(more));
  };
  const ended = async () => {
    while (await isOn()) await host.clock.sleep(50);
  };
  const isPlain = async () => {
    assert.deepEqual([(await mark())?.phase, await isOn(), guest.state["pending"]], ["ready", true, undefined]);
    assert.equal(
      disksOf(await definition()).some((disk) => imagePathOf(disk) === iso.id),
      false,
    );
    assert.equal(textOf(await definition(), "on_reboot"), "restart");
    assert.equal(await libvirt.hasAutostart("domain", guest.uuid), true);
  };

  it("without an installer ends it, keeps what is on the disk, and is then an ordinary machine", async () => {
    await begun("stuck");
    await files.writeAt(guest.fileOf(guest.disk), 0, Buffer.from("half"));
    const alone = { wait: undefined, installer: undefined };
    assert.deepEqual(await guest.preview(alone), [
      "changes",
      "is being installed: starting the installer; up ends the installation, because the machine has no installer any more",
      "installer: started is not installed again",
    ]);
    await guest.up(alone);
    await isPlain();
    assert.equal((await files.readFrom(guest.fileOf(guest.disk), 0, 4)).toString(), "half");
    assert.deepEqual(await guest.preview(alone), []);
  });

  it("without an installer ends it, too, if no state knows that it was started", async () => {
    await iso.up("quick", user);
    await guest.up(given({ wait: "installed" }));
    await iso.up("stuck", user);
    const state = guest.state;
    await guest.up(given({ reinstall: "b", forceOff: true, shutdownTimeout: "1s" }));
    guest.state = state;
    await guest.up({ wait: undefined, installer: undefined });
    await isPlain();
  });

  it("takes out what the program no longer has, like an update", async () => {
    await begun("quick", { title: "old", description: "old" });
    await guest.up(given());
    await ended();
    await guest.up(given());
    assert.equal(textOf(await definition(), "title"), undefined);
    assert.equal(textOf(await definition(), "description"), undefined);
    await guest.refresh();
    assert.deepEqual(await guest.preview(given()), []);
  });

  it("forgets a text that the program has no more, after its end; a kill before that loses no step", async () => {
    const forced = (more: object = {}) => given({ wait: "installed", forceOff: true, shutdownTimeout: "1s", ...more });
    await begun("quick", { wait: "installed" });
    await iso.up("stuck", user);
    await assert.rejects(guest.up(forced({ reinstall: "b", installTimeout: "2s" })), /was not complete/);
    assert.deepEqual(await guest.preview(forced({ reinstall: "c" })), [
      "changes",
      "is being installed: starting the installer; up installs it again, because `reinstall` has another text",
      `reinstall: started is shut down, if necessary by force, and is installed again from ${iso.id}, which erases disks[0] (default/started-root: a boot sector). Its UUID, addresses and host keys stay; its firmware's variables and its TPM start empty`,
    ]);
    assert.deepEqual(await guest.preview(forced()), [
      "changes",
      "is being installed: starting the installer; up waits for its end",
      "reinstall: the installation of started that was started continues",
    ]);
    await iso.up("quick", user);
    assert.match((await guest.preview(forced())).join(), /up starts that again, because the answers have changed/);
    // Stop, definition, start, the disk next, the end, autostart, start, and the text; then only the last three.
    for (const n of [6, 3]) {
      const dying = { ...guest.context, host: () => dyingHost(n) };
      const inputs = await guest.checked(forced());
      await assert.rejects(machine.update(guest.uuid, guest.state, inputs, dying), Killed);
    }
    await guest.up(forced());
    await isPlain();
    assert.equal((await mark())?.reinstall, undefined);
    assert.equal(await files.stat(iso.id), undefined);
    await guest.refresh();
    assert.deepEqual(await guest.preview(forced()), []);
  });

  it("is not known to the state: its text is neither installed twice nor called installed", async () => {
    await begun("quick", { wait: "installed" });
    await iso.up("stuck", user);
    const state = guest.state;
    const again = given({ reinstall: "b", forceOff: true, shutdownTimeout: "1s" });
    await guest.up(again);
    guest.state = state;
    assert.deepEqual(await guest.preview(again), [
      "changes",
      "reinstall: the installation of started that was started continues",
    ]);
  });

  it("starts again under another name: that its installer was stopped is no failure", async () => {
    await begun("stuck");
    await guest.up(given({ name: "renamed" }));
    assert.deepEqual([guest.state["installation"], await isOn()], ["installing", true]);
  });

  it("does not power off a machine that its user has started since, whatever is to be renamed or installed", async () => {
    await begun("quick");
    await ended();
    await libvirt.start("domain", guest.uuid);
    await assert.rejects(
      guest.checked(given({ name: "renamed" })),
      /"started" runs, and libvirt renames a machine only/,
    );
    await assert.rejects(
      guest
        .up(given({ reinstall: "b", shutdownTimeout: "1s" }))
        .then(() => guest.up(given({ reinstall: "c", shutdownTimeout: "1s" }))),
      /did not power off within 1 s of the request; it is not installed again/,
    );
    assert.equal(await isOn(), true);
  });

  it("has failed, and its user has started the machine from its disk: it is not erased", async () => {
    await begun("stuck");
    await libvirt.stop("domain", guest.uuid);
    await libvirt.start("domain", guest.uuid);
    await iso.up("quick", user);
    const waits = given({ wait: "installed" });
    assert.match(
      (await guest.preview(waits)).join(),
      /up refuses to start it again, because the machine runs from its disk/,
    );
    await files.writeAt(guest.fileOf(guest.disk), 0, Buffer.from("mine"));
    await assert.rejects(
      guest.up(waits),
      /installer: machine "started" runs from its disk, although.*virsh destroy started/,
    );
    assert.equal(await isOn(), true);
    assert.equal((await files.readFrom(guest.fileOf(guest.disk), 0, 4)).toString(), "mine");
    await libvirt.stop("domain", guest.uuid);
    await guest.up(waits);
    await isPlain();
  });

  it("of a machine that is to stay off does not claim to start it", async () => {
    await begun("quick", { running: false });
    await ended();
    assert.deepEqual(await guest.preview(given({ running: false })), ["changes", "is installed; up ejects its medium"]);
    await guest.up(given({ running: false }));
    assert.equal(await isOn(), false);
  });

  it("of a machine that was deleted by hand is refused, and the preview says so", async () => {
    await begun("quick", { wait: "installed" });
    await libvirt.stop("domain", guest.uuid);
    await libvirt.undefine("domain", guest.uuid);
    assert.deepEqual(await guest.preview(given({ reinstall: "z" })), [
      "changes",
      '`pulumi up` refuses this: machine "started" no longer exists. Run `pulumi refresh`, then `pulumi up`',
    ]);
    await assert.rejects(guest.up(given({ reinstall: "z" })), /machine "started" no longer exists/);
  });
});

describe("another firmware of a machine without an installer", () => {
  it("starts with empty variables, also by a restart", async () => {
    const guest = await Guest.make("other-firmware", "deaf");
    const given = (firmware: string) => ({ firmware, allowRestart: true, forceOff: true, shutdownTimeout: "1s" });
    const pid = enter[enter.indexOf("-t") + 1];
    const inside = pid === undefined ? "" : `/proc/${pid}/root`;
    const variables = async () => `${inside}${String(variablesIn(await guest.live()))}`;
    const mark = Buffer.from("earlier!");
    try {
      await guest.up(given("uefi"));
      const file = await variables();
      const end = (await files.readFrom(file, 0)).length - mark.length;
      await guest.up(given("bios"));
      await files.writeAt(file, end, mark);
      await guest.up(given("uefi"));
      assert.equal(await variables(), file);
      assert.notEqual((await files.readFrom(file, end)).toString(), mark.toString());
    } finally {
      await guest.remove();
    }
  });
});
