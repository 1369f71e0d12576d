import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseCatalogue, releaseOf } from "../../provider/releases/catalogue";
import { root } from "../site";

const shippedFile = path.join(root, "provider/releases/catalogue.yaml");
const shipped = parseCatalogue(readFileSync(shippedFile, "utf8"), shippedFile);

const small = `keys:
  mine:
    fingerprint: ${"A".repeat(40)}
    url: https://example.org/key
distributions:
  own:
    latest: "2"
    releases:
      "2":
        family: debian
        folder: https://example.org/2/
        iso: own-2.*.iso
        sums: SHA256SUMS
        keys: [mine]
`;

describe("the shipped catalogue", () => {
  for (const name of ["debian:13", "ubuntu:24.04", "fedora:43", "almalinux:10", "opensuse:16.0", "debian:latest"]) {
    it(`knows ${name}, with a key that vouches for it`, () => {
      const { folder, iso, keys } = releaseOf(name, shipped);
      assert.match(folder, /^https:/);
      assert.match(iso, /\.iso$/);
      assert.ok(keys.length > 0);
    });
  }

  it("has a release for every latest, and a key for every name of one", () => {
    for (const [distribution, { releases }] of Object.entries(shipped.distributions))
      for (const version of [...Object.keys(releases), "latest"])
        if (releases[version]?.ended === undefined) releaseOf(`${distribution}:${version}`, shipped);
  });

  it("says of a release that can't be installed any more why, and what to do", () => {
    assert.throws(
      () => releaseOf("debian:11", shipped),
      /^KvmError: source: debian:11 has ended: its security repository was closed .* Take a later release; .*`url` and `sha256`$/,
    );
  });
});

describe("a name", () => {
  const catalogue = parseCatalogue(small, "own.yaml");

  for (const [name, message] of [
    ["debain:13", /the catalogue has no "debain:13"; .*distributions: own/i],
    ["own:3", /source: the catalogue has no "own:3"; .*releases of own: 2, latest.*give `url` and `sha256`/i],
    ["own", /the catalogue has no "own"/],
  ] as const) {
    it(`${name} that it doesn't have is reported with what there is`, () =>
      assert.throws(() => releaseOf(name, catalogue), message));
  }

  it("whose key is missing is an error", () => {
    const without = parseCatalogue(small.replace("[mine]", "[mien]"), "own.yaml");
    assert.throws(() => releaseOf("own:2", without), /catalogue: the catalogue has no key "mien"; did you mean "mine"/);
  });
});

describe("a catalogue of one's own", () => {
  for (const [what, from, to, message] of [
    [
      "a fingerprint",
      "A".repeat(40),
      "AAAA",
      /own\.yaml:3:18: keys\.mine\.fingerprint: must be an OpenPGP fingerprint/,
    ],
    ["a directory", "/2/", "/2", /own\.yaml:11:17: .*folder: must end with a slash/],
    [
      "a key",
      "sums:",
      "signatur: x\n        sums:",
      /own\.yaml:13:9: .*signatur: there is no such key; did you mean "signature"/,
    ],
    ["no signer", "[mine]", "[]", /own\.yaml:14:15: .*keys: must name the keys that may sign/],
  ] as const) {
    it(`with a mistake in ${what} is reported with its place`, () =>
      assert.throws(() => parseCatalogue(small.replace(from, to), "own.yaml"), message));
  }
});
