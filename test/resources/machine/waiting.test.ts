import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { find, parse, textOf } from "../../../provider/format/xml";
import { readMark } from "../../../provider/libvirt/mark";
import { isInstallerDrive } from "../../../provider/resources/machine/definition/installation";
import { inTurn, mostOn } from "../../../provider/resources/machine/guest/turn";
import { machine } from "../../../provider/resources/machine/handler";
import { machineInputs } from "../../../provider/resources/machine/schema";
import { imagePathOf, disksOf } from "../../../provider/libvirt/domain";
import { type TestContext, testContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";
import type { InstallerKind } from "./quick-source";

const { host, connection } = site();
const { libvirt, files } = host;
const folder = scratchFolder();

const user = (name: string) => ({
  system: {
    users: [{ name, keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs x"] }],
  },
});

describe("what a machine waits for", () => {
  const waitOf = (wait?: string) =>
    machineInputs.parse({ name: "w", connection, memory: "64MiB", nics: [{ network: "lab" }], wait }).wait;

  it("is the end of the installation, in the words of earlier releases, too", () => {
    assert.deepEqual(
      [waitOf(), waitOf("none"), waitOf("nothing"), waitOf("ssh")],
      [...["installed", "installed", "nothing", "ssh"]],
    );
  });
});

describe("a machine whose installation nothing waits for", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  before(async () => {
    guest = await Guest.makeEmpty("left");
    iso = new QuickInstaller("left", folder);
  });
  afterEach(async () => {
    await guest.removeMachine();
    await files.writeAt(guest.fileOf(guest.disk), 0, new Uint8Array(512));
    await iso.remove();
    iso.state = {};
    guest.context.said.length = 0;
  });
  after(() => guest.remove());

  const given = (more: object = {}) => ({ installer: iso.id, wait: "nothing", ...more });
  const log = `${host.directories.consoles}/left.installer.log`;
  const definition = async () => parse((await libvirt.definition("domain", guest.uuid)) ?? "<gone/>");
  const phase = async () => readMark(await definition())?.phase;
  const isOn = () => libvirt.isActive("domain", guest.uuid);
  const said = (pattern: RegExp) => guest.context.said.filter((text) => pattern.test(text));

  async function begun(kind: InstallerKind): Promise<void> {
    await iso.up(kind, user("ada"));
    await guest.up(given());
  }
  async function ended(): Promise<void> {
    while (await isOn()) await host.clock.sleep(50);
  }

  it("is installing after up, and its outputs claim nothing else", async () => {
    await begun("stuck");
    assert.equal(await isOn(), true);
    const { installation, pending, release, sshCommand, addresses } = guest.state;
    assert.deepEqual([installation, pending, release, sshCommand], ["installing", true, undefined, undefined]);
    assert.deepEqual(addresses, []);
    assert.equal(said(/is being installed: starting the installer; then the guest powers off/).length, 1);
  });

  it("boots its disk at its next start, whoever starts it: it is never installed twice", async () => {
    await begun("quick");
    const persistent = await definition();
    assert.equal(imagePathOf(disksOf(persistent).find(isInstallerDrive) ?? persistent), undefined);
    assert.equal(textOf(persistent, "on_reboot"), "restart");
    assert.equal(find(persistent, "devices/serial/source"), undefined);
    await ended();
    await libvirt.start("domain", guest.uuid);
    assert.deepEqual(await guest.preview(given()), ["changes", "is installed; up ejects its medium and starts it"]);
    await guest.up(given());
    assert.deepEqual([await phase(), await isOn()], ["ready", true]);
    assert.deepEqual(await guest.preview(given()), []);
  });

  it("stays so in up, refresh and preview while it is installed, and each says it", async () => {
    await begun("stuck");
    const leaves = ["changes", "is being installed: starting the installer; up leaves it so"];
    assert.deepEqual(await guest.preview(given()), leaves);
    await guest.up(given());
    await guest.refresh();
    assert.equal(said(/is being installed: /).length, 3);
    assert.equal(guest.state["installation"], "installing");
    assert.deepEqual(await guest.preview(given()), leaves);
    const waits = "is being installed: starting the installer; up waits for its end";
    assert.deepEqual(await guest.preview(given({ wait: "installed" })), ["changes", waits]);
  });

  for (const how of ["up", "refresh"] as const) {
    it(`is completed by the next ${how}`, async () => {
      await begun("quick");
      await ended();
      await (how === "up" ? guest.up(given()) : guest.refresh());
      assert.deepEqual([await phase(), await isOn()], ["ready", true]);
      const { installation, pending, login, autostart } = guest.state;
      assert.deepEqual([installation, pending, login, autostart], ["complete", undefined, "ada", true]);
      assert.notEqual(guest.state["release"], undefined);
      assert.equal(await libvirt.hasAutostart("domain", guest.uuid), true);
      assert.equal(await files.stat(iso.id), undefined);
      assert.deepEqual(await guest.preview(given()), []);
    });
  }

  it("is not completed by a read that is no refresh, such as a preview's", async () => {
    await begun("quick");
    await ended();
    const read = await machine.read(guest.uuid, guest.state, guest.context);
    assert.equal(read?.outputs["pending"], true);
    assert.equal(await phase(), "installing");
  });

  it("has failed: the next up reports it, with what to do, and the one after that installs again", async () => {
    await begun("stuck");
    await files.write(`${log}.0`, "kvm-deploy: failed: no host key\n");
    assert.deepEqual(await guest.preview(given()), ["changes", "its installation failed: no host key; up reports it"]);
    await assert.rejects(guest.up(given()), /"left" failed: no host key.*Read .*left\.installer\.log on the host/s);
    assert.equal(guest.state["installation"], "failed");
    assert.match((await guest.preview(given())).join(), /no host key; up starts it again/);
    await iso.up("quick", user("ada"));
    await guest.up(given());
    assert.equal(guest.state["installation"], "installing");
    await ended();
    await guest.up(given());
    assert.equal(guest.state["installation"], "complete");
  });

  it("has failed: a refresh reports it, and does not fail itself", async () => {
    await begun("stuck");
    await files.write(`${log}.0`, "kvm-deploy: failed: no host key\n");
    await guest.refresh();
    assert.equal(guest.state["installation"], "failed");
    assert.equal(said(/the installation failed: no host key; `pulumi up` starts it again/).length, 1);
  });

  it("can be destroyed meanwhile", async () => {
    await begun("stuck");
    await guest.removeMachine({ isAsked: true });
    assert.equal(await libvirt.find("domain", "left"), undefined);
  });

  it("can be waited for later", async () => {
    await begun("quick");
    await guest.up(given({ wait: "installed" }));
    assert.deepEqual([await phase(), await isOn()], ["ready", true]);
  });
});

describe("the number of installations at the same time", () => {
  it("is by default one for each processor and for each 2 GiB of memory, and at least one", () => {
    const cpus = (count: number) => "processor\t: 0\nmodel name\t: processor\n".repeat(count);
    const memory = (gibibytes: number) => `MemTotal:       ${gibibytes * 2 ** 20} kB\nMemFree: 1 kB\n`;
    assert.deepEqual([mostOn(cpus(8), memory(64)), mostOn(cpus(8), memory(7)), mostOn("", "")], [8, 3, 1]);
  });

  let guests: readonly Guest[];
  let isos: readonly QuickInstaller[];
  before(async () => {
    guests = [await Guest.makeEmpty("turn-a"), await Guest.makeEmpty("turn-b"), await Guest.makeEmpty("turn-c")];
    isos = guests.map(({ name }) => new QuickInstaller(name, folder));
    for (const iso of isos) await iso.up(iso.id.endsWith("a.iso") ? "stuck" : "quick", user("ada"));
  });
  after(async () => {
    for (const guest of guests) await guest.remove();
    for (const iso of isos) await iso.remove();
  });

  it("holds for guests that no program watches; those that wait say for whom, and go on in order", async () => {
    const given = (index: number) => ({
      ...{ installer: isos[index]?.id, maxInstallations: 1 },
      wait: index === 0 ? "nothing" : "installed",
    });
    const [first, ...others] = guests;
    await first?.up(given(0));
    const hears = async (guest: Guest | undefined, pattern: RegExp) => {
      while (guest?.context.said.some((text) => pattern.test(text)) !== true) await host.clock.sleep(50);
    };
    const [second, third] = others;
    const secondUp = second?.up(given(1));
    await hears(
      second,
      /^waits for its turn to be installed, the next one: maxInstallations is 1, and turn-a is before it$/,
    );
    const thirdUp = third?.up(given(2));
    await hears(third, /^waits for its turn to be installed: one machine of this program is before it$/);
    const active = (await libvirt.list("domain")).filter(({ isActive }) => isActive).map(({ name }) => name);
    assert.deepEqual(
      active.filter((name) => name.startsWith("turn-")),
      ["turn-a"],
    );
    await first?.removeMachine();
    await Promise.all([secondUp, thirdUp]);
    assert.deepEqual(
      others.map(({ state }) => state["installation"]),
      ["complete", "complete"],
    );
  });

  it("is no reason to wait for ever for a guest that stands at a question", async () => {
    const [first, second] = guests;
    await isos[0]?.up("stuck", user("ada"));
    await isos[1]?.up("quick", user("ada"));
    const given = (index: number) => ({ installer: isos[index]?.id, maxInstallations: 1, overwrite: true });
    await first?.removeMachine();
    await second?.removeMachine();
    await first?.up({ ...given(0), wait: "nothing" });
    await assert.rejects(
      second?.up({ ...given(1), installTimeout: "2s" }) ?? Promise.resolve(),
      /^PartiallyCreated: maxInstallations: its installation can't start: maxInstallations is 1, and for \d s the same installers have been running: turn-a\. One of them may stand at a question/,
    );
    assert.equal(second?.state["pending"], true);
    await first?.removeMachine();
    await second.up(given(1));
    assert.equal(second.state["installation"], "complete");
  });

  it("leaves the old system running until its machine's turn to be installed again", async () => {
    const [first, , third] = guests;
    const given = { installer: isos[2]?.id, maxInstallations: 1, forceOff: true, shutdownTimeout: "1s" };
    await isos[0]?.up("stuck", user("ada"));
    await first?.up({ installer: isos[0]?.id, overwrite: true, wait: "nothing" });
    assert.ok(third);
    third.context.said.length = 0;
    const again = third.up({ ...given, reinstall: "again", memory: "600MiB" });
    while (!third.context.said.some((text) => text.includes("turn-a is before it"))) await host.clock.sleep(50);
    assert.equal(await libvirt.isActive("domain", third.uuid), true);
    assert.match((await libvirt.definition("domain", third.uuid)) ?? "", /<memory unit='KiB'>524288</);
    await first?.removeMachine();
    await again;
    assert.equal(third.state["reinstall"], "again");
    assert.match((await libvirt.definition("domain", third.uuid)) ?? "", /<memory unit='KiB'>614400</);
  });

  it("is released by an interruption of the wait", async () => {
    const interruption = new AbortController();
    const context: TestContext = { ...testContext(connection), signal: interruption.signal };
    const wait = host.lock("the next installation", () => host.clock.sleep(60_000, interruption.signal));
    const turn = inTurn(
      host,
      { uuid: "", maxInstallations: 1, installTimeout: "1h" },
      () => Promise.reject(new Error("started")),
      context,
    );
    const ends = Promise.all([assert.rejects(wait), assert.rejects(turn, /interrupted/)]);
    await host.clock.sleep(200);
    interruption.abort();
    await ends;
    let starts = 0;
    const start = () => Promise.resolve().then(() => void (starts += 1));
    await inTurn(host, { uuid: "", maxInstallations: 1, installTimeout: "1h" }, start, testContext(connection));
    assert.equal(starts, 1);
    assert.deepEqual(await files.list(host.directories.locks), []);
  });
});
