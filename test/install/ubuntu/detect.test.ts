import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { detectRelease, probesOf } from "../../../provider/install/index";
import { ubuntu } from "../../../provider/install/ubuntu/index";
import { root } from "../../site";

const media = path.join(root, "test/media/ubuntu");

/** The files of an ISO by their list, with the texts that lie beside it. */
function isoOf(release: string) {
  const folder = path.join(media, release);
  const files = new Set(readFileSync(path.join(folder, "files.txt"), "utf8").trim().split("\n"));
  const texts = new Map(probesOf(files).map((name) => [name, textOf(path.join(folder, name.replaceAll("/", "_")))]));
  return { volumeId: release, files, texts };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

const releases: Readonly<Record<string, { title: string; version: string; codename: string }>> = {
  "20.04": { title: 'Ubuntu-Server 20.04.6 LTS "Focal Fossa"', version: "20.04.6", codename: "focal" },
  "22.04": { title: 'Ubuntu-Server 22.04.5 LTS "Jammy Jellyfish"', version: "22.04.5", codename: "jammy" },
  "24.04": { title: 'Ubuntu-Server 24.04.3 LTS "Noble Numbat"', version: "24.04.3", codename: "noble" },
};

describe("an Ubuntu ISO", () => {
  it("of each release has its list of files", () => {
    assert.deepEqual(
      readdirSync(media)
        .filter((name) => /^\d/.test(name))
        .sort(),
      Object.keys(releases),
    );
  });

  for (const [release, expected] of Object.entries(releases)) {
    it(`of ${release} is known by its files`, () => {
      assert.deepEqual(detectRelease(isoOf(release), "a.iso"), { family: "ubuntu", ...expected });
    });
  }

  it("has its menus where its release has them", () => {
    const [old, today] = ["20.04", "24.04"].map((release) => ubuntu.media(isoOf(release)));
    const { kernel, initrd, efiGrub } = today ?? assert.fail();
    assert.deepEqual({ kernel, initrd, efiGrub }, { kernel: "casper/vmlinuz", initrd: "casper/initrd", efiGrub: [] });
    assert.deepEqual([old?.isolinux, today?.isolinux], [["isolinux/isolinux.cfg"], []]);
    assert.deepEqual([old?.grub, today?.grub], [["boot/grub/grub.cfg"], ["boot/grub/grub.cfg"]]);
    assert.equal(today?.md5sums, "md5sum.txt");
  });

  it("of the desktop is told as such", () => {
    const { files, volumeId, texts } = isoOf("24.04");
    const info = 'Ubuntu 24.04.4 LTS "Noble Numbat" - Release amd64 (20260210)';
    assert.throws(
      () => detectRelease({ volumeId, files, texts: new Map([...texts, [".disk/info", info]]) }, "a.iso"),
      /source: the ISO holds a desktop system \(Ubuntu 24\.04\.4 .*Take the live-server ISO/,
    );
  });

  it("of the installer before 20.04 is unknown", () => {
    const { volumeId, texts } = isoOf("24.04");
    const files = new Set([".disk/info", "install/vmlinuz", "dists/bionic/Release"]);
    assert.throws(() => detectRelease({ volumeId, files, texts }, "a.iso"), /is not an installer that is known/);
  });
});
