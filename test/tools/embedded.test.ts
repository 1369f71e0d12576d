import assert from "node:assert/strict";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findEmbedded, startEmbedded, stopEmbedded, type EmbeddedLibvirt } from "../../tools/embedded";
import { checkStateDir } from "../../tools/embedded/paths";
import { parseRecord, readLiveRecord } from "../../tools/embedded/record";
import { fileOf } from "../../tools/embedded/serve";

const run = promisify(execFile);
const STATE = "/var/lib/kvm-deploy/embedded/selftest";

const NETWORK = `<network><name>lab</name><forward mode='nat'/><bridge name='kd-lab'/>
  <ip address='192.168.199.1' prefix='24'><dhcp><range start='192.168.199.100' end='192.168.199.200'/></dhcp></ip></network>`;

function domain(disk: string): string {
  return `<domain type='qemu'><name>halted</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>
    <os><type arch='x86_64' machine='q35'>hvm</type></os>
    <devices><disk type='file' device='disk'><source file='${disk}'/><target dev='sda' bus='sata'/></disk>
    <interface type='network'><source network='lab'/></interface></devices></domain>`;
}

/** A boot sector that halts. */
function bootSector(): Buffer {
  return Buffer.concat([Buffer.from([0xf4, 0xeb, 0xfd]), Buffer.alloc(507), Buffer.from([0x55, 0xaa])]);
}

async function virsh(embedded: EmbeddedLibvirt, ...words: string[]): Promise<string> {
  return (await run("virsh", ["-q", "-c", embedded.uri, ...words])).stdout.trim();
}

async function defined(embedded: EmbeddedLibvirt, command: string, xml: string): Promise<void> {
  const file = `${embedded.stateDir}/in.xml`;
  writeFileSync(file, xml);
  await virsh(embedded, command, file);
}

function initOf(embedded: EmbeddedLibvirt): number {
  return Number(embedded.enter[2]);
}

function networkOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // it has ended
  }
}

function processesIn(network: string | undefined): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name) && networkOf(name) === network);
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    assert.ok(tries < 200, "the condition did not come true within 20 s");
    await sleep(100);
  }
}

/** A process that starts one and then waits, or ends at once when it is to be left behind. */
async function starter(lifetime: "process" | "detached"): Promise<ChildProcess> {
  const program = `require(${JSON.stringify(require.resolve("../../tools/embedded"))})
    .startEmbedded({ stateDir: "${STATE}", lifetime: "${lifetime}" })
    .then(() => { console.log("up"); if ("${lifetime}" === "process") setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ["--import", require.resolve("tsx"), "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const chunk of child.stdout) if (String(chunk).includes("up")) return child;
  throw new Error("the starter ended before it had started anything");
}

describe("the state directory of an embedded libvirt", () => {
  const refused = [
    { stateDir: "relative/folder", reason: /expected an absolute path/ },
    { stateDir: "/var/lib/../x", reason: /expected an absolute path/ },
    { stateDir: "/var/lib/x/", reason: /expected an absolute path/ },
    { stateDir: "/var/lib/a&b", reason: /only letters, digits/ },
    { stateDir: "/run/x", reason: /hidden in the namespace/ },
    { stateDir: "/var/run/x", reason: /hidden in the namespace/ },
    { stateDir: `/${"x".repeat(87)}`, reason: /so this path may have 87/ },
  ];
  for (const { stateDir, reason } of refused) {
    it(`is refused when it is ${stateDir}`, () => assert.throws(() => checkStateDir(stateDir), reason));
  }
  it("may have 87 characters", () => assert.doesNotThrow(() => checkStateDir(`/${"x".repeat(86)}`)));

  it("is left alone when something else is in it", async () => {
    mkdirSync(`${STATE}-other`, { recursive: true });
    writeFileSync(`${STATE}-other/precious`, "");
    const started = startEmbedded({ stateDir: `${STATE}-other`, lifetime: "process" });
    await assert.rejects(started, /exists and is not the state directory/);
    await stopEmbedded(`${STATE}-other`);
    assert.ok(existsSync(`${STATE}-other/precious`));
    await run("rm", ["-r", `${STATE}-other`]);
  });
});

describe("the record of an embedded libvirt", () => {
  it("is read also when the process's name holds brackets and spaces", () => {
    const fields = Array.from({ length: 30 }, (_, index) => index + 3).join(" ");
    assert.deepEqual(parseRecord(`detached 42 (a) (b c) ${fields}\n`), {
      lifetime: "detached",
      pid: 42,
      startTime: "22",
    });
  });

  it("never ends a later process that got the same id", async () => {
    const stranger = spawn("sleep", ["60"]);
    const line = readFileSync(`/proc/${String(stranger.pid)}/stat`, "utf8");
    mkdirSync(STATE, { recursive: true });
    writeFileSync(`${STATE}/.kvm-deploy-embedded`, "");
    writeFileSync(`${STATE}/record`, `detached ${line}`);
    assert.equal((await readLiveRecord(STATE))?.pid, stranger.pid);
    const startTime = line.split(" ")[21] ?? "";
    writeFileSync(`${STATE}/record`, `detached ${line.replace(` ${startTime} `, ` ${Number(startTime) - 1} `)}`);
    assert.equal(await readLiveRecord(STATE), undefined);
    await stopEmbedded(STATE);
    assert.ok(!existsSync(STATE));
    assert.equal(stranger.exitCode ?? stranger.signalCode, null);
    stranger.kill();
  });
});

describe("the embedded libvirt's HTTP server", () => {
  const cases = [
    { target: "/a/b.deb", file: "/srv/m/a/b.deb" },
    { target: "/a%2bb.deb?x=1", file: "/srv/m/a+b.deb" },
    { target: "/../m2/secret", file: undefined },
    { target: "/%2e%2e/secret", file: undefined },
    { target: "/%zz", file: undefined },
  ];
  for (const { target, file } of cases) {
    it(`answers ${target} with ${file ?? "nothing"}`, () => assert.equal(fileOf("/srv/m", target), file));
  }
});

describe("an embedded libvirt", () => {
  after(() => stopEmbedded(STATE));

  it("runs networks and guests for clients outside, and leaves nothing", async () => {
    const before = readdirSync("/sys/class/net");
    const embedded = await startEmbedded({
      stateDir: STATE,
      lifetime: "process",
      serve: { directory: __dirname, port: 8080 },
    });
    const network = networkOf(initOf(embedded));
    assert.match(await virsh(embedded, "pool-info", "default"), /Autostart: +yes/);
    assert.match(await virsh(embedded, "pool-dumpxml", "default"), new RegExp(`<path>${embedded.images}</path>`));
    await defined(embedded, "net-define", NETWORK);
    await virsh(embedded, "net-start", "lab");
    writeFileSync(`${embedded.images}/boot.img`, bootSector());
    await defined(embedded, "define", domain(`${embedded.images}/boot.img`));
    await virsh(embedded, "start", "halted");
    assert.equal(await virsh(embedded, "domstate", "halted"), "running");
    await assert.rejects(startEmbedded({ stateDir: STATE, lifetime: "process" }), /already running in/);

    const [enter = "", ...words] = embedded.enter;
    const url = "http://192.168.199.1:8080/embedded.test.ts";
    const fetched = `fetch("${url}").then((answer) => answer.text()).then((text) => process.stdout.write(text))`;
    const { stdout } = await run(enter, [...words, process.execPath, "-e", fetched]);
    assert.equal(stdout, readFileSync(__filename, "utf8"));

    assert.deepEqual(readdirSync("/sys/class/net"), before);
    assert.notDeepEqual(processesIn(network), []);
    await embedded.stop();
    assert.deepEqual(processesIn(network), []);
    assert.ok(!existsSync(STATE));
    await embedded.stop();
  });

  it("ends with the process that started it, also when that is killed", async () => {
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const child = await starter("process");
      const init = (await readLiveRecord(STATE))?.pid ?? 0;
      const network = networkOf(init);
      assert.equal(await findEmbedded(STATE), undefined);
      child.kill(signal);
      await until(() => processesIn(network).length === 0);
      await until(() => !existsSync(STATE));
    }
  });

  it("cleans up what a killed one left", async () => {
    const first = await startEmbedded({ stateDir: STATE, lifetime: "process" });
    writeFileSync(`${STATE}/images/left`, "");
    const status = readFileSync(`/proc/${initOf(first)}/status`, "utf8");
    const unshare = Number(/PPid:\s+(\d+)/.exec(status)?.[1]);
    const outer = Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${unshare}/status`, "utf8"))?.[1]);
    const network = networkOf(initOf(first));
    process.kill(outer, "SIGKILL");
    process.kill(unshare, "SIGKILL");
    await until(() => processesIn(network).length === 0);
    assert.ok(existsSync(`${STATE}/images/left`));
    const second = await startEmbedded({ stateDir: STATE, lifetime: "process" });
    assert.ok(!existsSync(`${STATE}/images/left`));
    await second.stop();
  });

  it("that is detached is found and stopped by another process", async () => {
    const child = await starter("detached");
    await until(() => child.exitCode === 0);
    const found = await findEmbedded(STATE);
    assert.ok(found);
    assert.match(await virsh(found, "pool-list"), /default/);
    await stopEmbedded(STATE);
    assert.equal(await findEmbedded(STATE), undefined);
    assert.ok(!existsSync(STATE));
  });

  it("that does not start says why", async () => {
    const started = startEmbedded({ stateDir: STATE, lifetime: "process", serve: { directory: "/", port: 70000 } });
    await assert.rejects(started, /the HTTP server ended at its start[^]*port[^]*70000/i);
    assert.ok(!existsSync(STATE));
  });
});
