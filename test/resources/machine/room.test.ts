import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { unknownValue } from "../../../provider/resource/known";
import { machine } from "../../../provider/resources/machine/handler";
import { testContext } from "../../context";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";
import { Guest } from "./guests";
import { QuickInstaller } from "./quick-installer";

const { host, connection } = site();
const folder = scratchFolder();

describe("a machine that is too small for its installer", () => {
  let guest: Guest;
  let iso: QuickInstaller;
  let small = "";
  before(async () => {
    guest = await Guest.makeEmpty("room");
    small = await guest.makeVolume("small");
    iso = new QuickInstaller("room", folder);
  });
  after(async () => {
    await guest.remove();
    await iso.remove();
  });

  const context = testContext(connection, "urn:pulumi:test::test::kvm::room");
  const failures = async (given: object) => {
    const program = {
      connection,
      name: "room",
      domainType: "qemu",
      installer: iso.id,
      disks: [{ volume: guest.disk }],
    };
    return (await machine.check({}, { ...program, memory: "512MiB", ...given }, context)).failures;
  };
  const tooLittle = {
    property: "memory",
    reason:
      '459MiB is too little for the installer of Debian GNU/Linux 13.2.0 "Trixie", which needs 460MiB (with less, its low-memory mode leaves out components for partitioning). Give it 460MiB or more',
  };

  it("is an error at preview while its ISO is only promised: its source is on the host", async () => {
    await iso.checked("quick");
    assert.deepEqual(await failures({ memory: "459MiB" }), [tooLittle]);
    assert.deepEqual(await failures({ memory: "460MiB" }), []);
  });

  it("is an error at preview by the ISO's own record, also while the disk is unknown", async () => {
    await iso.up("quick");
    assert.deepEqual(await failures({ memory: "459MiB" }), [tooLittle]);
    assert.deepEqual(await failures({ memory: "459MiB", disks: [{ volume: unknownValue }] }), [tooLittle]);
    assert.deepEqual(await failures({ memory: unknownValue }), []);
  });

  it("is none if the guest has enough until its balloon driver works", async () => {
    assert.deepEqual(await failures({ memory: "459MiB", maxMemory: "512MiB" }), []);
  });

  it("is an error at preview by the size of its first disk", async () => {
    const found = await failures({ disks: [{ volume: small }] });
    assert.deepEqual(
      found.map(({ property }) => property),
      ["disks[0]"],
    );
    assert.match(
      found.map(({ reason }) => reason).join(),
      /^1MiB is too little for the installer of Debian .*, which needs 512MiB \(/,
    );
  });

  it("is an error at up before anything is made, if the disk was unknown at the preview", async () => {
    const inputs = { ...(await guest.checked({ installer: iso.id })), disks: [{ volume: small }] };
    await assert.rejects(machine.create(inputs, guest.context), /disks\[0\]: 1MiB is too little/);
    assert.equal(await host.libvirt.find("domain", "room"), undefined);
  });

  it("and so is one without the TPM that its encrypted disk is bound to", async () => {
    const disk = { layout: "encrypted", passphrase: "correct horse", unlock: { tpm2: true } };
    await iso.checked("quick", { system: { disk } });
    const missing = {
      property: "tpm",
      reason:
        "is missing: the installer binds the encrypted disk to a TPM 2.0. Give the machine one, such as `tpm: {}`, or remove `tpm2` from the InstallerIso's `system.disk.unlock`",
    };
    assert.deepEqual(await failures({}), [missing]);
    await iso.up("quick", { system: { disk } });
    assert.deepEqual(await failures({}), [missing]);
    assert.deepEqual(await failures({ tpm: {} }), []);
    const overlay = '<domain><devices><tpm model="tpm-tis"><backend type="emulator"/></tpm></devices></domain>';
    assert.deepEqual(await failures({ xml: { overlay } }), []);
    assert.deepEqual(await failures({ tpm: unknownValue }), []);
  });
});
