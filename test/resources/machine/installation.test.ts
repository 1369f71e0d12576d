import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { parse } from "../../../provider/format/xml";
import { readMark } from "../../../provider/libvirt/mark";
import { machine } from "../../../provider/resources/machine/handler";
import { machineInputs } from "../../../provider/resources/machine/schema";
import { disksAtRisk } from "../../../provider/resources/machine/files/images";
import { type TestContext, testContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";
import type { InstallerKind } from "./quick-source";

const { host, connection } = site();
const { libvirt, files } = host;
const folder = scratchFolder();

const markOf = async (uuid: string) => readMark(parse((await libvirt.definition("domain", uuid)) ?? "<gone/>"));
const isActive = (uuid: string) => libvirt.isActive("domain", uuid);
const user = (name: string) => ({
  system: {
    users: [{ name, keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs x"] }],
  },
});

describe("the disks that an installation may erase", () => {
  const whole = { layout: "whole" };
  const onto = (...devices: string[]) => ({ ...whole, devices });
  for (const [name, disks, where, expected] of [
    ["are the first of several of a kind", [{}, {}], whole, [0]],
    ["are the first where that isn't recorded", [{}, {}], undefined, [0]],
    [
      "are all that the kernel may count before it",
      [{}, { bus: "sata" }, { bus: "usb", readOnly: true }],
      whole,
      [0, 1],
    ],
    ["are none of virtio where the first is another", [{ bus: "sata" }, {}, { bus: "scsi" }], whole, [0, 2]],
    ["are two for an array", [{}, {}, {}], { layout: "raid1" }, [0, 1]],
    ["are two for LVM on an array", [{}, {}, {}], { layout: "raid1-lvm" }, [0, 1]],
    [
      "are all that can be written where only the answers say",
      [{}, { readOnly: true }, {}],
      { layout: "custom" },
      [0, 2],
    ],
    ["are those that the options name beside the answers", [{}, {}], { layout: "custom", devices: ["/dev/vda"] }, [0]],
    ["are those that the answers name", [{}, { bus: "sata" }, {}, {}], onto("/dev/vda", "/dev/vdc"), [0, 3]],
    ["are all that share a kernel's name", [{ bus: "sata" }, {}, { bus: "usb" }], onto("/dev/sda"), [0, 2]],
    ["are those with the named serial", [{ serial: "A 1" }, { serial: "B" }], onto("/dev/disk/by-id/virtio-A_1"), [0]],
    ["are all where a name is of none of them", [{}, { bus: "sata" }], onto("/dev/nvme0n1"), [0, 1]],
  ] as const) {
    it(name, () => {
      const given = disks.map((disk, index) => ({ volume: `default/${index}`, ...disk }));
      const { disks: parsed } = machineInputs.parse({ name: "risk", connection, memory: "64MiB", disks: given });
      assert.deepEqual(disksAtRisk(parsed, where), expected);
    });
  }
});

describe("an installation", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("fresh");
    iso = new QuickInstaller("fresh", folder);
    await iso.up("quick", user("ada"));
  });
  after(async () => {
    await guest.remove();
    await iso.remove();
  });

  const given = () => ({ installer: iso.id });

  it("on an empty disk is no failure at preview, and ends with a machine that runs what was installed", async () => {
    await guest.up(given());
    assert.equal(await isActive(guest.uuid), true);
    assert.equal((await markOf(guest.uuid))?.phase, "ready");
    assert.equal(guest.state["login"], "ada");
    assert.equal(await files.stat(iso.id), undefined);
    assert.deepEqual(await guest.preview(given()), []);
  });

  it("for a machine that takes the place of that one is refused at preview: its system is on the disk", async () => {
    const replaced = { identity: guest.context.identity, inputs: guest.state };
    const context = { ...testContext(connection, guest.context.urn), identity: "another", replaced };
    const program = { connection, name: "fresh", memory: "512MiB", domainType: "qemu", disks: guest.state["disks"] };
    const check = (more: object) => machine.check({}, { ...program, ...given(), firmware: "uefi", ...more }, context);
    const { failures } = await check({});
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["disks[0].volume"],
    );
    assert.match(
      failures[0]?.reason ?? "",
      /fresh-root has content, and the installation would erase it: a boot sector\. Set overwrite to true to erase it, give another volume/,
    );
    assert.deepEqual((await check({ overwrite: true })).failures, []);
  });

  it("never takes the old machine for the one that takes its place", async () => {
    const replaced = { identity: guest.context.identity, inputs: guest.state };
    const context = { ...testContext(connection, guest.context.urn), identity: "another", replaced };
    const inputs = await guest.checked({ ...given(), firmware: "uefi" });
    await assert.rejects(machine.create(inputs, context), /name: a machine named "fresh" exists already/);
    assert.equal(guest.uuid, (await libvirt.find("domain", "fresh"))?.uuid);
  });

  it("is not the end of the old machine when the new one is missing something", async () => {
    const replacedBy = {
      identity: "another",
      inputs: { ...(await guest.checked({ ...given(), overwrite: true })), nics: [{ network: "nowhere" }] },
    };
    const context = { ...guest.context, replacedBy };
    await assert.rejects(machine.delete(guest.uuid, guest.state, context), /the host has no network "nowhere"/);
    assert.equal(await isActive(guest.uuid), true);
  });

  it("is refused at up, too, when something came onto the disk since the preview; nothing is made", async () => {
    await guest.removeMachine();
    await iso.up("quick", user("ada"));
    await files.writeAt(guest.fileOf(guest.disk), 0, new Uint8Array(512));
    const inputs = await guest.checked(given());
    await files.writeAt(guest.fileOf(guest.disk), 0, Buffer.from("data"));
    await assert.rejects(machine.create(inputs, guest.context), /disks\[0\]\.volume: .* has content/);
    assert.equal(await libvirt.find("domain", "fresh"), undefined);
  });

  it("on a disk that was named for it erases it", async () => {
    await guest.up({ ...given(), overwrite: true });
    assert.equal((await markOf(guest.uuid))?.phase, "ready");
  });
});

describe("an installation that was interrupted", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("cutoff");
    iso = new QuickInstaller("cutoff", folder);
  });
  afterEach(async () => {
    await guest.removeMachine();
    await files.writeAt(guest.fileOf(guest.disk), 0, new Uint8Array(512));
    await iso.remove();
    iso.state = {};
  });
  after(() => guest.remove());

  const given = () => ({ installer: iso.id });

  /** Runs until the installer is started, or (once it has ended) is off: an installer that ends is quicker than a test. */
  async function begun(kind: InstallerKind, until: "runs" | "off"): Promise<void> {
    await iso.up(kind, user("ada"));
    if (until === "off") {
      await guest.up({ ...given(), wait: "nothing" });
      while (await isActive(guest.uuid)) await host.clock.sleep(50);
      return;
    }
    const interruption = new AbortController();
    const interrupted: TestContext = { ...guest.context, signal: interruption.signal };
    let outcome = "";
    const whole = guest.up(given(), interrupted).then(
      () => (outcome = "done"),
      (error: unknown) => (outcome = String(error)),
    );
    const uuid = async () => (await libvirt.find("domain", "cutoff"))?.uuid ?? "";
    while (!(await isActive(await uuid()))) {
      assert.equal(outcome, "");
      await host.clock.sleep(50);
    }
    interruption.abort();
    await whole;
    assert.match(outcome, /the wait was interrupted/);
  }

  it("continues from the answers that it was started with while they are the same", async () => {
    await begun("quick", "off");
    await guest.up(given());
    assert.equal(guest.state["login"], "ada");
    assert.equal(guest.state["pending"], undefined);
    assert.deepEqual(
      guest.context.said.filter((text) => /answers/.test(text)),
      [],
    );
  });

  it("and that is in no state continues all the same", async () => {
    await begun("quick", "off");
    const { uuid } = guest;
    guest.state = {};
    await guest.up(given());
    assert.equal(guest.uuid, uuid);
    assert.equal((await markOf(guest.uuid))?.phase, "ready");
  });

  it("starts again, too, when it has said that it failed", async () => {
    await begun("stuck", "runs");
    await files.write(`${host.directories.consoles}/cutoff.installer.log.0`, "kvm-deploy: failed: no host key\n");
    await iso.up("quick", user("bob"));
    await guest.up(given());
    assert.equal(guest.state["login"], "bob");
  });

  it("starts again from other answers when it was not complete", async () => {
    await begun("stuck", "runs");
    await iso.up("quick", user("bob"));
    await guest.up(given());
    assert.equal(guest.state["login"], "bob");
    assert.equal(await isActive(guest.uuid), true);
    assert.ok(
      guest.context.said.some((text) => /"cutoff": its installation starts again, because the answers/.test(text)),
    );
  });

  it("is finished as it is when it was complete, and what was installed is read from its start", async () => {
    await begun("quick", "off");
    await iso.up("stuck", user("bob"));
    await guest.up(given());
    assert.equal(guest.state["login"], "ada");
    assert.equal((await markOf(guest.uuid))?.phase, "ready");
    assert.ok(guest.context.said.some((text) => /"cutoff" was installed from earlier answers/.test(text)));
    // Its own digest stays in the receipt: the ISO is no drift.
    assert.equal((await iso.checked("stuck", user("bob")))["digest"], iso.state["digest"]);
    assert.equal(await files.stat(iso.id), undefined);
  });

  it("before the installer was started looks at the disk again", async () => {
    await begun("stuck", "runs");
    const { uuid } = guest;
    await libvirt.stop("domain", uuid);
    const xml = (await libvirt.definition("domain", uuid)) ?? "";
    await libvirt.define("domain", xml.replace(/<kvm-deploy:started.*<\/kvm-deploy:started>/s, ""));
    await files.writeAt(guest.fileOf(guest.disk), 0, Buffer.from("data"));
    await assert.rejects(guest.up(given()), /disks\[0\]\.volume: .* has content/);
    assert.equal(await isActive(uuid), false);
  });
});
