import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { scratchFolder } from "../iso/host";
import { cleartext, newKey } from "../releases/signing";
import { root } from "../site";

const folder = scratchFolder();
const file = path.join(folder, "catalogue.yaml");
const files: Record<string, string> = {};
const methods = new Set<string>();
const server = createServer((request, response) => {
  const { url = "", method = "" } = request;
  if (url.endsWith(".iso")) methods.add(method);
  if (files[url] === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, { "content-length": 5_000_000 * Number(url.endsWith(".iso")) || files[url].length })
      .end(method === "HEAD" ? undefined : files[url]);
});

interface Outcome {
  readonly code: number;
  readonly lines: readonly string[];
}

/** The command, with a catalogue of the test's own. */
function check(...args: readonly string[]): Promise<Outcome> {
  const command = ["--import", "tsx", path.join(root, "tools/catalogue-check.ts"), "--catalogue", file, ...args];
  const env = { ...process.env, no_proxy: "127.0.0.1" };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), lines: `${stdout}${stderr}`.trim().split("\n") }),
    );
  });
}

describe("the check of a catalogue", () => {
  let base = "";

  before(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [key, other] = await Promise.all([newKey(), newKey()]);
    const list = (...names: readonly string[]) => names.map((name) => `${"a".repeat(64)}  ${name}\n`).join("");
    files["/key"] = key.publicKey;
    files["/1/SUMS"] = await cleartext(list("own-1.4.iso", "own-1.4-dvd.iso"), key.privateKey);
    files["/1.4/SUMS"] = files["/1/SUMS"];
    files["/2/SUMS"] = await cleartext(list("own-2.iso"), other.privateKey);
    for (const image of ["/1/own-1.4.iso", "/1.4/own-1.4.iso", "/2/own-2.iso"]) files[image] = "content";
    writeFileSync(
      file,
      `keys: { own: { fingerprint: ${key.fingerprint}, url: "${base}/key" } }
distributions:
  own:
    latest: "1"
    family: debian
    folder: ${base}/{release}/
    iso: own-{release}*.iso
    sums: SUMS
    keys: [own]
    releases:
      "1": { iso: own-1.4.iso, archives: ["${base}/{version}/"], media: { dvd: { iso: own-1.*-dvd.iso, archives: [] } } }
      "2": {}
      "3": {}
      "4": { ended: it is old }
`,
    );
  });
  after(() => void server.close());

  it("shows for each name what was found, and fails if one is wrong", async () => {
    const { code, lines } = await check();
    assert.equal(code, 1);
    const rows = [
      `own:1      verified     ${base}/1/own-1.4.iso (5 MB)`,
      `own:1.4    verified     ${base}/1.4/own-1.4.iso (5 MB)`,
      `own:1/dvd  failed       ${base}/1/own-1.4-dvd.iso: the server answered 404`,
      `own:2      failed       the signature of ${base}/2/SUMS can't be trusted: `,
      `own:3      failed       cannot download ${base}/3/SUMS: the server answered 404 Not Found`,
      "own:4      ended        own:4 has ended: it is old",
      "",
      "6 names, 3 of them failed",
    ];
    assert.equal(lines.length, rows.length, lines.join("\n"));
    rows.forEach((row, index) => assert.ok(lines[index]?.startsWith(row), `${String(lines[index])} is not ${row}`));
    assert.deepEqual([...methods], ["HEAD"]);
  });

  it("succeeds if all is right, and checks the given names alone", async () => {
    files["/1/own-1.4-dvd.iso"] = "content";
    const { code, lines } = await check("own:1");
    assert.deepEqual([code, lines.at(-1)], [0, "3 names, 0 of them failed"]);
  });

  it("takes point releases, and fails for a name that the catalogue doesn't have", async () => {
    const { code, lines } = await check("own:1.4", "other");
    assert.equal(code, 1);
    assert.match(lines[0] ?? "", /^own:1\.4 +verified +http/);
    assert.match(lines[1] ?? "", /^other +failed +the catalogue has no "other"; distributions: own$/);
  });

  it("says in one line that there is no network", async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    const { code, lines } = await check();
    assert.equal(code, 1);
    assert.equal(lines.length, 1);
    assert.match(
      lines.join(),
      /^No server of the catalogue can be reached, so nothing was checked: cannot download http/,
    );
  });
});
