import assert from "node:assert/strict";
import { it } from "node:test";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { machine } from "../../../provider/resources/machine/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { testContext } from "../../context";
import { debianIso, site } from "../../site";

const { connection, host } = site();

it("an installer whose kernel panics is an error at once, and the machine is kept to be continued", async () => {
  const urn = "urn:pulumi:test::test::kvm::panics";
  const context = testContext(connection, urn);
  // Without a first program the kernel panics.
  const system = { kernelArguments: ["console=ttyS0,115200", "no_timer_check", "rdinit=/nowhere"] };
  const iso = await installerIso.create(
    { connection, name: "panics", source: await debianIso(host.files), system },
    context,
  );
  const disk = await volume.create({ connection, name: "panics", size: "512MiB" }, context);
  const inputs = { connection, name: "panics", memory: "512MiB", disks: [{ volume: disk.id }], installer: iso.id };
  try {
    await assert.rejects(machine.create(inputs, context), (error: Error & { outputs?: Record<string, unknown> }) => {
      assert.match(error.message, /machine "panics" powered off before its installation was complete/);
      assert.equal(error.outputs?.["pending"], true);
      return true;
    });
    assert.match((await host.files.readTextIfPresent(`${host.directories.consoles}/panics.log`)) ?? "", /Kernel panic/);
  } finally {
    const entry = await host.libvirt.find("domain", "panics");
    if (entry !== undefined) await machine.delete(entry.uuid, { ...inputs, macAddresses: [] }, context);
    await volume.delete(disk.id, disk.outputs, context);
    await installerIso.delete(iso.id, iso.outputs, context);
  }
});
