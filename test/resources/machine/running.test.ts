import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { textOf } from "../../../provider/format/xml";
import { site } from "../../site";
import { Guest } from "./guests";

const { libvirt } = site().host;

describe("whether a machine runs", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("runs", "polite");
  });
  after(() => guest.remove());

  const isOn = () => libvirt.isActive("domain", guest.uuid);

  it("false when it is made: it is only defined", async () => {
    await guest.up({ running: false });
    assert.equal(await isOn(), false);
    assert.deepEqual(await guest.preview({ running: false }), []);
  });

  it("becomes true: it is started, and the preview said so", async () => {
    assert.deepEqual(await guest.preview(), ["changes", "running: starts runs"]);
    await guest.up();
    assert.equal(await isOn(), true);
    assert.deepEqual(await guest.preview(), []);
  });

  it("a refresh shows that it was powered off, and up starts it", async () => {
    await libvirt.stop("domain", guest.uuid);
    await guest.refresh();
    assert.deepEqual(await guest.preview(), ["changes", "running: starts runs"]);
    await guest.up();
    assert.equal(await isOn(), true);
  });

  it("is left as it is where that is requested", async () => {
    await guest.up({ running: "leave" });
    await libvirt.stop("domain", guest.uuid);
    await guest.refresh();
    assert.deepEqual(await guest.preview({ running: "leave" }), []);
    await guest.up({ running: "leave", sshTimeout: "1m" });
    assert.equal(await isOn(), false);
    await guest.up();
  });

  it("becomes false: the guest powers off by itself", async () => {
    assert.deepEqual(await guest.preview({ running: false }), ["changes", "running: shuts runs down"]);
    await guest.up({ running: false });
    assert.equal((await libvirt.domainState(guest.uuid))?.reason, "shutdown");
    assert.deepEqual(await guest.preview({ running: false }), []);
  });

  it("a change of a machine that is off is in force when it starts", async () => {
    const given = { running: false, memory: "72MiB" };
    assert.deepEqual(await guest.preview(given), ["changes", "memory: in force when runs starts"]);
    await guest.up(given);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    await guest.up({ memory: "72MiB" });
    assert.equal(textOf(await guest.live(), "memory"), String(72 * 1024));
  });
});

describe("a guest that doesn't power off", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("deaf", "deaf");
    await guest.up();
  });
  after(() => guest.remove());

  const off = { running: false, shutdownTimeout: "1s" };

  it("runs on, which is an error that says what to do, and a difference that stays", async () => {
    await assert.rejects(guest.up(off), {
      code: "timeout",
      message:
        /^shutdownTimeout: machine "deaf" did not power off within 1 s of the request; it continues to run\. Shut it down in the guest and run `pulumi up` again, or set forceOff to true/,
    });
    assert.equal(await libvirt.isActive("domain", guest.uuid), true);
    assert.deepEqual(await guest.preview(off), ["changes", "running: shuts deaf down"]);
  });

  it("is powered off at once where that is allowed", async () => {
    await guest.up({ ...off, forceOff: true });
    assert.equal((await libvirt.domainState(guest.uuid))?.reason, "destroyed");
  });
});
