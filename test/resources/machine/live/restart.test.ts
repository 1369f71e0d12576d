import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { textOf } from "../../../../provider/format/xml";
import { site } from "../../../site";
import { Guest } from "../guests";

const { libvirt } = site().host;

describe("a change that needs a restart", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("waits", "polite");
    await guest.up();
  });
  after(() => guest.remove());

  const memoryInForce = async () => Number(textOf(await guest.live(), "memory")) / 1024;

  it("waits where a restart isn't allowed: the preview says so, and it is in the definition", async () => {
    const given = { memory: "80MiB" };
    assert.deepEqual(await guest.preview(given), [
      "changes",
      "memory: waits for the next restart of waits; allowRestart: true does it now",
    ]);
    await guest.up(given);
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    assert.equal(await memoryInForce(), 64);
    assert.match((await libvirt.definition("domain", guest.uuid)) ?? "", /<memory unit='KiB'>81920</);
    assert.deepEqual(await guest.preview(given), []);
    await guest.refresh();
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    assert.deepEqual(await guest.preview(given), []);
  });

  it("waits on while another is made", async () => {
    await guest.up({ memory: "80MiB", vcpus: 2 });
    assert.deepEqual(guest.state["waitingForRestart"], ["memory", "vcpus"]);
  });

  it("is done as soon as restarts are allowed, by the guest's own power-off", async () => {
    const given = { memory: "80MiB", vcpus: 2, allowRestart: true };
    assert.deepEqual(await guest.preview(given), [
      "changes",
      "memory, vcpus: waits restarts for the changes that wait",
    ]);
    await guest.up(given);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.equal(await memoryInForce(), 80);
    assert.deepEqual(await guest.preview(given), []);
  });

  it("is done at once where restarts are allowed", async () => {
    const given = { allowRestart: true };
    assert.deepEqual(await guest.preview(given), ["changes", "memory, vcpus: waits restarts"]);
    await guest.up(given);
    assert.equal(await memoryInForce(), 64);
  });

  it("is forgotten when another program has restarted the machine", async () => {
    await guest.up({ memory: "96MiB" });
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    await libvirt.stop("domain", guest.uuid);
    await libvirt.start("domain", guest.uuid);
    await guest.refresh();
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.equal(await memoryInForce(), 96);
  });
});

describe("a restart of a guest that doesn't power off", () => {
  let guest: Guest;
  before(async () => {
    guest = await Guest.make("stuck", "deaf");
    await guest.up();
  });
  after(() => guest.remove());

  it("is an error, and the change waits until it is possible", async () => {
    const given = { memory: "80MiB", allowRestart: true, shutdownTimeout: "1s" };
    await assert.rejects(guest.up(given), {
      message: /did not power off within 1 s of the request; changes that wait for its restart: memory\. Shut it down/,
    });
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    const forced = { ...given, forceOff: true };
    assert.deepEqual(await guest.preview(forced), ["changes", "memory: stuck restarts for the changes that wait"]);
    await guest.up(forced);
    assert.equal(textOf(await guest.live(), "memory"), String(80 * 1024));
    assert.deepEqual(await guest.preview(forced), []);
  });
});
