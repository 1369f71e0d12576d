import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { openFetch } from "../../provider/host/fetch";
import { scratchFolder } from "../iso/host";

const content = Buffer.alloc(300_000, "iso");
const half = content.length / 2;

let ranges: (string | undefined)[] = [];

/** What each path answers with; `nth` counts the requests of a test. */
const paths: Readonly<Record<string, (response: ServerResponse, nth: number, request: IncomingMessage) => unknown>> = {
  "/file": whole,
  "/unsized": (response) => response.writeHead(200).write(content, () => response.end()),
  "/moved": (response) => response.writeHead(302, { location: "/file" }).end(),
  "/broken": (response) =>
    response.writeHead(200, { "content-length": content.length }).write("half", () => response.destroy()),
  "/stalled": (response) => response.writeHead(200, { "content-length": content.length }).write("some"),
  "/endless": (response) => response.writeHead(200).write("some"),
  "/locked": (response) => response.writeHead(403).end(),
  "/down": (response) => response.writeHead(503).end(),
  "/busy": (response, nth) => (nth < 3 ? response.writeHead(503).end() : whole(response)),
  "/interrupted": (response, nth, request) => {
    if (nth > 1) return rest(response, request);
    response.writeHead(200, { "content-length": content.length });
    // What is under way when a connection breaks is lost.
    return response.write(content.subarray(0, half), () => setTimeout(() => response.destroy(), 100));
  },
  "/ranges": (response, _nth, request) => rest(response, request),
  "/large": (response) => response.writeHead(200).end(Buffer.alloc(5 * 2 ** 20)),
};

function whole(response: ServerResponse): unknown {
  return response.writeHead(200, { "content-length": content.length }).end(content);
}

/** As servers answer that know ranges. */
function rest(response: ServerResponse, { headers: { range } }: IncomingMessage): unknown {
  const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  if (range === undefined) return whole(response);
  if (start >= content.length) return response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
  const size = { "content-length": content.length - start };
  return response.writeHead(206, size).end(content.subarray(start));
}

const server = createServer((request, response) => {
  ranges.push(request.headers.range);
  const answer = paths[(request.url ?? "").replace(/\?.*/, "")];
  if (answer === undefined) response.writeHead(404).end("no such file");
  else answer(response, ranges.length, request);
});

const httpFetch = openFetch({ rests: [10, 10, 10], patience: 1_000 });

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
  beforeEach(() => void (ranges = []));

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

  it("from a server that is too busy is tried again", async () => {
    await httpFetch.download(`${base}/busy`, target);
    assert.equal(ranges.length, 3);
    assert.deepEqual(readFileSync(target), content);
  });

  it("that breaks off continues where it broke off", async () => {
    await httpFetch.download(`${base}/interrupted`, target);
    assert.deepEqual(ranges, [undefined, `bytes=${half}-`]);
    assert.deepEqual(readFileSync(target), content);
  });

  it("continues with what an earlier one left, if that is requested", async () => {
    writeFileSync(target, content.subarray(0, half));
    await httpFetch.download(`${base}/ranges`, target, { resume: true });
    assert.deepEqual(ranges, [`bytes=${half}-`]);
    assert.deepEqual(readFileSync(target), content);
  });

  it("that was complete already loads nothing", async () => {
    writeFileSync(target, content);
    await httpFetch.download(`${base}/ranges`, target, { resume: true });
    assert.deepEqual(readFileSync(target), content);
  });

  it("starts again if there is more than the server has", async () => {
    writeFileSync(target, Buffer.concat([content, content]));
    await httpFetch.download(`${base}/ranges`, target, { resume: true });
    assert.deepEqual(readFileSync(target), content);
  });

  it("starts again if the server knows no ranges", async () => {
    writeFileSync(target, "something else");
    await httpFetch.download(`${base}/file`, target, { resume: true });
    assert.deepEqual(readFileSync(target), content);
  });

  for (const [name, code, reason, requests] of [
    [
      "absent",
      "not-found",
      /cannot download .*\/absent: the server answered 404 Not Found\. Check the URL, the network and the proxy/,
      1,
    ],
    ["locked", "forbidden", /cannot download .*\/locked: the server answered 403 Forbidden/, 1],
    ["down", "unreachable", /cannot download .*\/down: the server answered 503/, 4],
    ["broken", "unreachable", /cannot download .*\/broken: .*\. Check the URL/, 4],
    ["stalled", "timeout", /cannot download .*\/stalled: .*[Tt]imeout/, 4],
  ] as const) {
    it(`of /${name} fails with the reason, and leaves nothing`, async () => {
      await assert.rejects(httpFetch.download(`${base}/${name}`, target), { code, message: reason });
      assert.ok(!existsSync(target));
      assert.equal(ranges.length, requests);
    });
  }

  it("that fails leaves what it has, when it is to be resumed", async () => {
    await assert.rejects(httpFetch.download(`${base}/broken`, target, { resume: true }));
    assert.ok(existsSync(target));
  });

  it("from a server without an answer says why", async () => {
    await assert.rejects(httpFetch.download("http://127.0.0.1:1/a", target), {
      code: "unreachable",
      message: /cannot download http:\/\/127\.0\.0\.1:1\/a: .+/,
    });
  });

  it("shows no query, which may give access", async () => {
    await assert.rejects(
      httpFetch.download(`${base}/absent?signature=abc`, target),
      (error: Error) => !error.message.includes("abc"),
    );
  });

  it("ends when the user interrupts, and leaves nothing", async () => {
    const interruption = new AbortController();
    const onProgress = () => interruption.abort();
    await assert.rejects(httpFetch.download(`${base}/endless`, target, { signal: interruption.signal, onProgress }), {
      code: "interrupted",
      message: /the download of .*\/endless was interrupted/,
    });
    assert.ok(!existsSync(target));
  });

  it("of a small file gives its bytes", async () => {
    assert.deepEqual(await httpFetch.bytes(`${base}/file`), content);
  });

  it("of a small file that isn't small is refused", async () => {
    await assert.rejects(httpFetch.bytes(`${base}/large`), {
      code: "unsupported",
      message: /it has more than 4194304 bytes/,
    });
    assert.equal(ranges.length, 1);
  });
});

describe("a proxy", () => {
  it("of the environment is used", async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url);
      response.end("by the proxy");
    });
    // What has a proxy is asked for by CONNECT, also by http.
    proxy.on("connect", (request, socket) => {
      asked.push(request.url);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    process.env["http_proxy"] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    // A patience of its own: proxies are read when it is first used.
    await openFetch({ rests: [], patience: 1_001 })
      .bytes("http://iso.example/sums")
      .catch(() => undefined);
    delete process.env["http_proxy"];
    proxy.closeAllConnections();
    proxy.close();
    assert.match(asked.join(), /iso\.example/);
  });
});
