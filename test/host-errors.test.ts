import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "../provider/host/run";
import { openVirsh } from "../provider/libvirt/virsh";
import type { Handler, Properties } from "../provider/resource/handler";
import { installerIso } from "../provider/resources/installer-iso/handler";
import { machine } from "../provider/resources/machine/handler";
import { network } from "../provider/resources/network/handler";
import { volume } from "../provider/resources/volume/handler";
import { testContext } from "./context";
import { site } from "./site";

const { connection, host } = site();
const { libvirt, files } = host;

/** What the check of a new resource says, as the preview shows it. */
async function refusalOf(handler: Handler, inputs: Properties): Promise<string> {
  const { failures } = await handler.check({}, inputs, testContext(connection));
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}

async function creationOf(handler: Handler, inputs: Properties) {
  const context = testContext(connection);
  const checked = await handler.check({}, inputs, context);
  assert.deepEqual(checked.failures, []);
  return handler.create(checked.inputs, context);
}

describe("what the host can't do is told in the user's words", () => {
  let folder = "";

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-errors-"));
    await libvirt.define("network", "<network><name>err-taken</name></network>");
    await libvirt.define(
      "domain",
      "<domain type='qemu'><name>err-taken</name><memory>65536</memory><os><type>hvm</type></os></domain>",
    );
    await libvirt.createVolume("default", "<volume><name>err-taken</name><capacity>1048576</capacity></volume>");
  });
  after(async () => {
    for (const kind of ["network", "domain"] as const) {
      const entry = await libvirt.find(kind, "err-taken");
      if (entry !== undefined) await libvirt.undefine(kind, entry.uuid);
    }
    await libvirt.deleteVolume("default", "err-taken");
    rmSync(folder, { recursive: true, force: true });
  });

  it("a libvirt that isn't there, at preview", async () => {
    const nowhere = "qemu:///system?socket=/nowhere/libvirt-sock";
    const refusal = await refusalOf(network, { name: "n", connection: nowhere, mode: "isolated" });
    assert.match(refusal, /libvirt does not answer at \/nowhere\/libvirt-sock\. Start it/);
  });

  it("a user without the right to use libvirt", async () => {
    const locked = path.join(folder, "locked");
    await run("install", ["-d", "-m", "700", locked]);
    const asNobody = ["--reuid=65534", "--clear-groups"];
    const other = openVirsh(`qemu:///system?socket=${locked}/libvirt-sock`, {
      run: (program, args, options) => run("setpriv", [...asNobody, program, ...args], options),
      openSession: (program, args, env) => host.openSession("setpriv", [...asNobody, program, ...args], env),
      files,
    });
    await assert.rejects(
      other.list("domain"),
      /this user may not use libvirt\. Run as root, or join the group libvirt/,
    );
  });

  it("names that are in use, at preview", async () => {
    assert.match(
      await refusalOf(network, { name: "err-taken", mode: "isolated" }),
      /^name: a network named "err-taken" exists already, and kvm-deploy did not make it\. To take it over as it is, set adopt to true/,
    );
    assert.match(
      await refusalOf(machine, { name: "err-taken", memory: "64MiB" }),
      /^name: a machine named "err-taken" exists already/,
    );
    assert.match(
      await refusalOf(volume, { name: "err-taken", size: "1MiB" }),
      /^name: a volume "err-taken" in pool "default" exists already, .* To take it over as it is, set adopt to true/,
    );
  });

  it("a pool, a volume or a network that doesn't exist, with those that do", async () => {
    await assert.rejects(
      creationOf(volume, { name: "v", pool: "nowhere", size: "1MiB" }),
      /pool: the host has no storage pool "nowhere"; it has .*default/,
    );
    const disks = [{ volume: "default/err-missing" }];
    await assert.rejects(
      creationOf(machine, { name: "err-m", memory: "64MiB", disks }),
      /disks\[0\]\.volume: the host has no volume "default\/err-missing"/,
    );
    const nics = [{ network: "err-missing" }];
    await assert.rejects(
      creationOf(machine, { name: "err-m", memory: "64MiB", nics }),
      /nics\[0\]\.network: the host has no network "err-missing"; it has .*err-taken/,
    );
  });

  it("an installer ISO that is missing, of no known family, or not what its sum says", async () => {
    const source = (file: string, sum: string) => ({ name: "i", source: { path: file, sha256: sum }, debian: {} });
    const sum = "0".repeat(64);
    assert.match(await refusalOf(installerIso, source("/nowhere.iso", sum)), /\/nowhere\.iso/);
    const other = path.join(folder, "other.iso");
    writeFileSync(path.join(folder, "readme"), "not an installer");
    const boot = ["-boot_image", "any", "bin_path=/readme", "-boot_image", "any", "cat_path=/boot.cat"];
    const content = ["-volid", "OTHER", "-map", path.join(folder, "readme"), "/readme"];
    execFileSync("xorriso", ["-outdev", other, ...content, ...boot], { stdio: "ignore" });
    assert.match(
      await refusalOf(installerIso, source(other, sum)),
      /"OTHER".* is not an installer that is known; looked for debian/,
    );
  });

  it("a file system without room for the ISO", async () => {
    const small = path.join(folder, "small");
    await run("install", ["-d", small]);
    await run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", small]);
    try {
      await assert.rejects(
        files.write(path.join(small, "big"), Buffer.alloc(200_000)),
        /cannot write .*: no space left\. Free space/,
      );
      assert.deepEqual(await files.list(small), []);
    } finally {
      await run("umount", [small]);
    }
  });
});
