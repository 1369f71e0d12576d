import assert from "node:assert/strict";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { cutOffAfter } from "../cut-off";
import { connection, contentOf, contextOf, definitionOf, host, made, refusals, urnOf } from "./site";

const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-cut-off-"));
after(() => {
  rmSync(folder, { recursive: true });
});
const content = path.join(folder, "content.raw");
const text = "all of it";
const name = "unit-cut";

/** The ways in which a volume is made, each with what it has to contain in the end. */
const ways: Readonly<Record<string, { readonly given: Properties; readonly begins: string }>> = {
  "an empty volume": { given: { size: "4MiB" }, begins: "\0" },
  "a volume with the content of a file": {
    given: { format: "raw", size: "8MiB", source: { path: content } },
    begins: text,
  },
  "a clone": { given: { format: "raw", size: "8MiB", source: { volume: "default/unit-original" } }, begins: text },
};

describe("a create that was interrupted after any change is continued by the next", () => {
  let original: Awaited<ReturnType<typeof made>> | undefined;
  before(async () => {
    writeFileSync(content, text);
    truncateSync(content, 2 ** 22);
    original = await made({ name: "unit-original", format: "raw", source: { path: content } });
  });
  after(async () => {
    await original?.remove();
  });

  for (const [way, { given, begins }] of Object.entries(ways)) {
    it(way, async () => {
      const context = contextOf(name);
      const { inputs } = await volume.check({}, { connection, name, ...given }, context);
      let changes = 0;
      for (; changes < 100; changes += 1) {
        const cut = cutOffAfter(changes, connection, urnOf(name));
        const first = await volume.create(inputs, cut).catch(() => undefined);
        if (first !== undefined) break;
        assert.deepEqual(
          await refusals({ name, ...given }, {}, name),
          [],
          `after ${changes} changes, the next preview`,
        );
        const { id, outputs } = await volume.create(inputs, context);
        const { path: image, format } = outputs as { path: string; format: "raw" | "qcow2" };
        assert.equal((await contentOf(image, format, begins.length)).toString(), begins, `after ${changes} changes`);
        assert.deepEqual(
          (await host.libvirt.volumes("default")).filter((other) => other.startsWith(name)),
          [name],
        );
        assert.equal(outputs["capacity"], inputs["size"], `after ${changes} changes`);
        const { owner, identity, note } = (await host.ledger.entry("volume", id)) ?? {};
        assert.deepEqual(
          { owner, identity, note },
          { owner: context.urn, identity: context.identity, note: undefined },
        );
        await volume.delete(id, outputs, context);
      }
      assert.ok(changes > 2 && changes < 100, `it takes ${changes} changes`);
      await volume.delete(`default/${name}`, inputs, context);
      assert.equal(await definitionOf(name), undefined);
    });
  }
});

describe("a volume that can't be made completely", () => {
  it("is removed again, and so is its place in the ledger", async () => {
    const source = { path: content };
    writeFileSync(content, text);
    await assert.rejects(made({ name, format: "raw", size: "8191TiB", source }), /larger than a file may be|space/);
    assert.equal(await definitionOf(name), undefined);
    assert.equal(await host.ledger.entry("volume", `default/${name}`), undefined);
  });
});
