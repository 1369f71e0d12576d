import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, find, parse, textOf } from "../../../provider/format/xml";
import { forgetIso } from "../../../provider/iso/promised";
import { receiptOf } from "../../../provider/iso/receipt";
import { readMark } from "../../../provider/libvirt/mark";
import type { Properties } from "../../../provider/resource/handler";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import {
  isReinstallDue,
  isReinstallOpen,
  reinstallIn,
} from "../../../provider/resources/machine/definition/reinstallation";
import { machine } from "../../../provider/resources/machine/handler";
import type { TestContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { cutOffAfter } from "../cut-off";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";

const { host, connection, enter } = site();
const { libvirt, files } = host;
const folder = scratchFolder();

const user = (name: string) => ({
  system: {
    users: [{ name, keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs x"] }],
  },
});

describe("whether a machine is installed again", () => {
  const iso = "/i.iso";
  for (const [name, reinstall, last, mark, expected] of [
    ["a first text", "b", undefined, { phase: "ready" }, true],
    ["another text", "b", "a", { phase: "ready", reinstall: "a" }, true],
    ["the same text", "b", "b", { phase: "ready", reinstall: "b" }, false],
    ["no text any more", undefined, "a", { phase: "ready", reinstall: "a" }, false],
    ["a text that the host has done, and the state has not got", "b", "a", { phase: "ready", reinstall: "b" }, false],
    ["a text that was recorded, and nothing is erased", "b", "a", { phase: "reinstalling", reinstall: "b" }, true],
    ["the same, with the text in the state", "b", "b", { phase: "reinstalling", reinstall: "b" }, true],
    [
      "a request that was withdrawn before anything was erased",
      "a",
      "a",
      { phase: "reinstalling", reinstall: "b" },
      false,
    ],
    ["another text for the same request", "c", "a", { phase: "reinstalling", reinstall: "b" }, true],
    ["a text that is being installed", "b", "a", { phase: "installing", reinstall: "b" }, false],
    ["another one while one is being installed", "c", "a", { phase: "installing", reinstall: "b" }, true],
    ["a text while the machine is created", "b", "a", { phase: "installing" }, false],
  ] as const) {
    it(`${name}: ${expected ? "yes" : "no"}`, () => {
      assert.equal(isReinstallDue({ installer: iso, reinstall }, last, mark), expected);
      assert.equal(isReinstallDue({ installer: undefined, reinstall }, last, mark), false);
    });
  }

  it("what counts as deployed is the text of the last installation that has erased something", () => {
    assert.equal(reinstallIn({ phase: "reinstalling", reinstall: "b" }, "a"), "a");
    assert.equal(reinstallIn({ phase: "installing", reinstall: "b" }, "a"), "b");
    assert.equal(reinstallIn({ phase: "ready", reinstall: "b" }, "a"), "b");
    assert.equal(reinstallIn({ phase: "ready" }, "a"), "a");
    assert.equal(reinstallIn(undefined, "a"), "a");
  });

  it("it is open until the state has its text", () => {
    assert.equal(isReinstallOpen({ phase: "ready", reinstall: "b" }, "a"), true);
    assert.equal(isReinstallOpen({ phase: "ready", reinstall: "b" }, "b"), false);
    assert.equal(isReinstallOpen({ phase: "installing" }, "a"), true);
    assert.equal(isReinstallOpen({ phase: "reinstalling", reinstall: "b" }, "a"), true);
  });
});

const definitionOf = async (uuid: string) => parse((await libvirt.definition("domain", uuid)) ?? "<gone/>");
const markOf = async (uuid: string) => readMark(await definitionOf(uuid));
const isActive = (uuid: string) => libvirt.isActive("domain", uuid);
/** A boot sector that differs from what the installer writes. */
const used = Buffer.from("used".repeat(128));

describe("a machine with another text in `reinstall`", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  let data = "";
  let uuid = "";
  before(async () => {
    guest = await Guest.makeEmpty("again");
    data = await guest.makeVolume("data", used);
    iso = new QuickInstaller("again", folder);
    await iso.up("quick", user("ada"));
    await guest.up(given());
    uuid = guest.uuid;
  });
  after(async () => {
    await guest.remove();
    await iso.remove();
  });

  const given = (more: Properties = {}) => ({
    installer: iso.id,
    forceOff: true,
    shutdownTimeout: "1s",
    disks: [{ volume: guest.disk }, { volume: data }],
    ...more,
  });
  const firstBytes = async (id: string) => (await files.readFrom(guest.fileOf(id), 0, 512)).toString("hex");
  const dirty = () => files.writeAt(guest.fileOf(guest.disk), 0, used);
  const isInstalled = async () => (await firstBytes(guest.disk)) !== used.toString("hex");
  const isDone = async (text: string) => {
    assert.equal(guest.uuid, uuid);
    assert.equal(await isActive(uuid), true);
    assert.equal(guest.state["reinstall"], text);
    assert.equal(guest.state["pending"], undefined);
    assert.deepEqual([(await markOf(uuid))?.phase, (await markOf(uuid))?.reinstall], ["ready", text]);
    assert.equal(await isInstalled(), true);
    assert.equal(await firstBytes(data), used.toString("hex"));
    assert.equal(await files.stat(iso.id), undefined);
    assert.equal((await receiptOf(iso.id, host))?.machine, uuid);
    assert.equal(await libvirt.hasAutostart("domain", uuid), true);
    assert.equal(textOf(await definitionOf(uuid), "on_reboot"), "restart");
    assert.deepEqual(await guest.preview(given({ reinstall: text })), []);
  };

  it("is named at preview, with what lies on the disks that are erased, and with those that stay", async () => {
    const notes = await guest.preview(given({ reinstall: "one", memory: "600MiB" }));
    assert.deepEqual(notes, [
      "changes",
      "memory: in force when again is installed again",
      `reinstall: again is shut down, if necessary by force, and is installed again from ${iso.id}, which erases disks[0] (default/again-root: a boot sector); disks[1] (default/again-data) stays. Its UUID, addresses and host keys stay; its firmware's variables and its TPM start empty`,
    ]);
  });

  it("is installed again in place, also from an ISO that was deleted; the next up does nothing", async () => {
    const identity = [guest.state["uuid"], guest.state["macAddresses"], guest.state["hostKeys"]];
    await dirty();
    await guest.up(given({ reinstall: "one" }));
    await isDone("one");
    assert.deepEqual([guest.state["uuid"], guest.state["macAddresses"], guest.state["hostKeys"]], identity);
    const before = await firstBytes(guest.disk);
    await guest.up(given({ reinstall: "one" }));
    assert.equal(await firstBytes(guest.disk), before);
    await isDone("one");
  });

  it("keeps what its user has set by hand, and takes the changes of the same update", async () => {
    const xml = (await libvirt.definition("domain", uuid)) ?? "";
    await libvirt.define(
      "domain",
      xml.replace("</name>", "</name><genid>0d5a1b7e-2f6e-4a93-9a3c-7f3a7c6f1a11</genid>"),
    );
    await dirty();
    await guest.up(given({ reinstall: "two", memory: "600MiB" }));
    await isDone2("two");
    assert.match((await libvirt.definition("domain", uuid)) ?? "", /0d5a1b7e-2f6e-4a93-9a3c-7f3a7c6f1a11/);
    assert.match((await libvirt.definition("domain", uuid)) ?? "", /<memory unit='KiB'>614400</);
    await guest.up(given({ reinstall: "two" }));
  });
  const isDone2 = async (text: string) => {
    assert.equal((await markOf(uuid))?.reinstall, text);
    assert.equal(await isInstalled(), true);
  };

  it("whose text is removed stays as it is; the same text is then another request", async () => {
    await dirty();
    assert.deepEqual(await guest.preview(given()), ["changes", "reinstall: again stays as it is"]);
    await guest.up(given());
    assert.equal(await isInstalled(), false);
    assert.equal((await markOf(uuid))?.reinstall, undefined);
    assert.match((await guest.preview(given({ reinstall: "two" }))).join("\n"), /is installed again from/);
    await guest.up(given({ reinstall: "two" }));
    await isDone("two");
  });

  it("installs the current answers, and the ISO's row names the machine for which they wait", async () => {
    const { notes } = await isoPreview(iso, user("bob"));
    assert.match(
      notes.join("\n"),
      /digest: writes the ISO again; this waits for the next installation of again, which another text of the machine's `reinstall` starts/,
    );
    await iso.up("quick", user("bob"));
    await guest.up(given({ reinstall: "two" }));
    assert.equal(guest.state["login"], "ada");
    await guest.up(given({ reinstall: "three" }));
    assert.equal(guest.state["login"], "bob");
    await isDone("three");
  });

  it("is refused at preview if its InstallerIso is no part of the run, and nothing changes", async () => {
    forgetIso(host, iso.id);
    await assert.rejects(
      guest.checked(given({ reinstall: "four" })),
      /installer: .*again\.iso was deleted after an installation\. Include its InstallerIso in this run/,
    );
    await iso.checked("quick", user("bob"));
  });

  it("is refused at preview and at up if it would erase a disk that is new and has content", async () => {
    const other = await guest.makeVolume("other", used, "1GiB");
    const disks = [{ volume: other }, { volume: data }];
    const refusal = /disks\[0\]\.volume: .*again-other has content, and the installation would erase it/;
    await assert.rejects(guest.checked(given({ reinstall: "four", disks })), refusal);
    await files.writeAt(guest.fileOf(other), 0, new Uint8Array(512));
    const inputs = await guest.checked(given({ reinstall: "four", disks }));
    await files.writeAt(guest.fileOf(other), 0, used);
    await assert.rejects(machine.update(uuid, guest.state, inputs, guest.context), refusal);
    assert.equal(await isActive(uuid), true);
    assert.deepEqual([(await markOf(uuid))?.phase, (await markOf(uuid))?.reinstall], ["ready", "three"]);
  });

  it("that doesn't power off runs on, as the state says; the text may be withdrawn", async () => {
    await dirty();
    await assert.rejects(
      guest.up(given({ reinstall: "four", forceOff: false })),
      /did not power off.*; it is not installed again/,
    );
    assert.equal(await isActive(uuid), true);
    assert.equal((await markOf(uuid))?.phase, "reinstalling");
    assert.equal(guest.state["reinstall"], "three");
    await guest.refresh();
    assert.equal(guest.state["reinstall"], "three");
    await guest.up(given({ reinstall: "three", forceOff: false }));
    assert.deepEqual([(await markOf(uuid))?.phase, (await markOf(uuid))?.reinstall], ["ready", undefined]);
    assert.equal(await isInstalled(), false);
    // Its answers are secret, and nothing is installed from it now.
    assert.equal(await files.stat(iso.id), undefined);
    await guest.up(given({ reinstall: "four" }));
    await isDone("four");
  });

  it("continues after a failure of the installation", async () => {
    await dirty();
    await iso.up("stuck", user("bob"));
    await assert.rejects(guest.up(given({ reinstall: "five", installTimeout: "3s" })), /was not complete after 3 s/);
    assert.deepEqual([guest.state["pending"], guest.state["reinstall"]], [true, "five"]);
    assert.equal((await markOf(uuid))?.phase, "installing");
    await iso.up("quick", user("bob"));
    await guest.up(given({ reinstall: "five" }));
    await isDone("five");
  });

  it("starts again if another text comes while it is being installed", async () => {
    await dirty();
    await iso.up("stuck", user("bob"));
    await assert.rejects(guest.up(given({ reinstall: "six", installTimeout: "3s" })), /was not complete/);
    await iso.up("quick", user("bob"));
    await guest.up(given({ reinstall: "seven" }));
    await isDone("seven");
  });

  it("is completed after a kill at any point, and installed once", async () => {
    // The scenario of test/kills plays a real death after each write.
    for (let changes = 2; changes < 60; changes += 4) {
      await dirty();
      const text = `kill ${changes}`;
      const context: TestContext = { ...guest.context, ...cutOffAfter(changes, connection, guest.context.urn) };
      const state = guest.state;
      const inputs = await guest.checked(given({ reinstall: text }));
      const outcome = await machine.update(uuid, state, inputs, { ...context, identity: guest.context.identity }).then(
        () => "done",
        (error: unknown) => String(error),
      );
      if (outcome === "done") {
        await guest.up(given({ reinstall: text }));
        assert.ok(changes > 8, String(changes));
        return;
      }
      assert.match(outcome, /the program was killed/);
      // No state has what the killed program did; the engine of the next run reads it from the host.
      guest.state = state;
      await guest.refresh();
      await guest.up(given({ reinstall: text }));
      await isDone(text);
    }
    assert.fail("it never came to its end");
  });
});

async function isoPreview(iso: QuickInstaller, answers: Properties) {
  return installerIso.diff(iso.id, iso.state, await iso.checked("quick", answers), iso.context);
}

describe("firmware and TPM of a machine that is installed again", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("firm");
    iso = new QuickInstaller("firm", folder);
    await iso.up("quick", user("ada"));
  });
  after(async () => {
    await guest.remove();
    await iso.remove();
  });

  const given = (more: Properties = {}) => ({ installer: iso.id, forceOff: true, shutdownTimeout: "1s", ...more });
  const firmwareOf = async () => attributeOf(await definitionOf(guest.uuid), "os", "firmware");
  const inside = (file: string) => {
    const pid = enter[enter.indexOf("-t") + 1];
    return pid === undefined ? file : `/proc/${pid}/root${file}`;
  };

  it("another firmware waits for the installation, whatever else changes and is refreshed", async () => {
    await guest.up(given());
    assert.deepEqual(await guest.preview(given({ firmware: "uefi" })), [
      "changes",
      "firmware: waits for the next installation of firm; another text of `reinstall` installs it again",
    ]);
    await guest.up(given({ firmware: "uefi" }));
    assert.equal(await firmwareOf(), undefined);
    await guest.refresh();
    await guest.up(given({ firmware: "uefi", title: "t" }));
    assert.equal(await firmwareOf(), undefined);
  });

  it("is in force with it", async () => {
    const inputs = given({ firmware: "uefi", reinstall: "uefi", installTimeout: "3s" });
    // The quick installer boots by BIOS alone: UEFI stands at its menu.
    await assert.rejects(guest.up(inputs), /was not complete after 3 s/);
    assert.equal(await firmwareOf(), "efi");
    await guest.up(given({ firmware: "bios", reinstall: "bios" }));
    assert.equal(await firmwareOf(), undefined);
    assert.equal(find(await definitionOf(guest.uuid), "os/loader"), undefined);
    assert.equal((await markOf(guest.uuid))?.reinstall, "bios");
  });

  it("an installed system starts with an empty TPM", async () => {
    await guest.up(given({ reinstall: "bios", tpm: {}, allowRestart: true }));
    const directory = inside(`/var/lib/libvirt/swtpm/${guest.uuid}/tpm2`);
    await files.write(`${directory}/of-the-old-system`, "");
    const context: TestContext = {
      ...guest.context,
      host: () => ({
        ...host,
        files: {
          ...files,
          list: (place) => files.list(place.startsWith("/var/lib/libvirt/") ? inside(place) : place),
          remove: (file) => files.remove(file.startsWith("/var/lib/libvirt/") ? inside(file) : file),
        },
      }),
    };
    await guest.up(given({ reinstall: "tpm", tpm: {} }), context);
    assert.equal((await markOf(guest.uuid))?.reinstall, "tpm");
    assert.equal((await files.list(directory)).includes("of-the-old-system"), false);
    assert.notDeepEqual(await files.list(directory), []);
  });
});
