import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { newestOf, parseSums } from "../../provider/releases/checksums";

const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];

describe("a list of sums", () => {
  for (const [what, text, expected] of [
    ["of coreutils", `${a}  debian-13.2.0-amd64-netinst.iso\n`, "debian-13.2.0-amd64-netinst.iso"],
    ["of binary files", `${a} *ubuntu-24.04.3-live-server-amd64.iso\n`, "ubuntu-24.04.3-live-server-amd64.iso"],
    ["in BSD's form", `# x.iso: 1 bytes\r\nSHA256 (Fedora-43-1.6.iso) = ${a}\r\n`, "Fedora-43-1.6.iso"],
    ["with capitals", `${a.toUpperCase()}  x.iso\n`, "x.iso"],
    ["with the folder", `${a}  ./x.iso\n`, "x.iso"],
  ] as const) {
    it(`${what} is read`, () => assert.deepEqual(parseSums(text), [{ file: expected, sha256: a }]));
  }

  it("has no sums of another kind", () =>
    assert.deepEqual(parseSums(`${"a".repeat(128)}  x.iso\nSHA512 (x.iso) = ${"a".repeat(128)}\nMD5 ${a}`), []));
});

describe("of several images", () => {
  const sums = [
    { file: "debian-13.9.0-amd64-netinst.iso", sha256: a },
    { file: "debian-13.10.0-amd64-netinst.iso", sha256: b },
    { file: "debian-edu-13.11.0-amd64-netinst.iso", sha256: c },
  ];

  it("the one with the highest numbers is taken, among those that the pattern fits", () =>
    assert.equal(newestOf(sums, "debian-13.*-amd64-netinst.iso")?.sha256, b));
  it("none is taken when none fits", () => assert.equal(newestOf(sums, "debian-12.*.iso"), undefined));
  it("a dot stands for a dot alone", () => assert.equal(newestOf(sums, "debian-13.9x0*"), undefined));
});
