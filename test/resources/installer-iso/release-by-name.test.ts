import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Properties } from "../../../provider/resource/handler";
import { installerIso } from "../../../provider/resources/installer-iso/handler";
import { testContext } from "../../context";
import { makeDebianIso } from "../../iso/debian-iso";
import { scratchFolder, scratchHost } from "../../iso/host";
import { detached, newKey } from "../../releases/signing";

const folder = scratchFolder();
const host = scratchHost(path.join(folder, "host"));
const context = { ...testContext("qemu:///session"), host: () => host };
const iso = path.join(folder, "own-1.1.iso");
makeDebianIso(iso);
const content = readFileSync(iso);
const sum = createHash("sha256").update(content).digest("hex");

const files: Record<string, Uint8Array | string> = { "/own-1.1.iso": content };
const server = createServer((request, response) => {
  const file = files[request.url ?? ""];
  if (file === undefined) response.writeHead(404).end();
  else response.end(file);
});

describe("a release by name", () => {
  const inputs: Record<string, unknown> = {
    name: "named",
    source: "own:1",
    catalogue: path.join(folder, "catalogue.yaml"),
    system: { hostname: "named" },
  };
  const check = async (olds: Properties, change: Properties = {}) => {
    const checked = await installerIso.check(olds, { ...inputs, ...change }, context);
    return { ...checked, texts: checked.failures.map(({ property, reason }) => `${property}: ${reason}`) };
  };
  let first: Properties = {};

  before(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const key = await newKey();
    files["/key"] = key.publicKey;
    files["/SUMS"] = `${sum}  own-1.1.iso\n`;
    files["/SUMS.sign"] = await detached(files["/SUMS"], key.privateKey);
    writeFileSync(
      path.join(folder, "catalogue.yaml"),
      `keys: { own: { fingerprint: ${key.fingerprint}, url: "${base}/key" } }
distributions:
  own:
    latest: "1"
    releases:
      "1":
        family: debian
        folder: ${base}/
        iso: own-1.*.iso
        sums: SUMS
        signature: SUMS.sign
        keys: [own]
        archives: ["${base}/{version}/"]
        endOfLife: 2020-01-31
`,
    );
  });
  after(() => void server.close());

  it("is looked up at preview, with its family and its sum", async () => {
    const { inputs: checked, texts } = await check({});
    assert.deepEqual(texts, []);
    assert.deepEqual(checked["family"], "debian");
    assert.equal((checked["image"] as { sha256: string }).sha256, sum);
    first = checked;
  });

  it("of a release that gets no more updates is a warning, at its first use alone", async () => {
    assert.deepEqual(context.said, [
      "own:1 has had no updates since 2020-01-31. Take a later release for new machines",
    ]);
    await check(first);
    assert.equal(context.said.length, 1);
  });

  it("is downloaded, verified and remastered", async () => {
    const { id } = await installerIso.create(first, context);
    assert.ok((await host.files.stat(id))?.isFile);
  });

  it("stays the image that it was, also when the distribution has a newer one or can't be reached", async () => {
    delete files["/SUMS"];
    const { inputs: again, texts } = await check(first);
    assert.deepEqual([texts, again], [[], first]);
    assert.equal((await installerIso.diff("id", first, again, context)).changes, false);
  });

  describe("whose image has moved", () => {
    const change = { system: { hostname: "renamed" } };
    const writtenAnew = async () => {
      rmSync(host.directories.downloads, { recursive: true });
      const { inputs: changed } = await check(first, change);
      return installerIso.create(changed, context);
    };

    it("is found in the archive", async () => {
      delete files["/own-1.1.iso"];
      files["/1.1/own-1.1.iso"] = content;
      await writtenAnew();
      assert.match(context.said.join("; "), /own-1\.1\.iso no longer has the ISO; trying the next place/);
    });

    it("is found where it was, if the catalogue can't be read", async () => {
      files["/own-1.1.iso"] = content;
      const catalogue = path.join(folder, "no-such.yaml");
      rmSync(host.directories.downloads, { recursive: true });
      await installerIso.create({ ...first, catalogue }, context);
    });

    it("is an error that says how to look the name up again, if no place has it", async () => {
      delete files["/own-1.1.iso"];
      delete files["/1.1/own-1.1.iso"];
      await assert.rejects(
        writtenAnew(),
        /^KvmError: source: cannot download .*\/own-1\.1\.iso: the server answered 404 Not Found\. The distribution has moved or replaced the image that own:1 meant at its first use\. To take its present image, run `pulumi up --replace 'urn:pulumi:.*'`; or name another release$/,
      );
    });
  });

  it("whose list can't be reached is an error at preview", async () => {
    const { texts } = await check({});
    assert.match(texts.join(), /cannot download .*SUMS: the server answered 404/);
  });

  for (const [change, message] of [
    [{ source: "own:2" }, /^source: the catalogue has no "own:2"; .*releases of own: 1, latest/i],
    [{ source: "Own" }, /^source: "Own" is not a release; write it like "debian:13"/],
    [{ catalogue: "/no/such.yaml" }, /^catalogue: the file \/no\/such\.yaml does not exist/],
  ] as const) {
    it(`is refused: ${message.source}`, async () => assert.match((await check({}, change)).texts.join(), message));
  }
});
