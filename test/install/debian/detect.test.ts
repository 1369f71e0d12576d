import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { debian } from "../../../provider/install/debian/index";
import { systemOptions } from "../../../provider/install/shared/system";
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

  for (const [info, release] of [
    [
      'Kali GNU/Linux 2026.3 "Kali-last-snapshot" - Official amd64 BD Binary-1 with firmware 20260901-10:00',
      { title: 'Kali GNU/Linux 2026.3 "Kali-last-snapshot"', version: "2026.3" },
    ],
    [
      "Devuan GNU/Linux 5.0.1 daedalus - amd64 netinst 20230914",
      { title: "Devuan GNU/Linux 5.0.1 daedalus", version: "5.0.1" },
    ],
    [
      'Debian GNU/Linux testing "Forky" - Official Snapshot amd64 NETINST 20261101-03:10',
      { title: 'Debian GNU/Linux testing "Forky"', version: "testing" },
    ],
  ] as const) {
    it(`is known, too, as ${release.title}`, () => {
      const found = detectRelease(isoOf({ ...netinst, ".disk/info": info }), "a.iso");
      assert.deepEqual(found, { family: "debian", ...release, codename: "trixie" });
    });
  }

  it("that holds a live system is told as such", () => {
    const live = {
      ...without("install.amd/"),
      ".disk/info": "Official Debian GNU/Linux Live 12.5.0 gnome 2024-02-10T11:20",
      "live/filesystem.squashfs": "",
    };
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

describe("the repositories that a Debian ISO would wait for", () => {
  const system = systemOptions.parse({});
  const told = (title: string, version: string, own: unknown = {}, options = system) =>
    debian.releaseLimits({ family: "debian", title, version }, options, own).map(({ property }) => property);

  it("are refused for a release that has ended, and for other distributions", () => {
    for (const [title, version] of [
      ["Debian GNU/Linux 11.11.0", "11.11.0"],
      ["Kali GNU/Linux 2026.3", "2026.3"],
    ] as const) {
      assert.deepEqual(told(title, version), ["debian.repositories"]);
      assert.deepEqual(told(title, version, { repositories: [] }), []);
    }
    assert.deepEqual(told("Debian GNU/Linux 12.15.0", "12.15.0"), []);
  });

  it("and so is what needs systemd, for Devuan", () => {
    const options = systemOptions.parse({ ntp: false, scripts: { firstBoot: ["true"] } });
    const properties = told("Devuan GNU/Linux 5.0.1", "5.0.1", { repositories: [] }, options);
    assert.deepEqual(properties, ["system.scripts.firstBoot", "system.ntp"]);
  });

  it("and so is a keyboard that an older installer doesn't offer", () => {
    const options = systemOptions.parse({ keyboard: "ca(multix)" });
    assert.deepEqual(told("Debian GNU/Linux 12.15.0", "12.15.0", {}, options), ["system.keyboard"]);
    assert.deepEqual(told("Debian GNU/Linux 13.2.0", "13.2.0", {}, options), []);
  });
});

it("every family is found by its name", () => {
  for (const family of families) assert.equal(familyOf(family.id), family);
});
