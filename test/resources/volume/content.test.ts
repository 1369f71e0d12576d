import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { volume } from "../../../provider/resources/volume/handler";
import { bytesOnHost, contentOf, contextOf, definitionOf, host, made, refusals, withGuest } from "./site";

const MiB = 2 ** 20;
const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-content-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** A file of random bytes, followed by a hole. */
function rawFile(name: string, bytes = 4 * MiB): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  truncateSync(file, bytes);
  return file;
}
const text = "this is what the disk starts with";
const isContent = async (disk: unknown, format: "raw" | "qcow2") => {
  assert.equal((await contentOf(String(disk), format, text.length)).toString(), text);
};

async function qcow2File(name: string, ...options: string[]): Promise<string> {
  const file = path.join(folder, name);
  await host.run("qemu-img", ["convert", "-f", "raw", "-O", "qcow2", ...options, rawFile(`${name}.raw`), file]);
  return file;
}

const sumOf = (file: string) => host.files.sha256(file);

describe("a volume with the content of a file", () => {
  it("has its bytes and its size, and takes no space for its holes", async () => {
    const { outputs, inputs, id, context, remove } = await made({
      name: "unit-content",
      format: "raw",
      source: { path: rawFile("a.raw", 64 * MiB) },
    });
    await isContent(outputs["path"], "raw");
    assert.equal(outputs["capacity"], "64MiB");
    assert.ok((await bytesOnHost("unit-content", "allocation")) < MiB);
    assert.deepEqual((await volume.read(id, outputs, context))?.inputs, inputs);
    await remove();
  });

  it("in qcow2 keeps the image's own size, or grows to the one given", async () => {
    const file = await qcow2File("a.qcow2");
    for (const [size, capacity] of [[undefined, "4MiB"] as const, ["16MiB", "16MiB"] as const]) {
      const given = { name: "unit-qcow2", source: { path: file }, ...(size === undefined ? {} : { size }) };
      const { outputs, remove } = await made(given);
      await isContent(outputs["path"], "qcow2");
      assert.deepEqual([outputs["capacity"], await bytesOnHost("unit-qcow2")], [capacity, (size ? 16 : 4) * MiB]);
      await remove();
    }
  });

  it("is made only when the file has the sum", async () => {
    const file = rawFile("summed.raw");
    const good = await made({ name: "unit-sum", format: "raw", source: { path: file, sha256: await sumOf(file) } });
    await good.remove();
    const source = { path: file, sha256: "0".repeat(64) };
    await assert.rejects(made({ name: "unit-sum", format: "raw", source }), /has the SHA-256 sum/);
    assert.equal(await definitionOf("unit-sum"), undefined);
    assert.equal(await host.ledger.entry("volume", "default/unit-sum"), undefined);
  });

  it("in another place is no difference where the sum is the same", async () => {
    const file = rawFile("first.raw");
    const sha256 = await sumOf(file);
    const given = { name: "unit-place", format: "raw", source: { path: file, sha256 } };
    const { id, outputs, inputs, context, remove } = await made(given);
    const moved = { ...given, source: { path: rawFile("second.raw"), sha256 } };
    assert.deepEqual(await refusals(moved, inputs), []);
    assert.deepEqual(
      await refusals({ ...given, source: undefined, size: "4MiB" }, inputs),
      [],
      "once made, it is history",
    );
    const [other = ""] = await refusals({ ...given, source: { path: file, sha256: "1".repeat(64) } }, inputs);
    assert.match(other, /^source\.sha256: can't be changed: .*Create another Volume/);
    const { notes } = await volume.diff(id, outputs, { ...inputs, ...moved }, context);
    assert.deepEqual(notes, []);
    await remove();
  });
});

describe("at preview, content is refused", () => {
  const at = (name: string) => path.join(folder, name);
  const wrong: Readonly<Record<string, { prepare: () => unknown; given: Properties; refusal: RegExp }>> = {
    "that isn't there": {
      prepare: () => undefined,
      given: { source: { path: at("none") } },
      refusal: /^source\.path: there is no file .*none on the host/,
    },
    "that is in another format": {
      prepare: () => qcow2File("wrong.qcow2"),
      given: { source: { path: at("wrong.qcow2") }, format: "raw" },
      refusal: /^format: .*wrong\.qcow2 is qcow2, but the volume is raw\. Set format to "qcow2"/,
    },
    "that is larger than the volume": {
      prepare: () => rawFile("large.raw", 8 * MiB),
      given: { source: { path: at("large.raw") }, format: "raw", size: "4MiB" },
      refusal: /^size: 4MiB is less than the 8MiB of the source\. Write at least 8MiB/,
    },
    "that is packed": {
      prepare: () => {
        writeFileSync(at("a.raw.xz"), Buffer.from("fd377a585a000000", "hex"));
      },
      given: { source: { path: at("a.raw.xz") }, format: "raw" },
      refusal: /^source: .*a\.raw\.xz is compressed by xz\. Decompress it/,
    },
    "that refers to another file of the host": {
      prepare: () =>
        host.run("qemu-img", ["create", "-q", "-f", "qcow2", "-b", rawFile("b.raw"), "-F", "raw", at("based.qcow2")]),
      given: { source: { path: at("based.qcow2") } },
      refusal: /^source: .*based\.qcow2 refers to another file\. Merge them/,
    },
    "that keeps its data in another file": {
      prepare: () =>
        host.run("qemu-img", ["create", "-q", "-f", "qcow2", "-o", `data_file=${at("d")}`, at("split.qcow2"), "1M"]),
      given: { source: { path: at("split.qcow2") } },
      refusal: /^source: .*split\.qcow2 refers to another file/,
    },
    "that is truncated": {
      prepare: () => {
        writeFileSync(at("cut.qcow2"), "QFI\xfb", "latin1");
      },
      given: { source: { path: at("cut.qcow2") } },
      refusal: /^source: .*cut\.qcow2 is truncated/,
    },
  };
  for (const [title, { prepare, given, refusal }] of Object.entries(wrong)) {
    it(title, async () => {
      await prepare();
      assert.match((await refusals(given))[0] ?? "", refusal);
    });
  }
});

describe("a volume with the content of a URL", () => {
  let file = "";
  let kept = "";
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    host.files.readFrom(file, 0).then(
      (bytes) => response.end(bytes),
      () => response.destroy(),
    );
  });
  before(async () => {
    file = await qcow2File("served.qcow2");
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    rmSync(kept);
    await once(server, "close");
  });
  const urlOf = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;

  it("is loaded on the host once for several, and verified", async () => {
    const sha256 = await sumOf(file);
    // Beside downloads of other tests: all hosts share the directory.
    kept = path.join(host.directories.downloads, `${sha256}.iso`);
    for (const name of ["unit-url-1", "unit-url-2"]) {
      const { outputs, remove } = await made({ name, source: { url: urlOf("image.qcow2"), sha256 } });
      await isContent(outputs["path"], "qcow2");
      await remove();
    }
    assert.deepEqual(asked, ["/image.qcow2"]);
  });

  it("is not made of bytes with another sum", async () => {
    const sha256 = createHash("sha256").update("other").digest("hex");
    const source = { url: urlOf("wrong.qcow2"), sha256 };
    await assert.rejects(made({ name: "unit-url", source }), /wrong\.qcow2 has the SHA-256 sum/);
    assert.equal(await definitionOf("unit-url"), undefined);
  });
});

describe("a clone of a volume", () => {
  it("has its content, also in another format, and the size that is requested", async () => {
    const original = await made({ name: "unit-original", source: { path: await qcow2File("o.qcow2") } });
    for (const format of ["qcow2", "raw"] as const) {
      const { outputs, inputs, id, context, remove } = await made({
        name: "unit-clone",
        format,
        size: "6MiB",
        source: { volume: original.id },
      });
      await isContent(outputs["path"], format);
      assert.deepEqual([outputs["capacity"], await bytesOnHost("unit-clone")], ["6MiB", 6 * MiB]);
      assert.deepEqual((await volume.read(id, outputs, context))?.inputs, inputs);
      await remove();
    }
    await original.remove();
  });

  it("is refused at preview while a running machine writes to the volume", async () => {
    const original = await made({ name: "unit-original", size: "4MiB" });
    const disk = `<driver name="qemu" type="qcow2"/><source file="${String(original.outputs["path"])}"/>`;
    const given = { name: "unit-clone", source: { volume: original.id } };
    await withGuest("unit-writer", disk, async () => {
      assert.match(
        (await refusals(given))[0] ?? "",
        /^source\.volume: volume "default\/unit-original" is a writable disk of unit-writer, which runs\. Stop the machine/,
      );
      const context = contextOf("unit-clone");
      const inputs = { connection: host.connection, pool: "default", format: "qcow2", ...given };
      await assert.rejects(volume.create(inputs, context), /is a writable disk of unit-writer/);
    });
    await original.remove();
  });

  it("of a volume that isn't there says so", async () => {
    await assert.rejects(
      made({ name: "unit-clone", source: { volume: "default/none" } }),
      /^NotFound: source\.volume: the host has no volume "default\/none"/,
    );
  });
});
