/** Runs in a guest that has a volume group: see volume-group.test.ts. */
import assert from "node:assert/strict";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import type { Created, Handler, Properties } from "../../../provider/resource/handler";
import { storagePool } from "../../../provider/resources/storage-pool/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, host } = site();

/** A resource as the engine would have it. */
class Thing {
  readonly #context;
  inputs: Properties = {};
  made: Created = { id: "", outputs: {} };

  constructor(
    readonly handler: Handler,
    readonly given: Properties,
  ) {
    this.#context = testContext(connection, `urn:pulumi:test::test::kvm::${String(given["name"])}`);
  }

  async check(given: Properties, olds: Properties = {}): Promise<void> {
    const { inputs, failures } = await this.handler.check(olds, { connection, ...given }, this.#context);
    assert.deepEqual(failures, []);
    this.inputs = inputs;
  }

  async refusals(given: Properties): Promise<string[]> {
    const news = { connection, ...this.given, ...given };
    const { failures } = await this.handler.check(this.inputs, news, this.#context);
    return failures.map(({ property, reason }) => `${property}: ${reason}`);
  }

  async create(): Promise<void> {
    await this.check(this.given);
    this.made = await this.handler.create(this.inputs, this.#context);
    await this.isUnchanged();
  }

  /** Neither a preview nor a refresh shows a difference. */
  async isUnchanged(): Promise<void> {
    const { id, outputs } = this.made;
    const seen = await this.handler.read(id, outputs, this.#context);
    for (const state of [outputs, seen?.outputs ?? {}])
      assert.deepEqual(await this.handler.diff(id, state, this.inputs, this.#context), {
        ...{ changes: false, replaces: [], notes: [] },
      });
  }

  async update(given: Properties): Promise<void> {
    const { id, outputs } = this.made;
    await this.check({ ...this.given, ...given }, this.inputs);
    this.made = { id, outputs: await this.handler.update(id, outputs, this.inputs, this.#context) };
    await this.isUnchanged();
  }

  async isThere(): Promise<boolean> {
    return (await this.handler.read(this.made.id, this.made.outputs, this.#context)) !== undefined;
  }

  delete(): Promise<void> {
    return this.handler.delete(this.made.id, this.made.outputs, this.#context);
  }
}

const MiB = 2 ** 20;
const tell = async (what: string, name: string) =>
  (await host.run("lvs", ["--noheadings", "--nosuffix", "--units", "b", "-o", what, `group/${name}`])).stdout.trim();

describe("a volume group", () => {
  const pool = new Thing(storagePool, { name: "vg", logical: { volumeGroup: "group" } });
  const inPool = (name: string, more: Properties) => new Thing(volume, { name, pool: "vg", format: "raw", ...more });
  const data = inPool("data", { size: "10MiB" });
  const copy = inPool("copy", { source: { volume: "vg/data" } });

  before(() => pool.create());
  after(async () => {
    await pool.delete();
    assert.match((await host.run("vgs", ["--noheadings", "-o", "name"])).stdout, /group/, "the group itself stays");
  });

  it("is a pool whose volumes are logical volumes with all of their space", async () => {
    await data.create();
    assert.equal(data.made.outputs["path"], "/dev/group/data");
    assert.equal(await tell("lv_size", "data"), String(12 * MiB), "of whole extents");
    assert.equal(await tell("lv_layout", "data"), "linear");
  });

  it("keeps what is written to them, and copies it", async () => {
    const text = Buffer.alloc(9 * MiB, "kept ");
    writeFileSync("/dev/group/data", text, { flag: "r+" });
    await copy.create();
    assert.ok(readFileSync("/dev/group/copy").subarray(0, text.length).equals(text));
  });

  it("gives one the size that is wanted, also where its content has less, and every byte of it", async () => {
    await host.files.withTemporaryDirectory(async (folder) => {
      const image = `${folder}/image`;
      writeFileSync(image, "");
      truncateSync(image, 6 * MiB);
      const filled = inPool("filled", { size: "8MiB" });
      await filled.create();
      writeFileSync("/dev/group/filled", Buffer.alloc(8 * MiB, "old"), { flag: "r+" });
      await filled.delete();
      const zeros = inPool("filled", { source: { path: image }, size: "8MiB" });
      await zeros.create();
      assert.equal(await tell("lv_size", "filled"), String(8 * MiB));
      assert.ok(
        readFileSync("/dev/group/filled")
          .subarray(0, 6 * MiB)
          .every((byte) => byte === 0),
      );
      await zeros.delete();
    });
  });

  it("says how one grows, which libvirt can't do, and goes on from there", async () => {
    const [refusal = ""] = await data.refusals({ size: "20MiB" });
    const [, command = ""] = /libvirt can't grow .* \(a volume group: (lvextend .*)\), run/.exec(refusal) ?? [];
    await host.run("sh", ["-c", `${command} && virsh -q pool-refresh vg`]);
    await data.update({ size: "20MiB" });
    assert.equal(await tell("lv_size", "data"), String(20 * MiB));
    assert.match(readFileSync("/dev/group/data").subarray(0, 5).toString(), /^kept $/);
  });

  it("holds raw volumes only, and is not let go while it has some", async () => {
    await assert.rejects(inPool("wrong", { format: "qcow2", size: "1MiB" }).create(), /Set format to "raw"/);
    await assert.rejects(pool.delete(), /still has volumes: copy, data/);
  });

  it("gets the space back when they are deleted", async () => {
    for (const one of [data, copy]) {
      await one.delete();
      assert.equal(await one.isThere(), false);
    }
    assert.equal((await host.run("lvs", ["--noheadings"])).stdout, "");
  });
});
