import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find } from "../../provider/format/xml";
import { makeSmallLinux, packInitrd } from "../../tools/small-linux";
import { Guest, makeNetwork } from "../resources/machine/guests";
import { site } from "../site";

const { host } = site();
const { libvirt, files, clock } = host;
const patienceMs = 5 * 60_000;

const ingredients = {
  kernelPackage: "linux-image-cloud-amd64",
  modules: ["failover", "net_failover", "virtio_net", "virtio_balloon"],
  init: path.join(__dirname, "live-changes/init.sh"),
};

/** Debian's kernel lets devices go when it is asked to; the boot sectors of the other tests never do. */
describe("a running machine whose guest is Linux", () => {
  let guest: Guest;
  let removeNetwork: () => Promise<void>;
  let given: Record<string, unknown>;
  let data: string;
  let folder: string;

  before(async () => {
    removeNetwork = await makeNetwork("alive");
    guest = await Guest.make("alive", "deaf");
    data = await guest.makeVolume("data");
    folder = guest.fileOf(guest.disk).replace(/[^/]+$/, "");
    await files.withTemporaryDirectory(async (work) => {
      const linux = await makeSmallLinux(ingredients, work);
      await files.write(kernel(), readFileSync(linux.kernel));
      await files.write(initrd(), await packInitrd(linux));
    });
    given = { memory: "512MiB", maxVcpus: 2, cdroms: [{}], xml: booting("quiet") };
    await guest.up(given);
    await seen(() => true);
  });
  after(async () => {
    await guest.remove();
    await removeNetwork();
    for (const file of [kernel(), initrd()]) await files.remove(file);
  });

  const kernel = () => `${folder}alive-vmlinuz`;
  const initrd = () => `${folder}alive-initrd.gz`;
  const booting = (cmdline: string) => ({
    overlay: `<domain><os><kernel>${kernel()}</kernel><initrd>${initrd()}</initrd><cmdline>no_timer_check ${cmdline}</cmdline></os></domain>`,
  });

  const devices = async (name: string) => childrenOf(find(await guest.live(), "devices"), name);

  const consoleLog = async () => (await files.readTextIfPresent(String(guest.state["consoleLogPath"]))) ?? "";

  /** The number of devices that the guest sees, once it is as expected. */
  async function seen(isExpected: (count: number) => boolean): Promise<number> {
    const until = clock.now() + patienceMs;
    for (;;) {
      const log = await consoleLog();
      const count = Number(/devices (\d+)\s*$/.exec(log)?.[1]);
      if (isExpected(count) && !Number.isNaN(count)) return count;
      assert.ok(clock.now() < until, `the guest sees ${count}; it last said: ${log.slice(-300)}`);
      await clock.sleep(500);
    }
  }

  it("gets a disk and a NIC, which it sees, and lets both go", async () => {
    const alone = await seen(() => true);
    const more = { ...given, disks: [{ volume: guest.disk }, { volume: data }], nics: [{ network: "alive" }] };
    await guest.up(more);
    await seen((count) => count === alone + 2);
    assert.deepEqual(await guest.preview(more), []);

    assert.deepEqual(await guest.preview(given), [
      "changes",
      "disks[1]: detached while alive runs; its data stay",
      "nics[0]: detached while alive runs",
    ]);
    await guest.up(given);
    await seen((count) => count === alone);
    assert.deepEqual([(await devices("disk")).length, (await devices("interface")).length], [2, 0]);
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.ok(await files.stat(guest.fileOf(data)), "the data stay");
  });

  it("has a medium put in and taken out, and a link cut", async () => {
    const nics = [{ network: "alive", link: "down" }];
    const changed = { ...given, cdroms: [{ medium: guest.fileOf(data) }], nics };
    await guest.up({ ...changed, nics: [{ network: "alive" }] });
    assert.deepEqual(await guest.preview(changed), ["changes", "nics[0].link: changes while alive runs"]);
    await guest.up(changed);
    const medium = async () => (await devices("disk")).map((disk) => attributeOf(disk, "source", "file")).at(-1);
    assert.equal(await medium(), guest.fileOf(data));
    assert.equal(attributeOf((await devices("interface"))[0], "link", "state"), "down");
    await guest.up({ ...given, nics });
    assert.equal(await medium(), undefined);
    assert.deepEqual(guest.state["waitingForRestart"], []);
  });

  it("hears what is typed at its console, which goes on into the log", async () => {
    const [console] = await devices("serial");
    // As `virsh console` does it. QEMU looks once in a second whether anybody has come.
    const typing = 'exec 3<>"$1"; sleep 3; echo hello >&3; timeout --foreground 20 grep -m 1 typed <&3';
    const { stdout } = await host.run("sh", ["-c", typing, "sh", attributeOf(console, "source", "path") ?? ""]);
    assert.match(stdout, /typed hello/);
    assert.match(await consoleLog(), /typed hello/);
  });

  it("tells its address by its agent", async () => {
    await guest.up({ ...given, nics: [{ network: "alive" }] });
    const until = clock.now() + patienceMs;
    while (String(guest.state["addresses"]) !== "192.0.2.77") {
      assert.ok(clock.now() < until, `its addresses: ${String(guest.state["addresses"])}`);
      await clock.sleep(500);
      await guest.refresh();
    }
    await guest.up(given);
  });

  it("has no balloon driver: memory that it doesn't give back is an error, and waits", async () => {
    const sized = { ...given, memory: "256MiB", maxMemory: "512MiB" };
    await assert.rejects(guest.up(sized), {
      message:
        /changing memory: the guest has not changed its memory to 256MiB, which needs a balloon driver\. The change/,
    });
    assert.deepEqual(guest.state["waitingForRestart"], ["memory"]);
    assert.deepEqual(await guest.preview(sized), []);
  });

  it("gets a processor, up to the maximum", async () => {
    await guest.up({ ...given, vcpus: 2 });
    assert.equal(attributeOf(await guest.live(), "vcpu", "current") ?? "2", "2");
    assert.deepEqual(guest.state["waitingForRestart"], []);
    assert.ok(await libvirt.isActive("domain", guest.uuid));
  });

  it("gives memory back and gets it again, where it has a balloon driver", async () => {
    await guest.removeMachine();
    const withBalloon = { ...given, maxMemory: "512MiB", xml: booting("quiet balloon") };
    await guest.up(withBalloon);
    await seen(() => true);
    for (const memory of ["256MiB", "384MiB"]) {
      assert.deepEqual(await guest.preview({ ...withBalloon, memory }), [
        "changes",
        "memory: changes while alive runs",
      ]);
      await guest.up({ ...withBalloon, memory });
      assert.deepEqual(guest.state["waitingForRestart"], []);
      assert.deepEqual(await guest.preview({ ...withBalloon, memory }), []);
    }
  });
});
