import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { inspectIso, parseReport, readIsoText, requireXorriso } from "../../provider/iso/inspect";
import { makeDebianIso } from "./debian-iso";
import { scratchFolder, scratchHost } from "./host";

const report = `Drive current: -indev 'debian.iso'
PVD address  : 16s
Volume Id    : Debian 13.2.0 amd64 n
Creation Time: 2025111509143600
Modif. Time  : 2025111509143600
El Torito boot img :   1  BIOS  y   none  0x0000  0x00      4        2151
El Torito boot img :   2  UEFI  y   none  0x0000  0x00  18912        2160
Report layout: xt , Startlba ,   Blocks , Filesize , ISO image path
File data lba:  0 ,     2151 ,        1 ,       86 , '/.disk/info'
File data lba:  0 ,     2160 ,  2097151 , 4294965248 , '/it'"'"'s a file'
File data lba:  1 ,  2099311 ,        1 ,     1000 , '/it'"'"'s a file'
`;

describe("an ISO", () => {
  it("is known by xorriso's report", () => {
    assert.deepEqual(parseReport(report), {
      volumeId: "Debian 13.2.0 amd64 n",
      modified: Date.UTC(2025, 10, 15, 9, 14, 36) / 1000,
      files: new Set([".disk/info", "it's a file"]),
      places: new Map([
        [".disk/info", { offset: 2151 * 2048, length: 86 }],
        ["it's a file", { offset: 2160 * 2048, length: 4294965248 }],
      ]),
      boots: ["BIOS", "UEFI"],
      efiImage: 2160 * 2048,
    });
  });

  it("without a time counts as of 1980", () => {
    const modified = parseReport(report.replace(/(Modif. Time {2}: )\d+/, "$10000000000000000"))?.modified;
    assert.equal(modified, Date.UTC(1980, 0, 1) / 1000);
  });

  it("is none without a primary volume descriptor", () => {
    assert.equal(parseReport(report.replace("PVD address", "PVD")), undefined);
  });

  const folder = scratchFolder();
  const host = scratchHost(folder);
  const iso = path.join(folder, "debian 13's.iso");
  makeDebianIso(iso);

  it("is read by xorriso: volume id, files, boot records and the selected texts", async () => {
    const contents = await inspectIso(iso, (files) => [...files].filter((file) => file.startsWith(".disk/")), host);
    assert.equal(contents.volumeId, "Debian 13.2.0 amd64 n");
    assert.ok(!contents.hasImplantedMd5);
    assert.deepEqual(contents.boots, ["BIOS", "UEFI"]);
    assert.ok(contents.files.has("install.amd/initrd.gz"));
    assert.deepEqual([...contents.texts.keys()], [".disk/info"]);
    assert.match(contents.texts.get(".disk/info") ?? "", /^Debian GNU\/Linux 13\.2\.0 "Trixie"/);
  });

  it("returns a text, or that there is none", async () => {
    assert.match((await readIsoText(iso, "dists/trixie/Release", host)) ?? "", /Codename: trixie/);
    assert.equal(await readIsoText(iso, "kvm-deploy/installation.json", host), undefined);
  });

  it("that is none is reported as such", async () => {
    const text = path.join(folder, "text.iso");
    writeFileSync(text, "<html>not found</html>");
    await assert.rejects(
      inspectIso(text, () => [], host),
      /text\.iso is not an ISO 9660 image/,
    );
  });
});

describe("xorriso", () => {
  const versions = [
    { stderr: "xorriso 1.5.4 : RockRidge filesystem manipulator", refused: false },
    { stderr: "xorriso 1.5.10 : RockRidge filesystem manipulator", refused: false },
    { stderr: "xorriso 2.0.0 : RockRidge filesystem manipulator", refused: false },
    { stderr: "xorriso 1.5.2 : RockRidge filesystem manipulator", refused: true },
    { stderr: "xorriso 1.4.8 : RockRidge filesystem manipulator", refused: true },
  ];
  for (const { stderr, refused } of versions) {
    it(`${stderr.slice(8, 14).trim()} is ${refused ? "too old" : "new enough"}`, () => {
      const look = () => requireXorriso(stderr);
      if (refused) assert.throws(look, /is too old; 1\.5\.4 or later is needed/);
      else look();
    });
  }
});
