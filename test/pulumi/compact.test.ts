import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { showConfiguration } from "../../provider/config/read";
import { makeDebianIso } from "../iso/debian-iso";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt } = host;
const passphrase = "pass-secret-93";

const compact = (iso: string, folder: string, sha256: string) => `
defaults: { memory: 64MiB, domainType: qemu, running: false, shutdownTimeout: 1s }
networks:
  cc-net: { mode: isolated, bridge: kd-cc, ipv4: { subnet: 10.250.93.0/24 } }
machines:
  cc-\${n}: { for: { n: 1..2 }, network: cc-net, address: "10.250.93.\${n+10}", disk: { size: 1MiB, format: raw } }
installers:
  cc-iso:
    source: { path: ${iso}, sha256: "${sha256}" }
    directory: ${folder}/isos
    system: { disk: { layout: encrypted, passphrase: !secret passphrase } }
`;

const deployment = `new kvm.Deployment("cc", kvm.loadConfig("compact.yaml"));`;

const server = `new kvm.Server("cc-srv", {
  memory: "64MiB", domainType: "qemu", running: false, shutdownTimeout: "1s",
  disks: { root: { size: "1MiB", format: "raw" } },
});`;

const written = `const root = new kvm.Volume("cc-srv-root", { size: "1MiB", format: "raw" });
new kvm.Machine("cc-srv", {
  memory: "64MiB", domainType: "qemu", running: false, shutdownTimeout: "1s", disks: [{ volume: root.id }],
});`;

describe("a compact configuration and a Server", () => {
  let stack: TestStack;
  let folder = "";
  let printed = "";
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-compact-"));
    const iso = path.join(folder, "debian.iso");
    makeDebianIso(iso);
    stack = await createStack({ connection, enter });
    await writeFile(path.join(stack.folder, "compact.yaml"), compact(iso, folder, await host.files.sha256(iso)));
    await stack.program(deployment + server);
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("need the secret that the file names, and say where", async () => {
    const { ok, text } = await stack.preview();
    assert.equal(ok, false);
    assert.match(text, /error: compact\.yaml:\d+:\d+: the stack has no secret "passphrase"/);
    assert.doesNotMatch(text, /\n\s+at /);
  });

  it("make their machines, volumes and ISOs, after which a preview changes nothing", async () => {
    await stack.configureSecret("passphrase", passphrase);
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    const up = await stack.up("--diff");
    assert.ok(up.ok, up.text);
    // A network, an ISO, three machines with a volume each, two components, and the stack.
    assert.deepEqual(up.changes, { create: 11 });
    const again = await stack.preview();
    assert.deepEqual(again.changes, { same: 11 }, again.text);
    printed = preview.text + up.text + again.text;
    const names = (await libvirt.list("domain")).map(({ name }) => name);
    assert.deepEqual(names.filter((name) => name.startsWith("cc-")).sort(), ["cc-1", "cc-2", "cc-srv"]);
  });

  it("keep the secret out of what is printed, and of the state in plain text", async () => {
    assert.ok(printed.includes("passphrase"), "the field is printed");
    assert.doesNotMatch(printed, new RegExp(passphrase));
    assert.doesNotMatch(await stack.state(), new RegExp(passphrase));
  });

  it("change nothing when they are written out", async () => {
    const file = path.join(stack.folder, "compact.yaml");
    const text = showConfiguration(file);
    assert.match(text, /passphrase: !secret passphrase/);
    await writeFile(file, text);
    await stack.program(deployment + written);
    const { ok, changes, text: diff } = await stack.preview();
    assert.ok(ok, diff);
    // Only the Server itself is left out, which is nothing on the host.
    assert.deepEqual(changes, { same: 10, delete: 1 }, diff);
  });
});
