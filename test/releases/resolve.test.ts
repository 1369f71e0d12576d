import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import * as openpgp from "openpgp";
import { openFetch } from "../../provider/host/fetch";
import { parseCatalogue } from "../../provider/releases/catalogue";
import { resolveRelease } from "../../provider/releases/resolve";
import { cleartext, detached, newKey, prolongedKey } from "./signing";

const newest = "b".repeat(64);
const sums = `${"a".repeat(64)}  own-2.1.iso\n${newest}  own-2.2.iso\n`;
const fetch = openFetch({ rests: [], patience: 1_000 });

/** What the distribution's server has. */
let files: Record<string, string | Uint8Array> = {};

const server = createServer((request, response) => {
  const file = files[(request.url ?? "").slice(1)];
  if (file === undefined) response.writeHead(404).end();
  else response.end(file);
});

describe("a release by name", () => {
  let own: Awaited<ReturnType<typeof newKey>>;
  let other: Awaited<ReturnType<typeof newKey>>;
  let base = "";

  const resolve = (signature: string | undefined = "signature: SHA256SUMS.sign") =>
    resolveRelease(
      "own:2",
      parseCatalogue(
        `keys: { mine: { fingerprint: ${own.fingerprint}, url: "${base}/keys" } }
distributions:
  own:
    latest: "2"
    releases:
      "2":
        family: debian
        folder: ${base}/
        iso: own-2.*.iso
        sums: SHA256SUMS
        ${signature}
        keys: [mine]
`,
        "own.yaml",
      ),
      { fetch },
    );

  before(async () => {
    [own, other] = await Promise.all([newKey(), newKey()]);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => void server.close());
  beforeEach(async () => {
    files = {
      keys: `${other.publicKey}\n${own.publicKey}`,
      SHA256SUMS: sums,
      "SHA256SUMS.sign": await detached(sums, own.privateKey),
    };
  });

  it("is its newest image, with the sum out of the signed list", async () =>
    assert.deepEqual(await resolve(), { url: `${base}/own-2.2.iso`, sha256: newest, family: "debian" }));

  it("may have a list that is itself a signed message", async () => {
    files["SHA256SUMS"] = await cleartext(sums, own.privateKey);
    assert.equal((await resolve("")).sha256, newest);
  });

  it("may have an armoured signature, and a binary key", async () => {
    const binary = await detached(sums, own.privateKey);
    files["SHA256SUMS.sign"] = openpgp.armor(openpgp.enums.armor.signature, binary);
    files["keys"] = (await openpgp.readKey({ armoredKey: own.publicKey })).write();
    assert.equal((await resolve()).sha256, newest);
  });

  for (const [what, change, message] of [
    ["whose list was changed", () => (files["SHA256SUMS"] = sums.replaceAll("b", "c")), /can't be trusted: .*digest/],
    [
      "that another key has signed",
      async () => (files["SHA256SUMS.sign"] = await detached(sums, other.privateKey)),
      /the signature of .*SHA256SUMS can't be trusted: .*[Kk]ey/,
    ],
    [
      "whose key has another fingerprint",
      () => (files["keys"] = other.publicKey),
      /source: .* no key has the fingerprint [0-9A-F]{40}/,
    ],
    ["whose signature is missing", () => delete files["SHA256SUMS.sign"], /cannot download .*SHA256SUMS\.sign.* 404/],
    ["whose signature is none", () => (files["SHA256SUMS.sign"] = "hello"), /can't be trusted/],
  ] as const) {
    it(`${what} is refused`, async () => {
      await change();
      await assert.rejects(resolve(), message);
    });
  }

  it("whose signed message was changed is refused", async () => {
    files["SHA256SUMS"] = (await cleartext(sums, own.privateKey)).replaceAll("b".repeat(64), "c".repeat(64));
    await assert.rejects(resolve(""), /can't be trusted/);
  });

  it("whose text stands outside of the signed message is not believed", async () => {
    files["SHA256SUMS"] = `${"f".repeat(64)}  own-2.9.iso\n${await cleartext(sums, own.privateKey)}`;
    assert.equal((await resolve("").catch(() => ({ sha256: newest }))).sha256, newest);
  });

  describe("in a catalogue with more of it", () => {
    const resolved = (name: string, more: string, keys: readonly string[] = ["keys"], { fingerprint } = own) =>
      resolveRelease(
        name,
        parseCatalogue(
          `keys: { mine: { fingerprint: ${fingerprint}, url: ${JSON.stringify(keys.map((file) => `${base}/${file}`))} } }
distributions:
  own:
    latest: "2"
    family: debian
    keys: [mine]
    iso: own-2.*.iso
    releases:
      "2": { ${more} }
`,
          "own.yaml",
        ),
        { fetch },
      );
    const signedAt = async (place: string, text: string) => {
      files[`${place}SUMS`] = await cleartext(text, own.privateKey);
    };
    const [one, two] = [`${"1".repeat(64)}  own-2.1.iso\n`, `${"2".repeat(64)}  own-2.10.iso\n`];
    const archives = () =>
      `folder: "${base}/now/", sums: SUMS, archives: ["${base}/{version}/", "${base}/old/{version}/"]`;

    it("is the image of a point release, wherever the distribution keeps it", async () => {
      await signedAt("old/2.1/", `${one}${two}`);
      const url = `${base}/old/2.1/own-2.1.iso`;
      assert.deepEqual(await resolved("own:2.1", archives()), { url, sha256: "1".repeat(64), family: "debian" });
      await signedAt("2.1/", two);
      assert.equal((await resolved("own:2.1", archives())).url, url);
    });

    it("fails like the first place when no place has it", async () => {
      await assert.rejects(resolved("own:2.1", archives()), /cannot download .*\/2\.1\/SUMS: the server answered 404/);
      await assert.rejects(resolved("own:2", archives()), /cannot download .*\/now\/SUMS: the server answered 404/);
    });

    it("is not searched elsewhere if a signature is wrong", async () => {
      await signedAt("old/2.1/", one);
      files["2.1/SUMS"] = await cleartext(one, other.privateKey);
      await assert.rejects(resolved("own:2.1", archives()), /the signature of .*\/2\.1\/SUMS can't be trusted/);
    });

    it("is in the archive after the distribution has moved the whole release", async () => {
      await signedAt("archive/", one);
      const more = `folder: "${base}/now/", sums: SUMS, archives: ["${base}/archive/"]`;
      assert.equal((await resolved("own:2", more)).url, `${base}/archive/own-2.1.iso`);
    });

    it("may have a list whose name is looked up", async () => {
      files["now/"] =
        '<a href="../">Up</a> <a href="Own-2-1.9-SUMS">x</a> <a href="./Own-2-1.10-SUMS">x</a> <a href="Own-3-SUMS">x</a>';
      await signedAt("now/Own-2-1.10-", two);
      const more = `folder: "${base}/now/", sums: "Own-2-*-SUMS"`;
      assert.equal((await resolved("own:2", more)).url, `${base}/now/own-2.10.iso`);
      files["now/"] = "";
      await assert.rejects(resolved("own:2", more), /source: .*\/now\/ has no Own-2-\*-SUMS\. Look at/);
    });

    it("may have its list on another server", async () => {
      await signedAt("sums/", one);
      assert.equal(
        (await resolved("own:2", `folder: "${base}/now/", sums: "${base}/sums/SUMS"`)).url,
        `${base}/now/own-2.1.iso`,
      );
    });

    describe("with copies of a key", () => {
      const more = () => `folder: "${base}/", sums: SUMS`;
      let key: Awaited<ReturnType<typeof prolongedKey>>;
      beforeEach(async () => {
        key = await prolongedKey();
        files["expired"] = key.expired;
        files["prolonged"] = key.publicKey;
        files["SUMS"] = await cleartext(one, key.privateKey);
      });

      for (const copies of [
        ["prolonged"],
        ["expired", "prolonged"],
        ["prolonged", "expired"],
        ["missing", "prolonged"],
      ])
        it(`is verified by the one that expires last: ${copies.join(", ")}`, async () =>
          assert.equal((await resolved("own:2", more(), copies, key)).sha256, "1".repeat(64)));

      it("is refused if all have expired, with the date", async () => {
        await assert.rejects(
          resolved("own:2", more(), ["expired"], key),
          new RegExp(
            `can't be trusted: .*; the newest copy of the key ${key.fingerprint} is valid until \\d{4}-\\d\\d-\\d\\d`,
          ),
        );
      });

      it("is refused if there is none", async () => {
        await assert.rejects(resolved("own:2", more(), ["missing"], key), /cannot download .*\/missing: .* 404/);
      });
    });
  });

  it("whose list doesn't have it is reported with what was searched", async () => {
    files["SHA256SUMS"] = "nothing";
    files["SHA256SUMS.sign"] = await detached("nothing", own.privateKey);
    await assert.rejects(resolve(), /source: .*SHA256SUMS lists no own-2\.\*\.iso\. Look at/);
  });
});
