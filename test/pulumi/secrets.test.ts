import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { makeDebianIso } from "../iso/debian-iso";
import { site } from "../site";
import { createStack, type TestStack } from "./support";
import { argumentsOfAll } from "../process-arguments";

const { connection, enter, host } = site();
const hash = "$6$saltsalt$KbXmXJQHxyB0YXrMV0Zr1dkyE9iG4MJZkLw4lPpRNDKV3X0sFYyE1nLr5VwGQh9Y0kS7dO2uT8jCq6aWb3eZf1";

interface Computed {
  readonly digestKey?: object;
  readonly madeHostKeys?: object;
}

interface ExportedResource {
  readonly type: string;
  readonly inputs?: Computed;
  readonly outputs?: Computed & { readonly graphics?: object; readonly xml?: object };
}

describe("keys and password hashes that the program gives in plain text", () => {
  let stack: TestStack;
  let folder = "";
  let secrets: string[] = [];
  let printed = "";
  let seenArguments = "";

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-secrets-"));
    const key = path.join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
    const privateKey = readFileSync(key, "utf8");
    secrets = [
      privateKey.split("\n")[2] ?? "",
      "BEGIN OPENSSH PRIVATE KEY",
      hash,
      "template-secret-42",
      "Gu3ssMe9",
      "overlay-secret-43",
      "script-secret-42",
      "pass-secret-42",
      "late-secret-42",
    ];
    const iso = path.join(folder, "debian.iso");
    makeDebianIso(iso);
    writeFileSync(
      path.join(folder, "overlay.hbs"),
      '<domain><metadata><o:note xmlns:o="urn:secrets-test">{{note}}</o:note></metadata></domain>',
    );
    const sha256 = await host.files.sha256(iso);
    stack = await createStack({ connection, enter });
    await stack.program(`
      const installer = new kvm.InstallerIso("secret", {
        source: { path: "${iso}", sha256: "${sha256}" }, directory: "${folder}/isos",
        system: { hostname: "secret", rootPassword: "${hash}", hostKeys: { ed25519: ${JSON.stringify(privateKey)} },
          users: [{ name: "admin", password: "${hash}" }], scripts: { after: ["echo script-secret-42"] },
          disk: { layout: "encrypted", passphrase: "pass-secret-42" } },
        debian: { lateCommands: ["echo late-secret-42"] },
        data: { note: "template-secret-42" },
      });
      new kvm.InstallerIso("secret-made", {
        source: { path: "${iso}", sha256: "${sha256}" }, directory: "${folder}/isos", system: { hostname: "made" },
      });
      new kvm.Machine("secret-screen", {
        memory: "64MiB", domainType: "qemu", shutdownTimeout: "1s", graphics: { type: "vnc", password: "Gu3ssMe9" },
        xml: { template: "${folder}/overlay.hbs", data: { note: "overlay-secret-43" } },
      });
      exports.hostKeys = installer.hostKeys;
    `);
    const watch = setInterval(() => (seenArguments += argumentsOfAll()), 20);
    const preview = await stack.preview();
    const up = await stack.up("--diff");
    clearInterval(watch);
    assert.ok(up.ok, up.text);
    printed = preview.text + up.text + (await stack.refresh()).text;
  });
  after(async () => {
    await stack.destroy();
    await stack.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const holds = (text: string) => secrets.filter((secret) => text.includes(secret));

  it("are in no output of preview, up and refresh", () => {
    assert.match(printed, /\[secret\]/);
    assert.deepEqual(holds(printed), []);
  });

  it("are encrypted in the state", async () => {
    const state = await stack.state();
    assert.match(state, /"digest"/);
    const { deployment } = JSON.parse(state) as { deployment: { resources: ExportedResource[] } };
    const iso = deployment.resources.find(({ type }) => type.endsWith("kvm:InstallerIso"));
    for (const kept of [iso?.inputs, iso?.outputs])
      assert.ok(Object.hasOwn(kept?.digestKey ?? {}, "ciphertext"), "the digest's key is not encrypted");
    const made = deployment.resources.filter((each) => each.inputs?.madeHostKeys !== undefined);
    assert.equal(made.length, 1);
    for (const kept of made.flatMap(({ inputs, outputs }) => [inputs, outputs]))
      assert.ok(Object.hasOwn(kept?.madeHostKeys ?? {}, "ciphertext"), "host keys that were made are not encrypted");
    const machine = deployment.resources.find(({ type }) => type.endsWith("kvm:Machine"));
    for (const kept of [machine?.outputs?.graphics, machine?.outputs?.xml])
      assert.ok(Object.hasOwn(kept ?? {}, "ciphertext"), "what may hold a secret is not encrypted as a whole");
    assert.deepEqual(holds(state), []);
  });

  it("are no difference after the refresh", async () => {
    const { ok, changes, text } = await stack.preview();
    assert.ok(ok && changes["update"] === undefined && changes["replace"] === undefined, text);
  });

  it("are in no process's arguments", () => {
    assert.match(seenArguments, /xorriso/);
    assert.deepEqual(holds(seenArguments), []);
  });

  it("are in the machine's definition, which only who may manage it can read with them", async () => {
    const { uuid = "" } = (await host.libvirt.find("domain", "secret-screen")) ?? {};
    assert.deepEqual(holds((await host.libvirt.definition("domain", uuid)) ?? ""), ["Gu3ssMe9", "overlay-secret-43"]);
  });

  it("are in the ISO, which only root and the hypervisor can read", () => {
    assert.match(execFileSync("stat", ["-c", "%a", `${folder}/isos/secret.iso`], { encoding: "utf8" }), /^600\n$/);
  });
});
