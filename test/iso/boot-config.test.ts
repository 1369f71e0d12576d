import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { quoteGrub, renderGrub, renderIsolinux } from "../../provider/iso/boot-config";
import { expectGolden } from "../golden/expect";

const entry = {
  kernel: "install.amd/vmlinuz",
  initrds: ["install.amd/initrd.gz", "install.amd/answers.gz"],
  args: [
    "auto=true",
    "priority=critical",
    "---",
    "console=tty0",
    "console=ttyS0,115200",
    "dyndbg=file a +p",
    "x=a;b$6\\x20{c}",
  ],
  landmark: "kvm-deploy/installation.json",
};

describe("boot configurations", () => {
  it("isolinux starts the one entry at once", () => expectGolden("debian/isolinux.cfg", renderIsolinux(entry)));
  it("GRUB starts the one entry at once", () => expectGolden("debian/grub.cfg", renderGrub(entry)));

  const words = [
    { word: "console=ttyS0,115200", quoted: "console=ttyS0,115200" },
    { word: "a;b", quoted: "'a;b'" },
    { word: "$6$x", quoted: "'$6$x'" },
    { word: String.raw`a\x20b`, quoted: String.raw`'a\x20b'` },
    { word: "a b", quoted: "'a b'" },
    { word: "it's", quoted: String.raw`'it'\''s'` },
    { word: "", quoted: "''" },
  ];
  for (const { word, quoted } of words) {
    it(`GRUB gets ${JSON.stringify(word)} as ${quoted}`, () => assert.equal(quoteGrub(word), quoted));
  }

  it("no word starts a new line", () => {
    assert.throws(() => quoteGrub("a\nb"), /line break/);
    assert.throws(() => renderIsolinux({ ...entry, args: ["a\nb"] }), /can't be passed to a kernel/);
  });
});
