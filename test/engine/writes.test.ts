import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { hostsWith } from "../../provider/engine/open-host";
import { gate, observedFiles, observedLock, type Observer } from "../../provider/engine/writes";
import { systemClock } from "../../provider/host/clock";
import { localFiles } from "../../provider/host/files";
import { fileLock } from "../../provider/host/lock";
import { localLockFiles } from "../../provider/host/lock-files";
import { run } from "../../provider/host/run";
import { scratchFolder } from "../iso/host";
import { site } from "../site";

const folder = scratchFolder();
const at = (name: string) => path.join(folder, name);
const own = localFiles(at("temporary"), run);
const absent = "00000000-0000-4000-8000-000000000000";
const stopped = {
  code: "interrupted",
  message: /^Pulumi has ended, so nothing more is changed\. Run `pulumi up`/,
};

/** What was seen, in its order. */
function recorder(): Observer & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    before: ({ what }) => void seen.push(`before ${what}`),
    after: ({ what }) => void seen.push(`after ${what}`),
  };
}

describe("an observer of a host", () => {
  it("sees each write before and after it, and no read", async () => {
    const observer = recorder();
    const files = observedFiles(own, observer);
    await files.write(at("a"), "x");
    assert.equal(await files.readTextIfPresent(at("a")), "x");
    assert.equal((await files.md5OfStarts(at("a"), [1])).length, 1);
    await files.withTemporaryDirectory((inside) => files.write(path.join(inside, "b"), "y"));
    await files.remove(at("a"));
    const told = observer.seen.map((what) => what.replace(/\S*\.kvm-deploy-[^/]*/, "PLACE"));
    assert.deepEqual(
      told,
      [`write ${at("a")}`, "write PLACE/b", `remove ${at("a")}`].flatMap((what) => [`before ${what}`, `after ${what}`]),
    );
  });

  it("sees no end of a write that fails", async () => {
    const observer = recorder();
    await assert.rejects(observedFiles(own, observer).rename(at("absent"), at("other")), { code: "not-found" });
    assert.deepEqual(observer.seen, [`before rename ${at("absent")}`]);
  });

  it("sees a lock when it is requested, when it is held, and what is done under it", async () => {
    const observer = recorder();
    const lock = observedLock(fileLock(at("locks"), localLockFiles(own), systemClock), observer);
    await lock("x", () => observedFiles(own, observer).createDirectory(at("made")));
    const [one, two] = ["lock x", `createDirectory ${at("made")}`];
    assert.deepEqual(observer.seen, [`before ${one}`, `after ${one}`, `before ${two}`, `after ${two}`]);
  });

  it("sees the writes of libvirt and the ledger, each as one", async () => {
    const observer = recorder();
    const { libvirt, ledger } = hostsWith(observer)(site().connection);
    const xml = '<network><name>observed</name><bridge name="kd-observed"/></network>';
    await libvirt.define("network", xml);
    const { uuid = "" } = (await libvirt.find("network", "observed")) ?? {};
    await libvirt.undefine("network", uuid);
    assert.deepEqual(
      observer.seen,
      ["define network", "undefine network"].flatMap((what) => [`before ${what}`, `after ${what}`]),
    );
    await ledger.names("volume");
    assert.equal(observer.seen.length, 4);
  });
});

describe("the gate", () => {
  const ending = new AbortController();
  const files = observedFiles(own, gate(ending.signal));
  const closed = gate(AbortSignal.abort());

  it("lets all pass until Pulumi has ended, then reads alone", async () => {
    await files.write(at("before"), "x");
    ending.abort();
    await assert.rejects(files.write(at("after"), "x"), stopped);
    assert.equal(await files.readTextIfPresent(at("before")), "x");
    assert.ok(!existsSync(at("after")));
  });

  it("gives no lock, and leaves no trace of the wish for one", async () => {
    const lock = observedLock(fileLock(at("locks"), localLockFiles(own), systemClock), closed);
    await assert.rejects(
      lock("x", () => Promise.resolve()),
      stopped,
    );
    assert.ok(!existsSync(at("locks")));
  });

  it("leaves no directory with secrets when it closes while one is used", async () => {
    const now = new AbortController();
    const gated = observedFiles(own, gate(now.signal));
    mkdirSync(at("isos"));
    const work = (inside: string) => {
      writeFileSync(path.join(inside, "secret"), "hunter2");
      now.abort();
      return gated.rename(path.join(inside, "secret"), at("isos/x.iso"));
    };
    await assert.rejects(gated.withTemporaryDirectory(work), stopped);
    await assert.rejects(gated.withDirectoryNextTo(at("isos/x.iso"), work), stopped);
    assert.deepEqual([readdirSync(at("temporary")), readdirSync(at("isos"))], [[], []]);
  });

  it("keeps libvirt's things as they are", async () => {
    const { libvirt } = hostsWith(closed)(site().connection);
    const { uuid } = (await libvirt.find("pool", "default")) ?? { uuid: absent };
    for (const write of [
      () => libvirt.define("network", '<network><name>gated</name><bridge name="kd-gated"/></network>'),
      () => libvirt.stop("pool", uuid),
      () => libvirt.createVolume("default", "<volume><name>gated</name><capacity>1</capacity></volume>"),
      () => libvirt.undefine("pool", uuid),
    ])
      await assert.rejects(write, stopped);
    assert.equal(await libvirt.isActive("pool", uuid), true);
    assert.equal(await libvirt.find("network", "gated"), undefined);
    assert.ok(!(await libvirt.volumes("default")).includes("gated"));
  });
});
