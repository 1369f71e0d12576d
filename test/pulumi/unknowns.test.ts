import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { makeDebianIso } from "../iso/debian-iso";
import { scratchFolder } from "../iso/host";
import { site } from "../site";
import { late } from "./programs";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const folder = scratchFolder();
const iso = path.join(folder, "source.iso");

/** One of each resource, with values that are unknown while the upstream resource is made anew. */
interface Given {
  readonly when: number;
  readonly network?: string;
  readonly machine?: string;
}

describe("values that are unknown at preview", () => {
  let stack: TestStack;
  let sha256 = "";
  before(async () => {
    makeDebianIso(iso);
    sha256 = await host.files.sha256(iso);
    stack = await createStack({ connection, enter });
    await program({ when: 1 });
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
  });

  const program = ({ when, network = "", machine = "" }: Given) =>
    stack.program(`${late}
      const upstream = new Late("late", "x", ${when});
      const later = (value) => upstream.out.apply(() => value);
      new kvm.StoragePool("later-pool", { path: "${folder}/pool", autostart: later(true) });
      const root = new kvm.Volume("later-root", { format: "raw", size: later("1MiB") });
      const net = new kvm.Network("later-net", {
        mode: "isolated", domain: { name: later("later.test") }, allowRestart: later(false),
        ipv4: { subnet: "10.250.94.0/24", dhcp: { ranges: [{ start: "10.250.94.100", end: later("10.250.94.110") }] } },
        ${network}
      });
      new kvm.InstallerIso("later-iso", {
        source: { path: "${iso}", sha256: "${sha256}" }, system: { hostname: later("later") },
      });
      new kvm.Machine("later-vm", {
        domainType: "qemu", shutdownTimeout: "1s", forceOff: true, memory: later("64MiB"), allowRestart: later(false),
        disks: [{ volume: root.id, cache: later("none") }], nics: [{ network: net.name, address: later("10.250.94.10") }],
        ${machine}
      });
    `);

  it("replace nothing, and are told as what they may do", async () => {
    await program({ when: 2 });
    const { ok, text, changes } = await stack.preview();
    assert.ok(ok, text);
    assert.equal(changes["replace"], 1, text);
    const told = text.split("\n").filter((line) => /warning: later-/.test(line));
    assert.ok(told.length >= 5, text);
    for (const line of told) assert.match(line, /: may .*; known when it is applied$/);
  });

  it("hide no failure beside them", async () => {
    await program({
      when: 2,
      network: 'routes: [{ destination: "10.9.0.0/24", gateway: "10.8.0.1" }],',
      machine: "vcpus: 4, maxVcpus: 2,",
    });
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /routes\[0\]\.gateway: 10\.8\.0\.1 is not in the network's own IPv4 subnet/);
    await program({ when: 2, machine: "vcpus: 4, maxVcpus: 2," });
    const beside = await stack.preview();
    assert.match(beside.text, /maxVcpus: 2 is less than vcpus, 4/);
  });

  it("come to nothing at `up` when they are as they were", async () => {
    await program({ when: 2 });
    const { ok, text, changes } = await stack.up();
    assert.ok(ok, text);
    assert.deepEqual(changes, { replace: 1, same: 6 });
  });
});
