import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { httpFetch } from "../../provider/host/fetch";
import { scratchFolder } from "../iso/host";

const content = Buffer.alloc(300_000, "iso");

/** What each path answers with. */
const server = createServer((request, response) => {
  switch (request.url) {
    case "/file":
      return response.writeHead(200, { "content-length": content.length }).end(content);
    case "/unsized":
      return response.writeHead(200).write(content, () => response.end());
    case "/moved":
      return response.writeHead(302, { location: "/file" }).end();
    case "/broken":
      return response.writeHead(200, { "content-length": content.length }).write("half", () => response.destroy());
    case "/endless":
      return response.writeHead(200).write("some");
    default:
      return response.writeHead(404).end("no such file");
  }
});

describe("a download", () => {
  const folder = scratchFolder();
  const target = path.join(folder, "target");
  let base = "";
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  for (const [name, total] of [
    ["file", content.length],
    ["moved", content.length],
    ["unsized", undefined],
  ] as const) {
    it(`of /${name} is complete, ours alone, and reported`, async () => {
      const reports: [number, number | undefined][] = [];
      const file = `${target}-${name}`;
      await httpFetch.download(`${base}/${name}`, file, { onProgress: (loaded, of) => reports.push([loaded, of]) });
      assert.deepEqual(readFileSync(file), content);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.deepEqual(reports.at(-1), [content.length, total]);
    });
  }

  for (const [name, reason] of [
    [
      "absent",
      /cannot download .*\/absent: the server answered 404 Not Found\. Check the URL, the network and the proxy/,
    ],
    ["broken", /cannot download .*\/broken: .*\. Check the URL/],
  ] as const) {
    it(`of /${name} fails with the reason, and leaves nothing`, async () => {
      await assert.rejects(httpFetch.download(`${base}/${name}`, target), { code: "not-found", message: reason });
      assert.ok(!existsSync(target));
    });
  }

  it("from where nobody answers says why", async () => {
    await assert.rejects(
      httpFetch.download("http://127.0.0.1:1/a", target),
      /cannot download http:\/\/127\.0\.0\.1:1\/a: .+/,
    );
  });

  it("ends when the user interrupts, and leaves nothing", async () => {
    const interruption = new AbortController();
    const onProgress = () => interruption.abort();
    await assert.rejects(
      httpFetch.download(`${base}/endless`, target, { signal: interruption.signal, onProgress }),
      /aborted/,
    );
    assert.ok(!existsSync(target));
  });
});
