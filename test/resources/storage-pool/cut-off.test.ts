import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storagePool } from "../../../provider/resources/storage-pool/handler";
import { testContext } from "../../context";
import { withScratchFolder } from "../../iso/host";
import { site } from "../../site";
import { cutOffAfter } from "../cut-off";

const { connection, host } = site();
const urn = "urn:pulumi:test::test::kvm:StoragePool::cut";

describe("the create of a storage pool that was interrupted after any change", () => {
  it("is continued by the next, and the directory still goes with the pool", async () => {
    const context = testContext(connection, urn);
    await withScratchFolder(async (folder) => {
      const given = { connection, name: "unit-cut", path: `${folder}/pool` };
      let changes = 0;
      for (; changes < 100; changes += 1) {
        const { inputs, failures } = await storagePool.check({}, given, context);
        assert.deepEqual(failures, [], `after ${changes} changes, the next preview`);
        const cut = cutOffAfter(changes, connection, urn);
        const first = await storagePool.create(inputs, cut).catch(() => undefined);
        const { id, outputs } = first ?? (await storagePool.create(inputs, context));
        const pools = (await host.libvirt.list("pool")).filter(({ name }) => name === "unit-cut");
        assert.deepEqual(pools, [{ name: "unit-cut", uuid: id, isActive: true }], `after ${changes} changes`);
        await storagePool.delete(id, outputs, context);
        assert.equal(await host.files.stat(given.path), undefined, `after ${changes} changes its directory is left`);
        if (first !== undefined) break;
      }
      assert.ok(changes > 2 && changes < 100, `it takes ${changes} changes`);
    });
  });
});
