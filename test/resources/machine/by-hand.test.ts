import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { parse, render, textOf } from "../../../provider/format/xml";
import { readMark, withoutMark } from "../../../provider/libvirt/mark";
import { site } from "../../site";
import { Guest } from "./guests";

const { connection, enter, host } = site();
const { libvirt, files, run } = host;
const virsh = (...args: string[]) => run("virsh", ["-q", "-c", connection, ...args]);

describe("a machine that was changed by hand", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("hand", "polite");
  });
  afterEach(() => guest.removeMachine());
  after(() => guest.remove());

  const defined = async () => parse((await libvirt.definition("domain", guest.uuid)) ?? "<gone/>");

  it("so that its mark is lost is changed as its preview says, and has a mark again", async () => {
    await guest.up({ running: false });
    await libvirt.define("domain", render(withoutMark(await defined())));
    const more = { running: false, memory: "80MiB" };
    assert.deepEqual(await guest.preview(more), ["changes", "memory: in force when hand starts"]);
    await guest.up(more);
    assert.equal(textOf(await defined(), "memory"), String(80 * 1024));
    assert.equal(readMark(await defined())?.identity, guest.context.identity);
    await guest.refresh();
    assert.deepEqual(await guest.preview(more), []);
  });

  it("into a saved state continues from it, and other changes wait for a restart", async () => {
    await guest.up({ title: "one" });
    await virsh("managedsave", guest.uuid);
    const more = { memory: "80MiB", title: "two" };
    assert.deepEqual(await guest.preview(more), [
      "changes",
      "title: changes while hand runs",
      "memory: waits for the next restart of hand; allowRestart: true does it now",
      "running: hand first continues from its saved state",
    ]);
    await guest.up(more);
    assert.equal(textOf(await guest.live(), "memory"), String(64 * 1024));
    assert.equal(textOf(await guest.live(), "title"), "two");
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    await guest.up({ ...more, allowRestart: true });
    assert.equal(textOf(await guest.live(), "memory"), String(80 * 1024));
  });
});

describe("the firmware's variables of a machine that was renamed by hand, under the name that it had", () => {
  const uefi = { firmware: "uefi", running: false };
  const file = "/var/lib/libvirt/qemu/nvram/varied_VARS.fd";
  const pid = enter[enter.indexOf("-t") + 1];
  /** As the embedded libvirt sees it, in a mount namespace of its own. */
  const seen = pid === undefined ? file : `/proc/${pid}/root${file}`;
  let guest: Guest;
  const renamedByHand = () =>
    libvirt.define(
      "domain",
      `<domain type="qemu"><name>varied-old</name><memory unit="MiB">64</memory><os><type>hvm</type><loader readonly="yes" type="pflash">/usr/share/OVMF/OVMF_CODE_4M.fd</loader><nvram template="/usr/share/OVMF/OVMF_VARS_4M.fd">${file}</nvram></os><features><acpi/></features></domain>`,
    );
  before(async () => {
    guest = await Guest.make("varied", "deaf");
  });
  afterEach(async () => {
    const other = await libvirt.find("domain", "varied-old");
    if (other !== undefined) await libvirt.undefine("domain", other.uuid);
    await guest.removeMachine();
  });
  after(() => guest.remove());

  const refusal =
    /machine "varied-old" keeps its firmware's variables in \S+varied_VARS\.fd, the file of this machine's variables\. Choose another name, or give "varied-old" its own file/;

  it("keep a new machine from that name", async () => {
    await renamedByHand();
    await assert.rejects(guest.checked(uefi), { message: refusal });
    await guest.checked({ ...uefi, firmware: "bios" });
  });

  it("keep another machine from being renamed to it", async () => {
    await guest.up({ ...uefi, name: "varied-new" });
    await renamedByHand();
    try {
      await assert.rejects(guest.checked(uefi), { message: refusal });
    } finally {
      const { uuid = "" } = (await libvirt.find("domain", "varied-new")) ?? {};
      await libvirt.undefine("domain", uuid);
      guest.state = {};
    }
  });

  it("stay when the machine goes that has the name by now", async () => {
    await guest.up({ ...uefi, running: true, forceOff: true, shutdownTimeout: "1s" });
    await renamedByHand();
    await guest.removeMachine();
    assert.ok(await files.stat(seen));
  });
});
