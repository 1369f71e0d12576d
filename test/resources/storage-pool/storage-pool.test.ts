import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storagePool } from "../../../provider/resources/storage-pool/handler";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();
const { libvirt, files } = host;

describe("a storage pool", () => {
  const context = testContext(connection, "urn:pulumi:test::test::kvm::pool-unit");

  it("is made with its folder, read back, and goes with it when it is empty", async () => {
    await host.files.withTemporaryFolder(async (folder) => {
      const path = `${folder}/pool`;
      const { inputs } = await storagePool.check({}, { name: "unit-pool", path }, context);
      const made = await storagePool.create(inputs, context);
      assert.ok(await files.stat(path));
      assert.deepEqual((await storagePool.read(made.id, made.outputs, context))?.inputs, inputs);
      await storagePool.delete(made.id, made.outputs, context);
      assert.equal(await libvirt.find("pool", "unit-pool"), undefined);
      assert.equal(await files.stat(path), undefined);
    });
  });

  it("is not deleted while it holds a volume", async () => {
    await host.files.withTemporaryFolder(async (folder) => {
      const { inputs } = await storagePool.check({}, { name: "unit-full", path: `${folder}/pool` }, context);
      const made = await storagePool.create(inputs, context);
      await libvirt.createVolume(made.id, "<volume><name>data</name><capacity>1048576</capacity></volume>");
      await assert.rejects(
        storagePool.delete(made.id, made.outputs, context),
        /still holds volumes: data\. Move or delete them first/,
      );
      await libvirt.deleteVolume(made.id, "data");
      await storagePool.delete(made.id, made.outputs, context);
    });
  });

  it("that somebody else made is a conflict, which says how to use it", async () => {
    const { failures } = await storagePool.check({}, { name: "default", path: "/somewhere" }, context);
    assert.match(
      failures[0]?.reason ?? "",
      /exists already.*leave this StoragePool out and name the pool in the volumes/,
    );
  });
});
