import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseCatalogue } from "../../provider/releases/catalogue";
import { mediumOf, namesIn, otherPlacesOf } from "../../provider/releases/names";
import { root } from "../site";
import { smallCatalogue } from "./small-catalogue";

const shippedFile = path.join(root, "provider/releases/catalogue.yaml");
const shipped = parseCatalogue(readFileSync(shippedFile, "utf8"), shippedFile);

/** The URLs of the list of sums and of the image. */
function placeOf(name: string): [sums: string, iso: string] {
  const { folders, sums, iso } = mediumOf(name, shipped);
  return [new URL(sums, folders[0]).href, new URL(iso, folders[0]).href];
}

describe("a name of the shipped catalogue", () => {
  // States have these names: a later release of kvm-deploy must not give them another meaning.
  const meanings = {
    "debian:13": "https://cdimage.debian.org/cdimage/release/current/amd64/iso-cd/debian-13.*-amd64-netinst.iso",
    "debian:12":
      "https://cdimage.debian.org/cdimage/archive/latest-oldstable/amd64/iso-cd/debian-12.*-amd64-netinst.iso",
    "ubuntu:24.04": "https://releases.ubuntu.com/24.04/ubuntu-24.04*-live-server-amd64.iso",
    "fedora:43":
      "https://download.fedoraproject.org/pub/fedora/linux/releases/43/Server/x86_64/iso/Fedora-Server-dvd-x86_64-43-*.iso",
    "almalinux:9": "https://repo.almalinux.org/almalinux/9/isos/x86_64/AlmaLinux-9.*-x86_64-dvd.iso",
    "rocky:10": "https://dl.rockylinux.org/pub/rocky/10/isos/x86_64/Rocky-10.*-x86_64-dvd*.iso",
    "opensuse:16.0":
      "https://download.opensuse.org/distribution/leap/16.0/offline/Leap-16.0-offline-installer-x86_64*.install.iso",
    "opensuse:15.6":
      "https://download.opensuse.org/distribution/leap/15.6/iso/openSUSE-Leap-15.6-DVD-x86_64-*Media.iso",
  };
  for (const [name, iso] of Object.entries(meanings))
    it(`${name} means what it meant`, () => assert.equal(placeOf(name)[1], iso));

  for (const name of [...namesIn(shipped), ...Object.keys(shipped.distributions).map((one) => `${one}:latest`)])
    it(`${name} has a place and a key, or has ended`, () => {
      if (name.startsWith("debian:11")) {
        assert.throws(() => mediumOf(name, shipped), /debian:11.* has ended/);
        return;
      }
      const [sums, iso] = placeOf(name);
      assert.match(`${sums} ${iso}`, /^https:\/\/[^{}]* https:\/\/[^{}]*\.iso$/);
      assert.ok(mediumOf(name, shipped).keys.length > 0);
    });

  it("of a medium is another file of the same release", () => {
    const dvd = "https://cdimage.debian.org/cdimage/release/current/amd64/iso-dvd/";
    assert.deepEqual(placeOf("debian:13/dvd"), [`${dvd}SHA256SUMS`, `${dvd}debian-13.*-amd64-DVD-1.iso`]);
    assert.deepEqual(placeOf("debian:13/netinst"), placeOf("debian:13"));
    assert.match(placeOf("debian:latest/dvd")[1], /debian-13/);
    assert.match(placeOf("fedora:44/netinst")[1], /Fedora-Server-netinst-x86_64-44/);
  });

  it("of a point release is searched where the distribution keeps each of them", () => {
    const { folders, point, iso } = mediumOf("debian:13.6", shipped);
    const [release, archive] = ["release", "archive"].map(
      (place) => `https://cdimage.debian.org/cdimage/${place}/13.6.0/amd64/`,
    );
    assert.deepEqual([folders, point, iso], [[release, archive], "13.6", "iso-cd/debian-13.*-amd64-netinst.iso"]);
    assert.equal(mediumOf("ubuntu:24.04.3", shipped).point, "24.04.3");
    assert.match(mediumOf("almalinux:10.1/boot", shipped).iso, /-boot\.iso$/);
  });

  it("of a point release is unknown, where the distribution has none", () => {
    for (const name of ["fedora:44.1", "opensuse:16.0.1", "debian:testing.1", "debian:13.6.0"])
      assert.throws(() => mediumOf(name, shipped), /the catalogue has no ".*"; .*releases of/i);
  });

  it("says of a release that can't be installed any more why, and what to do", () => {
    assert.throws(
      () => mediumOf("debian:11", shipped),
      /^KvmError: source: debian:11 has ended: its security repository was closed .* Take a later release; .*`url` and `sha256`$/,
    );
  });
});

describe("the other places of an image that has moved", () => {
  for (const [name, url, others] of [
    [
      "debian:13",
      "https://cdimage.debian.org/cdimage/release/current/amd64/iso-cd/debian-13.6.0-amd64-netinst.iso",
      ["release/13.6.0", "archive/13.6.0"].map(
        (place) => `https://cdimage.debian.org/cdimage/${place}/amd64/iso-cd/debian-13.6.0-amd64-netinst.iso`,
      ),
    ],
    [
      "ubuntu:24.04",
      "https://releases.ubuntu.com/24.04/ubuntu-24.04.3-live-server-amd64.iso",
      ["https://releases.ubuntu.com/24.04.3/", "https://old-releases.ubuntu.com/releases/24.04.3/"].map(
        (place) => `${place}ubuntu-24.04.3-live-server-amd64.iso`,
      ),
    ],
    [
      "almalinux:latest/boot",
      "https://repo.almalinux.org/almalinux/10/isos/x86_64/AlmaLinux-10.1-x86_64-boot.iso",
      ["https://repo.almalinux.org/almalinux/", "https://vault.almalinux.org/"].map(
        (place) => `${place}10.1/isos/x86_64/AlmaLinux-10.1-x86_64-boot.iso`,
      ),
    ],
    [
      "fedora:43",
      "https://download.fedoraproject.org/pub/fedora/linux/releases/43/Server/x86_64/iso/Fedora-Server-dvd-x86_64-43-1.6.iso",
      [
        "https://archives.fedoraproject.org/pub/archive/fedora/linux/releases/43/Server/x86_64/iso/Fedora-Server-dvd-x86_64-43-1.6.iso",
      ],
    ],
    ["oracle:10.2", "https://yum.oracle.com/ISOS/OracleLinux/OL10/u2/x86_64/OracleLinux-R10-U2-x86_64-dvd.iso", []],
  ] as const)
    it(`are, of ${name}, those of its point release`, () =>
      assert.deepEqual(otherPlacesOf(name, url, shipped), others));
});

describe("a name", () => {
  const catalogue = parseCatalogue(smallCatalogue, "own.yaml");

  for (const [name, message] of [
    ["debain:13", /the catalogue has no "debain:13"; .*distributions: own/i],
    ["own:3", /source: the catalogue has no "own:3"; .*releases of own: 2, latest.*give `url` and `sha256`/i],
    ["own:2.1", /source: the catalogue has no "own:2\.1"/i],
    ["own:2/dvd", /source: the catalogue has no "own:2\/dvd"; .*media of own:2: none/i],
    ["own", /the catalogue has no "own"/],
  ] as const) {
    it(`${name} that the catalogue doesn't have is reported with what there is`, () =>
      assert.throws(() => mediumOf(name, catalogue), message));
  }

  it("whose key is missing is an error", () => {
    const without = parseCatalogue(smallCatalogue.replace("[mine]", "[mien]"), "own.yaml");
    assert.throws(() => mediumOf("own:2", without), /catalogue: the catalogue has no key "mien"; did you mean "mine"/);
  });
});
