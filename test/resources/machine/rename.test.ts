import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { attributeOf, find, parse, textOf } from "../../../provider/format/xml";
import { changesBetween } from "../../../provider/resource/diff";
import { unknownValue } from "../../../provider/resource/known";
import { machine } from "../../../provider/resources/machine/handler";
import { machinePolicies } from "../../../provider/resources/machine/policy";
import { machineInputs } from "../../../provider/resources/machine/schema";
import type { TestContext } from "../../context";
import { site } from "../../site";
import { Guest } from "./guests";

const { connection, host, enter } = site();
const { libvirt, files, directories, run } = host;

const virsh = (...args: string[]) => run("virsh", ["-q", "-c", connection, ...args]);
const named = async (name: string) => (await libvirt.find("domain", name))?.uuid;
/** As the embedded libvirt sees it, in a mount namespace of its own. */
const seen = (file: string) => {
  const pid = enter[enter.indexOf("-t") + 1];
  return pid === undefined ? file : `/proc/${pid}/root${file}`;
};
const inside = (file: string) => (file.startsWith("/var/lib/libvirt/") ? seen(file) : file);
const inNamespace = (context: TestContext): TestContext => ({
  ...context,
  host: () => ({
    ...host,
    files: {
      ...files,
      stat: (file) => files.stat(inside(file)),
      rename: (from, to) => files.rename(inside(from), inside(to)),
    },
  }),
});
const variables = (name: string) => seen(`/var/lib/libvirt/qemu/nvram/${name}_VARS.fd`);

describe("a machine whose name changes", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("before", "polite");
  });
  afterEach(async () => {
    for (const name of ["renamed", "by-hand"]) {
      const uuid = await named(name);
      if (uuid === undefined) continue;
      await libvirt.stop("domain", uuid);
      await machine.delete(uuid, guest.state, guest.context);
      guest.state = {};
    }
    await guest.removeMachine();
  });
  after(() => guest.remove());

  const to = { name: "renamed" };
  /** Nothing that the firmware boots would answer a request to power off. */
  const uefi = { firmware: "uefi", forceOff: true, shutdownTimeout: "1s" };

  it("is renamed when it is off: the same machine, with its logs and its firmware's variables", async () => {
    await guest.up({ ...uefi });
    const { uuid } = guest;
    await guest.up({ ...uefi, running: false });
    await files.writeAt(variables("before"), 0x200, Buffer.from("its own"));
    const notes = await guest.preview({ ...uefi, running: false, ...to });
    assert.deepEqual(notes, ["changes", "name: before is renamed"]);
    await guest.up({ ...uefi, running: false, ...to }, inNamespace(guest.context));
    assert.equal(await named("renamed"), uuid);
    assert.equal(guest.uuid, uuid);
    assert.equal(guest.state["consoleLogPath"], `${directories.consoles}/renamed.log`);
    assert.deepEqual(
      (await files.list(directories.consoles)).filter((file) => /^(before|renamed)/.test(file)),
      ["renamed.log"],
    );
    assert.deepEqual(await guest.preview({ ...uefi, running: false, ...to }), []);
    assert.match((await files.readFrom(variables("renamed"), 0x200, 7)).toString(), /its own/);
    assert.equal(await files.stat(variables("before")), undefined);
    await guest.up({ ...uefi, ...to });
    assert.equal(
      attributeOf(find(await guest.live(), "devices"), "serial/log", "file"),
      `${directories.consoles}/renamed.log`,
    );
  });

  it("is refused at preview while it runs and may not be restarted, with the ways out", async () => {
    await guest.up();
    await assert.rejects(guest.checked(to), {
      message:
        /^name: machine "before" runs, and libvirt renames a machine only while it is off\. Set allowRestart to true for a restart, shut it down, or keep the name/,
    });
    assert.equal(await libvirt.isActive("domain", guest.uuid), true);
  });

  it("is restarted under its new name where that is allowed", async () => {
    await guest.up();
    const { uuid } = guest;
    assert.deepEqual(await guest.preview({ ...to, allowRestart: true }), [
      "changes",
      "name: before restarts under its new name",
    ]);
    await guest.up({ ...to, allowRestart: true });
    assert.equal(await named("renamed"), uuid);
    assert.equal(await libvirt.isActive("domain", uuid), true);
  });

  it("is started again, too, when it is left as it is else", async () => {
    await guest.up({ running: "leave" });
    await guest.up({ running: "leave", ...to, allowRestart: true });
    assert.equal(await libvirt.isActive("domain", guest.uuid), true);
  });

  it("by hand shows that as drift, and is named back by up: never created again", async () => {
    await guest.up({ running: false });
    const { uuid } = guest;
    await virsh("domrename", "before", "by-hand");
    await guest.refresh();
    const { changes, replaces } = await machine.diff(
      uuid,
      guest.state,
      { ...(await guest.checked({ running: false })) },
      guest.context,
    );
    assert.deepEqual([changes, replaces], [true, []]);
    await guest.up({ running: false });
    assert.equal(await named("before"), uuid);
    assert.deepEqual(await guest.preview({ running: false }), []);
  });

  it("can't have the name of another one; at preview and at up", async () => {
    await guest.up({ running: false });
    const changed = await guest.checked({ running: false, ...to });
    await libvirt.define(
      "domain",
      '<domain type="qemu"><name>renamed</name><memory>65536</memory><os><type>hvm</type></os></domain>',
    );
    try {
      for (const unknown of [{}, { allowRestart: unknownValue, running: unknownValue }, { firmware: unknownValue }])
        await assert.rejects(
          guest.checked({ running: false, ...to, ...unknown }),
          /^Error: name: another machine has the name "renamed"/,
        );
      await assert.rejects(
        machine.update(guest.uuid, guest.state, changed, guest.context),
        /has the name "renamed" already/,
      );
      assert.ok(await named("before"));
    } finally {
      await libvirt.undefine("domain", (await named("renamed")) ?? "");
    }
  });

  it("is refused at preview while libvirt keeps a saved state of it", async () => {
    await guest.up();
    await virsh("managedsave", guest.uuid);
    await assert.rejects(
      guest.checked({ ...to, allowRestart: true }),
      /name: machine "before" has a saved state, and libvirt renames no such machine\. Remove them first \(virsh managedsave-remove before\)/,
    );
  });

  it("and was interrupted after the renaming continues with the next up", async () => {
    await guest.up({ running: false });
    const olds = guest.state;
    await guest.up({ running: false, ...to });
    guest.state = olds;
    await guest.up({ running: false, memory: "80MiB", ...to });
    assert.equal(textOf(parse((await libvirt.definition("domain", guest.uuid)) ?? ""), "name"), "renamed");
  });
});

describe("another spelling of a machine's connection", () => {
  it("is no difference", async () => {
    const guest = await Guest.make("spelt", "deaf");
    try {
      await guest.up();
      const spelt = connection.replace(/^qemu:/, "qemu+unix:");
      const inputs = await guest.checked({ connection: spelt });
      const { changes, replaces, notes } = await machine.diff(guest.uuid, guest.state, inputs, guest.context);
      assert.deepEqual([changes, replaces, notes], [false, [], []]);
      const elsewhere = await guest.checked({ connection: "qemu:///system?socket=/run/other" });
      const other = changesBetween(machineInputs, machinePolicies, guest.state, elsewhere);
      assert.deepEqual(
        other.map(({ path, policy }) => [path, policy]),
        [["connection", "replace"]],
      );
    } finally {
      await guest.remove();
    }
  });
});
