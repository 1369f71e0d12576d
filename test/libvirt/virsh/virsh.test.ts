import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, describe, it } from "node:test";
import { run } from "../../../provider/host/run";
import { openVirsh } from "../../../provider/libvirt/virsh";
import { isAlive, until } from "../../host/processes";
import { scratchFolder } from "../../iso/host";
import { root, site } from "../../site";

const { host } = site();
const { libvirt } = host;
const absent = "00000000-0000-4000-8000-000000000000";

const volumeXml = (name: string) =>
  `<volume><name>${name}</name><capacity>1048576</capacity><target><format type="qcow2"/></target></volume>`;

describe("look-ups of what is absent", () => {
  it("give undefined", async () => {
    assert.equal(await libvirt.find("network", "virsh-absent"), undefined);
    assert.equal(await libvirt.definition("domain", absent), undefined);
    assert.equal(await libvirt.liveDefinition("pool", absent), undefined);
    assert.equal(await libvirt.domainState(absent), undefined);
    assert.equal(await libvirt.volume("default", "virsh-absent"), undefined);
  });

  it("are no look-ups where libvirt doesn't answer: absence must be proven", async () => {
    const nowhere = openVirsh("qemu:///system?socket=/nowhere/libvirt-sock", host);
    for (const look of [
      () => nowhere.find("domain", "web"),
      () => nowhere.definition("domain", absent),
      () => nowhere.liveDefinition("network", absent),
      () => nowhere.domainState(absent),
      () => nowhere.volume("default", "disk"),
      () => nowhere.isActive("pool", absent),
      () => nowhere.undefine("domain", absent),
    ])
      await assert.rejects(look, { code: "unreachable" });
  });

  it("find nothing running, and nothing to undefine", async () => {
    assert.equal(await libvirt.isActive("network", absent), false);
    assert.equal(await libvirt.hasAutostart("network", absent), false);
    await libvirt.stop("network", absent);
    await libvirt.undefine("network", absent);
  });
});

describe("what is there", () => {
  // libvirt takes a name of digits for a running domain's id, and names may hold spaces.
  const names = ["47114711", "virsh-two words"];
  after(async () => {
    for (const name of names) {
      const entry = await libvirt.find("domain", name);
      if (entry !== undefined) await libvirt.undefine("domain", entry.uuid);
    }
  });

  it("is started, stopped and undefined, also twice", async () => {
    await libvirt.define("network", '<network><name>virsh-net</name><bridge name="kd-virsh"/></network>');
    const { uuid = "" } = (await libvirt.find("network", "virsh-net")) ?? {};
    for (const isWanted of [true, true, false, false]) {
      await (isWanted ? libvirt.start("network", uuid) : libvirt.stop("network", uuid));
      assert.equal(await libvirt.isActive("network", uuid), isWanted);
      assert.equal((await libvirt.find("network", "virsh-net"))?.isActive, isWanted);
    }
    for (const on of [true, false]) {
      await libvirt.setAutostart("network", uuid, on);
      assert.equal(await libvirt.hasAutostart("network", uuid), on);
    }
    await libvirt.undefine("network", uuid);
    await libvirt.undefine("network", uuid);
    assert.equal(await libvirt.find("network", "virsh-net"), undefined);
  });

  it("is listed or not while it is deleted: never a failure", async () => {
    const volumes = Array.from({ length: 20 }, (_, index) => `virsh-volume-${index}`);
    for (const name of volumes) await libvirt.createVolume("default", volumeXml(name));
    const watch = async (name: string): Promise<void> =>
      (await libvirt.volume("default", name)) === undefined ? undefined : watch(name);
    await Promise.all([...volumes.map(watch), ...volumes.map((name) => libvirt.deleteVolume("default", name))]);
  });

  it("has its own UUID in the list, whatever it is called", async () => {
    const xml = (name: string) =>
      `<domain type="qemu"><name>${name}</name><memory>65536</memory><os><type>hvm</type></os></domain>`;
    for (const name of names) {
      await libvirt.define("domain", xml(name));
      const { uuid = "" } = (await libvirt.find("domain", name)) ?? {};
      assert.ok((await libvirt.definition("domain", uuid))?.includes(`<name>${name}</name>`));
      assert.deepEqual((await libvirt.domainState(uuid))?.state, "shut off");
    }
  });

  it("is refused when libvirt's schema doesn't know it, instead of losing it without a word", async () => {
    await assert.rejects(libvirt.define("network", "<network><name>virsh-typo</name><brigde name='x'/></network>"), {
      code: "invalid-input",
    });
    assert.equal(await libvirt.find("network", "virsh-typo"), undefined);
  });
});

describe("names of any letters", () => {
  it("are read as they are", async () => {
    const name = "größe 大小.img";
    await libvirt.createVolume("default", volumeXml(name));
    try {
      assert.ok((await libvirt.volumes("default")).includes(name));
      assert.match((await libvirt.volume("default", name)) ?? "", /<name>größe 大小\.img<\/name>/);
    } finally {
      await libvirt.deleteVolume("default", name);
    }
  });
});

describe("the user's own history of virsh", () => {
  for (const mode of ["system", "session"]) {
    it(`is left alone by a connection to the ${mode}`, async () => {
      const home = scratchFolder();
      const program = `
        const { openVirsh } = require("./provider/libvirt/virsh");
        const { localFiles } = require("./provider/host/files");
        const { run, startProgram } = require("./provider/host/run");
        const { sessionsBy } = require("./provider/host/session");
        const tools = { run, openSession: sessionsBy(startProgram), files: localFiles("/nowhere", run) };
        const libvirt = openVirsh(${JSON.stringify(host.connection.replace("system", mode))}, tools);
        libvirt.list("pool").then((pools) => {
          console.log(pools.map(({ name }) => name).join());
          const virsh = require("node:fs").readFileSync("/proc/self/task/" + process.pid + "/children", "utf8");
          console.log(virsh.trim());
          // As by a kill -9: then virsh ends by itself, and it is then that it writes.
          process.kill(process.pid, "SIGKILL");
        });`;
      const node = [process.execPath, "--import", "tsx", "-e", program];
      const killed = await run("sh", ["-c", '"$@"; true', "sh", ...node], { cwd: root, env: { HOME: home } });
      const [pools = "", virsh = ""] = killed.stdout.split("\n");
      assert.ok(pools.split(",").includes("default"), killed.stdout + killed.stderr);
      assert.match(virsh, /^\d+( \d+)*$/);
      for (const pid of virsh.split(" ")) assert.ok(await until(() => !isAlive(Number(pid))));
      assert.deepEqual(
        readdirSync(home, { recursive: true }).filter((file) => String(file).includes("history")),
        [],
      );
    });
  }
});
