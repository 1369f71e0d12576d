import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCatalogue } from "../../provider/releases/catalogue";
import { mediumOf } from "../../provider/releases/names";
import { smallCatalogue as small } from "./small-catalogue";

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
    [
      "a field",
      "        sums: SHA256SUMS\n",
      "",
      /own\.yaml:10:9: .*releases\.2: `sums` is missing, here and in the distribution/,
    ],
    [
      "a medium",
      "keys: [mine]",
      "keys: [mine]\n        media: { dvd: { iso: a b } }",
      /media\.dvd\.iso: "a b" is not a file name/,
    ],
    ["a date", "keys: [mine]", "keys: [mine]\n        endOfLife: soon", /endOfLife: must be a date such as 2026-04-30/],
    [
      "a list with *",
      "sums: SHA256SUMS",
      "sums: SUMS-*\n        signature: SUMS.sign",
      /releases\.2: `sums` with \* must be a signed message itself/,
    ],
    ["a key's URL", "url: https://example.org/key", "url: []", /keys\.mine\.url: must have a URL/],
  ] as const) {
    it(`with a mistake in ${what} is reported with its place`, () =>
      assert.throws(() => parseCatalogue(small.replace(from, to), "own.yaml"), message));
  }

  it("may say once for a distribution what all of its releases have, and what differs for a release or a medium", () => {
    const { folders, iso, sums } = mediumOf("own:2/dvd", parseCatalogue(shared, "own.yaml"));
    assert.deepEqual([folders, iso, sums], [["https://example.org/2/"], "dvd/own-2.*-dvd.iso", "dvd/SUMS-2"]);
  });
});

const shared = `keys: { mine: { fingerprint: ${"A".repeat(40)}, url: ["https://example.org/a", "https://example.org/b"] } }
distributions:
  own:
    latest: "2"
    family: debian
    folder: https://example.org/{release}/
    iso: own-{release}.*.iso
    sums: SUMS
    keys: [mine]
    media: { dvd: { iso: "dvd/own-{release}.*-dvd.iso", sums: dvd/SUMS } }
    releases:
      "2": { media: { dvd: { sums: "dvd/SUMS-{release}" } } }
`;
