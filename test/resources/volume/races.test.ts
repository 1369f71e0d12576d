import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { volume } from "../../../provider/resources/volume/handler";
import { withHook } from "../../virsh-hook";
import { bytesOnHost, connection, host, made } from "./site";

const { libvirt } = host;
const MiB = 2 ** 20;

describe("a volume that grows while a machine with it", () => {
  const name = "races-grows";
  let root: Awaited<ReturnType<typeof made>>;
  let uuid: string;

  beforeEach(async () => {
    root = await made({ name, format: "raw", size: "1MiB" });
    const disk = `<disk type="file"><source file="${String(root.outputs["path"])}"/><target dev="vda" bus="virtio"/></disk>`;
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>${name}</name><memory unit="MiB">64</memory><os><type>hvm</type></os><devices>${disk}</devices></domain>`,
    );
    uuid = (await libvirt.find("domain", name))?.uuid ?? "";
  });
  afterEach(async () => {
    await libvirt.stop("domain", uuid);
    await libvirt.undefine("domain", uuid);
    await root.remove();
  });

  const grow = async () => {
    const { inputs } = await volume.check(root.inputs, { connection, name, format: "raw", size: "2MiB" }, root.context);
    await volume.update(root.id, root.outputs, inputs, root.context);
  };
  const seen = async () => {
    const { stdout } = await host.run("virsh", ["-q", "-c", connection, "domblkinfo", name, "vda"]);
    return Number(/Capacity:\s*(\d+)/.exec(stdout)?.[1]);
  };

  it("goes off, grows by itself", async () => {
    await libvirt.start("domain", uuid);
    await withHook(connection, { when: "before", command: "blockresize", script: `$VIRSH destroy ${name}` }, grow);
    assert.equal(await libvirt.isActive("domain", uuid), false);
    assert.equal(await bytesOnHost(name), 2 * MiB);
  });

  for (const when of ["before", "after"] as const)
    it(`starts, ${when} the image itself grows, grows for it`, async () => {
      await withHook(connection, { when, command: "vol-resize", script: `$VIRSH start ${name}` }, grow);
      assert.equal(await libvirt.isActive("domain", uuid), true);
      assert.equal(await seen(), 2 * MiB);
      assert.equal(await bytesOnHost(name), 2 * MiB);
    });

  it("can't be grown for another reason, is not grown, and says so once", async () => {
    await libvirt.start("domain", uuid);
    const { blockCopy } = {
      blockCopy: ["blockcopy", name, "vda", `${String(root.outputs["path"])}.copy`, "--transient-job"],
    };
    await host.run("virsh", ["-q", "-c", connection, ...blockCopy]);
    await assert.rejects(grow(), /copy|in use/);
    assert.equal(await bytesOnHost(name), MiB);
  });
});
