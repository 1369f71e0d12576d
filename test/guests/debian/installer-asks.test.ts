import assert from "node:assert/strict";
import { it } from "node:test";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { emulated } from "../../../tools/demo/site";
import { testContext } from "../../context";
import { debianIso, site } from "../../site";
import { makeNetwork } from "../../resources/machine/guests";

const { connection, host } = site();

it("an installer that asks a question is an error with what its console and its display show", async () => {
  const context = testContext(connection, "urn:pulumi:test::test::kvm::asks");
  const iso = await installerIso.create(
    { connection, name: "asks", source: await debianIso(host.files), system: emulated.system, debian: emulated.debian },
    context,
  );
  const disk = await volume.create({ connection, name: "asks", size: "1GiB" }, context);
  const base = { connection, name: "asks", memory: "1GiB", disks: [{ volume: disk.id }], installer: iso.id };
  // In this network nothing gives an address.
  const removeNetwork = await makeNetwork("asks");
  const nics = [{ network: "asks" }];
  const inputs = { ...base, nics, stallTimeout: "5m", graphics: { type: "vnc" }, video: "vga" };
  const picture = `${host.directories.consoles}/asks.installer.png`;
  try {
    await assert.rejects(machine.create(inputs, context), (error: Error) => {
      assert.match(
        error.message,
        /^the installation of machine "asks" stands still at the stage "hardware and network"/,
      );
      assert.match(error.message, /: the installer asks "Configure the network"\. For 1 min/);
      assert.match(error.message, /autoconfiguration failed/);
      assert.ok(error.message.includes(`a picture of its display is ${picture}`));
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
    assert.match(context.said.join("\n"), /the console of machine "asks" shows:\n.*\[!+\]/s);
    assert.deepEqual((await host.files.readFrom(picture, 0, 4)).toString("latin1"), "\x89PNG");
  } finally {
    const entry = await host.libvirt.find("domain", "asks");
    if (entry !== undefined) await machine.delete(entry.uuid, { ...inputs, macAddresses: [] }, context);
    await volume.delete(disk.id, disk.outputs, context);
    await installerIso.delete(iso.id, iso.outputs, context);
    await removeNetwork();
  }
  assert.equal(await host.files.stat(picture), undefined);
});
