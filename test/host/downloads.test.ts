import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { obtainSource } from "../../provider/host/downloads";
import type { Host } from "../../provider/resource/host";
import { KvmError } from "../../provider/values/errors";
import { scratchFolder, scratchHost } from "../iso/host";

const content = Buffer.alloc(20 * 2 ** 20, "iso");
const sha256 = createHash("sha256").update(content).digest("hex");
const wrong = "0".repeat(64);

describe("a file that is loaded", () => {
  const folder = scratchFolder();
  const host = scratchHost(folder);
  const progress: string[] = [];
  const reporting = {
    progress: (text: string) => void progress.push(text),
    signal: new AbortController().signal,
    what: "the ISO",
  };
  const file = path.join(folder, "a.iso");
  writeFileSync(file, content);
  beforeEach(() => void progress.splice(0));

  describe("on the host", () => {
    it("is used where it lies", async () => {
      assert.equal(await obtainSource({ path: file, sha256 }, host, reporting), file);
      const tenths = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
      assert.deepEqual(
        progress,
        tenths.map((percent) => `verifying the ISO: ${percent} %`),
      );
    });

    it("with a wrong sum is refused with both sums", async () => {
      await assert.rejects(
        obtainSource({ path: file, sha256: wrong }, host, reporting),
        new RegExp(`^KvmError: source.sha256: .*a.iso has the SHA-256 sum ${sha256}, not ${wrong}`),
      );
    });

    it("that does not exist is an error", async () => {
      await assert.rejects(
        obtainSource({ path: `${file}x`, sha256 }, host, reporting),
        /source.path: there is no file .*a\.isox on the host/,
      );
    });

    it("that is a directory is an error", async () => {
      await assert.rejects(obtainSource({ path: folder, sha256 }, host, reporting), /source.path: .* is not a file/);
    });
  });

  describe("at a URL", () => {
    let requests: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      const { range } = request.headers;
      requests.push(range);
      const start = Number(/\d+/.exec(range ?? "")?.[0] ?? 0);
      if (request.url === "/other.iso") response.end("another file");
      else if (request.url !== "/a.iso") response.writeHead(404).end();
      else
        response
          .writeHead(range === undefined ? 200 : 206, { "content-length": content.length - start })
          .end(content.subarray(start));
    });
    let base = "";
    before(async () => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => void server.close());

    it("is downloaded once, with its progress, however many ask for it", async () => {
      const ask = () => obtainSource({ url: `${base}/a.iso`, sha256 }, host, reporting);
      const kept = path.join(host.directories.downloads, `${sha256}.iso`);
      assert.deepEqual(await Promise.all([ask(), ask()]), [kept, kept]);
      assert.equal(requests.length, 1);
      // Where it took long, the speed follows.
      assert.match(progress.join("; "), /downloading the ISO: 20 of 21 MB \(100 %\)/);
    });

    it("is reported every three seconds, and at its end", async () => {
      const steps: [seconds: number, loaded: number][] = [
        [0, 1e6],
        [2.9, 2e6],
        [3, 3e6],
        [5.9, 4e6],
        [6, 5e6],
        [6.1, 10e6],
      ];
      rmSync(path.join(host.directories.downloads, `${sha256}.iso`));
      let now = 0;
      const download: Host["fetch"]["download"] = (_url, target, options) => {
        for (const [seconds, loaded] of steps) {
          now = seconds * 1000;
          options?.onProgress?.(loaded, 10e6);
        }
        writeFileSync(target, content);
        return Promise.resolve();
      };
      const slow = { ...host, fetch: { ...host.fetch, download }, clock: { ...host.clock, now: () => now } };
      await obtainSource({ url: "http://slow.example/a.iso", sha256 }, slow, reporting);
      assert.deepEqual(
        progress.filter((text) => text.startsWith("down")),
        ["3 of 10 MB (30 %), 0.7 MB/s", "5 of 10 MB (50 %), 0.7 MB/s", "10 of 10 MB (100 %)"].map(
          (text) => `downloading the ISO: ${text}`,
        ),
      );
    });

    it("continues an earlier download that was interrupted", async () => {
      rmSync(path.join(host.directories.downloads, `${sha256}.iso`));
      writeFileSync(path.join(host.directories.downloads, `${sha256}.iso.part`), content.subarray(0, 2 ** 20));
      requests = [];
      await obtainSource({ url: `${base}/a.iso`, sha256 }, host, reporting);
      assert.deepEqual(requests, [`bytes=${2 ** 20}-`]);
      assert.deepEqual(readdirSync(host.directories.downloads), [`${sha256}.iso`]);
    });

    it("is downloaded as a whole when what was left belongs to another file", async () => {
      rmSync(path.join(host.directories.downloads, `${sha256}.iso`));
      writeFileSync(path.join(host.directories.downloads, `${sha256}.iso.part`), "of another file");
      requests = [];
      await obtainSource({ url: `${base}/a.iso`, sha256 }, host, reporting);
      assert.deepEqual(requests, ["bytes=15-", undefined]);
    });

    it("is downloaded again when the kept file is damaged", async () => {
      writeFileSync(path.join(host.directories.downloads, `${sha256}.iso`), "damaged");
      requests = [];
      await obtainSource({ url: `${base}/a.iso`, sha256 }, host, reporting);
      assert.equal(requests.length, 1);
    });

    it("with a wrong sum is refused with both sums, and not kept", async () => {
      await assert.rejects(
        obtainSource({ url: `${base}/a.iso`, sha256: wrong }, host, reporting),
        new RegExp(`source.sha256: .*/a.iso has the SHA-256 sum ${sha256}, not ${wrong}`),
      );
      assert.deepEqual(readdirSync(host.directories.downloads), [`${sha256}.iso`]);
    });

    describe("which may be at other ones, too", () => {
      const gone = { property: "source", remedy: "Look it up again" };
      const kept = path.join(host.directories.downloads, `${sha256}.iso`);
      beforeEach(() => rmSync(kept, { force: true }));

      it("is taken from the first that has it", async () => {
        const otherUrls = [`${base}/c.iso`, `${base}/a.iso`];
        assert.equal(await obtainSource({ url: `${base}/b.iso`, otherUrls, sha256 }, host, reporting), kept);
        assert.match(progress.join("; "), /b\.iso no longer has the ISO; trying the next place; .*c\.iso no longer/);
      });

      it("is taken from the next one if the first one has another file", async () => {
        const source = { url: `${base}/other.iso`, otherUrls: [`${base}/a.iso`], sha256 };
        assert.equal(await obtainSource(source, host, reporting), kept);
      });

      it("fails like the first one, with what to do, when none has it", async () => {
        const source = { url: `${base}/b.iso`, otherUrls: [`${base}/c.iso`], sha256 };
        await assert.rejects(
          obtainSource(source, host, { ...reporting, gone }),
          /^KvmError: source: cannot download .*b\.iso: the server answered 404 Not Found\. Look it up again$/,
        );
        assert.deepEqual(readdirSync(host.directories.downloads), []);
      });

      it("is not searched elsewhere when a server can't be reached", async () => {
        const unreachable: Host["fetch"]["download"] = (url) =>
          Promise.reject(new KvmError("unreachable", `no ${url}`));
        const broken = { ...host, fetch: { ...host.fetch, download: unreachable } };
        const source = { url: "http://one.example/a", otherUrls: ["http://two.example/a"], sha256 };
        await assert.rejects(obtainSource(source, broken, reporting), /no http:\/\/one\.example\/a/);
      });
    });

    it("that the server doesn't have is reported with its answer", async () => {
      await assert.rejects(
        obtainSource({ url: `${base}/b.iso`, sha256: wrong }, host, reporting),
        /cannot download .*b\.iso: the server answered 404/,
      );
    });
  });
});
