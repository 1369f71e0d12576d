import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { before, beforeEach, describe, it } from "node:test";
import { el, render } from "../../../provider/format/xml";
import { forgetIso } from "../../../provider/iso/promised";
import { discardIso, receiptOf } from "../../../provider/iso/receipt";
import { withMark } from "../../../provider/libvirt/mark";
import type { Properties } from "../../../provider/resource/handler";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { installationOn, obtainInstaller, requireInstaller } from "../../../provider/resources/machine/guest/installer";
import { testContext } from "../../context";
import { makeDebianIso } from "../../iso/debian-iso";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";

const { connection, host } = site();
const { files, libvirt } = host;
const folder = scratchFolder();
const context = {
  ...testContext(connection, "urn:pulumi:test::test::kvm::deleted-iso"),
  // Each check here is that of one resource, which keeps its key.
  host: () => ({ ...host, newSecret: () => "a secret of the test" }),
};
const source = path.join(folder, "debian.iso");
makeDebianIso(source);
const sha256 = createHash("sha256").update(readFileSync(source)).digest("hex");
const uuid = "6e49e33c-c536-86ce-a16f-b435e19dc601";

const program = {
  name: "deleted",
  directory: folder,
  source: { path: source, sha256 },
  system: { hostname: "web", hostKeys: false },
};

async function inputsOf(change: Properties = {}, olds: Properties = {}): Promise<Properties> {
  const { inputs, failures } = await installerIso.check(olds, { ...program, connection, ...change }, context);
  assert.deepEqual(failures, []);
  return inputs;
}

async function defineMachine(phase: "ready" | "installing"): Promise<void> {
  const domain = el(
    "domain",
    { type: "qemu" },
    el("name", {}, "deleted-iso"),
    el("uuid", {}, uuid),
    el("memory", { unit: "MiB" }, "16"),
    el("os", {}, el("type", {}, "hvm")),
  );
  await libvirt.define("domain", render(withMark(domain, { owner: context.urn, identity: context.identity, phase })));
}

describe("an ISO that was deleted after the installation", () => {
  let iso = "";
  let state: Properties = {};
  const receiptFile = path.join(folder, "deleted.iso.installed.json");

  before(async () => {
    const { id, outputs } = await installerIso.create(await inputsOf(), context);
    [iso, state] = [id, outputs];
  });
  beforeEach(async () => {
    await defineMachine("ready");
    const installation = await obtainInstaller(host, iso, uuid, context);
    await discardIso(iso, { installation, machine: uuid }, host);
  });

  it("leaves a receipt without secrets, readable for us alone", async () => {
    assert.equal(await files.stat(iso), undefined);
    assert.equal((await receiptOf(iso, host))?.machine, uuid);
    assert.equal(statSync(`${iso}.installed.json`).mode & 0o777, 0o600);
  });

  it("is no drift, and no change while its machine is there", async () => {
    const read = await installerIso.read(iso, state, context);
    assert.deepEqual(read?.outputs, state);
    assert.equal((await installerIso.diff(iso, state, await inputsOf(), context)).changes, false);
  });

  it("is written again for its machine, or the one that takes its place, while its program has it", async () => {
    await requireInstaller(host, iso, uuid);
    assert.equal((await obtainInstaller(host, iso, uuid, context)).digest, state["digest"]);
    assert.equal(await receiptOf(iso, host), undefined);
  });

  it("can install no other machine while that one is there, and says what to do", async () => {
    const other = "6e49e33c-c536-86ce-a16f-b435e19dc602";
    const refusal =
      /installer: .*deleted\.iso was deleted after an installation\. Set `keep: true` at its InstallerIso/;
    await assert.rejects(requireInstaller(host, iso, other), refusal);
    await assert.rejects(obtainInstaller(host, iso, other, context), refusal);
    await inputsOf({ keep: true });
    await requireInstaller(host, iso, other);
    await inputsOf({ system: { hostname: "other", hostKeys: false } });
    await requireInstaller(host, iso, other);
    await libvirt.undefine("domain", uuid);
    await inputsOf();
    await requireInstaller(host, iso, other);
  });

  it("can't be written by a run that hasn't its InstallerIso, which says what to do", async () => {
    forgetIso(host, iso);
    const refusal =
      /installer: .*deleted\.iso was deleted after an installation\. Include its InstallerIso in this run/;
    await assert.rejects(requireInstaller(host, iso, uuid), refusal);
    await assert.rejects(obtainInstaller(host, iso, uuid, context), refusal);
    assert.equal(await installationOn(host, iso), undefined);
    await inputsOf();
  });

  it("is written again when its machine no longer exists", async () => {
    await libvirt.undefine("domain", uuid);
    const inputs = await inputsOf();
    const { changes, notes } = await installerIso.diff(iso, state, inputs, context);
    assert.equal(changes, true);
    assert.match(notes.join(), /is written again for the next one/);
    await installerIso.update(iso, state, inputs, context);
    assert.ok((await files.stat(iso))?.isFile);
    assert.equal(await receiptOf(iso, host), undefined);
  });

  it("is written again when it is to be kept from now on", async () => {
    const inputs = await inputsOf({ keep: true });
    assert.equal((await installerIso.diff(iso, state, inputs, context)).changes, true);
    await installerIso.update(iso, state, inputs, context);
    assert.equal((await installationOn(host, iso))?.keep, true);
  });

  const others = { ...context, urn: "urn:pulumi:test::test::kvm::other", identity: "another resource" };
  /** As the program of another stack has it. */
  const checkedByOther = async () => installerIso.check({}, { ...program, connection }, others);

  it("keeps its place: another resource's ISO is refused there, at preview too", async () => {
    const refusal =
      /deleted\.iso was deleted after an installation, but still belongs to another InstallerIso\. Choose another name/;
    const { inputs, failures } = await checkedByOther();
    assert.match(failures.map(({ reason }) => reason).join(), refusal);
    await assert.rejects(installerIso.create(inputs, others), refusal);
    assert.equal(await files.stat(iso), undefined);
  });

  it("keeps its receipt when another resource is deleted that had the same place", async () => {
    await installerIso.delete(iso, state, others);
    assert.equal((await receiptOf(iso, host))?.machine, uuid);
    await inputsOf();
  });

  it("keeps its receipt when another resource's ISO is written next to it", async () => {
    const receipt = readFileSync(receiptFile);
    await files.remove(receiptFile);
    const { inputs } = await checkedByOther();
    const { outputs } = await installerIso.create(inputs, others);
    await files.write(receiptFile, receipt);
    await installerIso.update(iso, outputs, { ...inputs, keep: true }, others);
    assert.equal((await receiptOf(iso, host))?.machine, uuid);
    await installerIso.delete(iso, outputs, others);
    assert.equal((await receiptOf(iso, host))?.machine, uuid);
    await inputsOf();
  });

  for (const [how, text] of [
    ["is no JSON", "{"],
    ["without the machine", "{}"],
    ["without the installation", JSON.stringify({ machine: uuid })],
    ["without part of the installation", JSON.stringify({ machine: uuid, installation: {} })],
  ] as const) {
    it(`is an error with the receipt's path where that ${how}`, async () => {
      await files.write(receiptFile, text);
      const refusal = /deleted\.iso\.installed\.json is damaged: .*delete it/;
      await assert.rejects(installerIso.read(iso, state, context), refusal);
      await assert.rejects(installerIso.delete(iso, state, context), refusal);
      assert.equal(await files.readTextIfPresent(receiptFile), text);
      await files.remove(receiptFile);
      await installerIso.create(await inputsOf(), context);
    });
  }

  it("leaves nothing when it is deleted", async () => {
    await installerIso.delete(iso, state, context);
    assert.equal(await receiptOf(iso, host), undefined);
    await libvirt.undefine("domain", uuid);
  });
});
