import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { debian } from "../../../provider/install/debian/index";
import { detectRelease, families, familyOf, probesOf } from "../../../provider/install/index";

/** What a netinst of Debian holds, as far as anybody looks at it. */
const netinst: Readonly<Record<string, string>> = {
  ".disk/info": 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST with firmware 20251115-09:14',
  "dists/trixie/Release": "Origin: Debian\nCodename: trixie\n",
  "md5sum.txt": "",
  "install.amd/vmlinuz": "",
  "install.amd/initrd.gz": "",
  "isolinux/isolinux.cfg": "",
  "boot/grub/grub.cfg": "",
};

function isoOf(files: Readonly<Record<string, string>>) {
  const names = new Set(Object.keys(files));
  const texts = new Map(probesOf(names).map((name) => [name, files[name] ?? ""]));
  return { volumeId: "Debian 13.2.0 amd64 n", files: names, texts };
}

function without(...prefixes: readonly string[]) {
  return Object.fromEntries(
    Object.entries(netinst).filter(([file]) => !prefixes.some((prefix) => file.startsWith(prefix))),
  );
}

describe("a Debian ISO", () => {
  const title = 'Debian GNU/Linux 13.2.0 "Trixie"';

  it("is known by its files", () => {
    const release = { family: "debian", title, version: "13.2.0", codename: "trixie" };
    assert.deepEqual(detectRelease(isoOf(netinst), "a.iso"), release);
  });

  it("of an older release, too", () => {
    const info = 'Debian GNU/Linux 12.11.0 "Bookworm" - Official amd64 DVD Binary-1 with firmware 20250517-09:52';
    const { version } = detectRelease(isoOf({ ...netinst, ".disk/info": info }), "a.iso");
    assert.equal(version, "12.11.0");
  });

  it("that holds a live system is told as such", () => {
    const live = { ...without("install.amd/"), "live/filesystem.squashfs": "" };
    assert.throws(
      () => detectRelease(isoOf(live), "a.iso"),
      /source: the ISO holds a live system .* Take a netinst or DVD ISO/,
    );
  });

  const unknown = [
    { what: "of another architecture", files: without("install.amd/") },
    { what: "without an archive", files: without("dists/") },
    { what: "of another distribution", files: { ...netinst, ".disk/info": "Ubuntu-Server 24.04.3 LTS" } },
    { what: "with nothing in it", files: {} },
  ];
  for (const { what, files } of unknown) {
    it(`${what} is unknown, and what was looked for is told`, () => {
      assert.throws(
        () => detectRelease(isoOf(files), "/isos/a.iso"),
        /source: \/isos\/a\.iso \("Debian 13\.2\.0 amd64 n"\) is not an installer that is known; looked for debian \(install\.amd\/vmlinuz, \.disk\/info and dists\/CODENAME\/Release\)/,
      );
    });
  }
});

describe("what the remaster touches of a Debian ISO", () => {
  it("is the boot menus and the list of sums", () => {
    assert.deepEqual(debian.media(isoOf(netinst)), {
      kernel: "install.amd/vmlinuz",
      initrd: "install.amd/initrd.gz",
      isolinux: ["isolinux/isolinux.cfg"],
      grub: ["boot/grub/grub.cfg"],
      md5sums: "md5sum.txt",
      efiGrub: [],
      implantedMd5: false,
      baseArguments: [],
    });
  });

  it("is only what is there", () => {
    const { isolinux, grub, md5sums } = debian.media(isoOf(without("isolinux/", "boot/", "md5sum")));
    assert.deepEqual({ isolinux, grub, md5sums }, { isolinux: [], grub: [], md5sums: undefined });
  });
});

it("every family is found by its name", () => {
  for (const family of families) assert.equal(familyOf(family.id), family);
});
