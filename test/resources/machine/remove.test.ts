import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { parse, textOf } from "../../../provider/format/xml";
import { machine } from "../../../provider/resources/machine/handler";
import { isOwnNvram } from "../../../provider/resources/machine/remove";
import { site } from "../../site";
import { Guest, makeNetwork } from "./guests";

const { enter, host, connection } = site();
const { libvirt, files, directories, ledger, run } = host;

describe("a machine that is deleted", () => {
  let guest: Guest;
  let folder: string;
  before(async () => {
    guest = await Guest.make("gone", "polite");
    folder = guest.fileOf(guest.disk).replace(/[^/]+$/, "");
  });
  after(() => guest.remove());

  const exists = async (file: string) => (await files.stat(file)) !== undefined;
  /** As the embedded libvirt sees it, in a mount namespace of its own. */
  const seen = (file: string) => {
    const pid = enter[enter.indexOf("-t") + 1];
    return pid === undefined ? file : `/proc/${pid}/root${file}`;
  };

  it("goes with its NVRAM and logs; its disk and the firmware's own file stay", async () => {
    const log = `${folder}gone-own.log`;
    await guest.up({ firmware: "uefi", consoleLog: log });
    const nvram = textOf(await guest.live(), "os/nvram") ?? "";
    assert.deepEqual([await exists(seen(nvram)), await exists(log)], [true, true]);
    await guest.removeMachine();
    assert.deepEqual([await exists(seen(nvram)), await exists(log)], [false, false]);
    assert.deepEqual(
      [await exists(guest.fileOf(guest.disk)), await exists("/usr/share/OVMF/OVMF_VARS_4M.fd")],
      [true, true],
    );
  });

  it("leaves a log that was there before it", async () => {
    const log = `${folder}gone-theirs.log`;
    await files.write(log, "theirs\n");
    await guest.up({ consoleLog: log });
    await guest.removeMachine();
    assert.equal(await exists(log), true);
    await files.remove(log);
  });

  it("goes with the earlier files of its logs", async () => {
    await guest.up();
    const logs = ["gone.log.0", "gone.log.1", "gone.installer.log.0", "gone.installer.log", "gone.installer.png"];
    for (const log of logs) await files.write(`${directories.consoles}/${log}`, "earlier\n");
    await guest.removeMachine();
    assert.deepEqual(
      (await files.list(directories.consoles)).filter((file) => file.startsWith("gone")),
      [],
    );
  });

  it("and was gone already takes no log of another one that has its name by now", async () => {
    await guest.up();
    const { state, uuid } = guest;
    await libvirt.stop("domain", uuid);
    await libvirt.undefine("domain", uuid);
    await libvirt.define(
      "domain",
      '<domain type="qemu"><name>gone</name><memory>65536</memory><os><type>hvm</type></os></domain>',
    );
    const theirs = (await libvirt.find("domain", "gone"))?.uuid ?? "";
    const log = `${directories.consoles}/gone.installer.log`;
    await files.write(log, "theirs\n");
    await machine.delete(uuid, state, guest.context);
    assert.equal(await files.readTextIfPresent(log), "theirs\n");
    await libvirt.undefine("domain", theirs);
    await machine.delete(uuid, state, guest.context);
    assert.equal(await exists(log), false);
    guest.state = {};
  });

  it("is replaced by one that starts with new variables of its firmware", async () => {
    await guest.up({ firmware: "uefi", shutdownTimeout: "1s" });
    const nvram = seen(textOf(await guest.live(), "os/nvram") ?? "");
    await guest.removeMachine();
    await files.write(nvram, "broken", 0o666);
    await guest.up({ firmware: "uefi" });
    assert.ok(((await files.stat(nvram))?.bytes ?? 0) > 100_000);
    await guest.removeMachine();
  });

  it("goes with its saved state", async () => {
    await guest.up();
    await run("virsh", ["-q", "-c", connection, "managedsave", guest.uuid]);
    assert.equal(await libvirt.isActive("domain", guest.uuid), false);
    await guest.removeMachine();
    assert.equal(await libvirt.find("domain", "gone"), undefined);
  });

  it("goes with the note of an address that a refresh has missed", async () => {
    const subnet =
      '<ip address="10.16.0.1" prefix="24"><dhcp><range start="10.16.0.100" end="10.16.0.200"/></dhcp></ip>';
    const removeNetwork = await makeNetwork("gone-net", subnet);
    await guest.up({ nics: [{ network: "gone-net", address: "10.16.0.5" }] });
    const [mac = ""] = guest.state["macAddresses"] as string[];
    const { uuid = "" } = (await libvirt.find("network", "gone-net")) ?? {};
    const xml = `<host mac="${mac}" ip="10.16.0.5"/>`;
    await libvirt.updateNetwork(uuid, { command: "delete", section: "ip-dhcp-host", xml, parentIndex: 0 });
    await guest.refresh();
    await guest.removeMachine();
    assert.equal(await ledger.entry("reservation", `gone-net/${mac}`), undefined);
    await removeNetwork();
  });

  it("powers off by itself first", async () => {
    await guest.up();
    const { uuid } = guest;
    await guest.removeMachine({ isAsked: true });
    assert.equal(await libvirt.exists("domain", uuid), false);
    assert.ok(guest.context.said.includes("waiting for the guest to power off"));
  });

  it("leaves nothing in the directory of the logs", async () => {
    assert.deepEqual(
      (await files.list(directories.consoles)).filter((file) => file.startsWith("gone")),
      [],
    );
  });
});

describe("the variables of a machine's firmware", () => {
  for (const [name, nvram, isOwn] of [
    ["in libvirt's own directory are the machine's", "<nvram>/var/lib/libvirt/qemu/nvram/web_VARS.fd</nvram>", true],
    ["that are the distribution's file stay", "<nvram>/usr/share/OVMF/OVMF_VARS.fd</nvram>", false],
    ["are absent", "", true],
  ] as const) {
    it(name, () => assert.equal(isOwnNvram(parse(`<domain><os>${nvram}</os></domain>`)), isOwn));
  }
});
