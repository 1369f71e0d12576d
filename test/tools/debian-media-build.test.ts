import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { debianMedia, type DebianMedia } from "../../tools/debian-media";
import { field, parseStanzas, type Stanza } from "../../tools/debian-media/deb822";
import { run } from "../../tools/debian-media/run";

const CACHE = join(__dirname, "../../.cache/debian-media");

/** A file of the archive that was appended to an initrd: cpio stops at the end of the first one, the kernel goes on. */
async function fromAppended(initrd: Buffer, name: string, folder: string): Promise<Buffer> {
  const data = await promisify(gunzip)(initrd);
  const second = data.indexOf("070701", data.indexOf("TRAILER!!!"));
  await run("cpio", ["-id", "--quiet", "--make-directories"], { cwd: folder, input: data.subarray(second) });
  return readFile(join(folder, name));
}

describe("the Debian installer media", () => {
  let media: DebianMedia;
  let folder: string;
  const inMirror = (path: string): string => join(media.mirror, "debian", path);

  before(async () => {
    media = await debianMedia({ cacheDir: CACHE, log: (line) => console.log(line) });
    folder = await mkdtemp(join(tmpdir(), "kvm-deploy-media-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("are there at once the second time", async () => {
    const lines: string[] = [];
    assert.deepEqual(await debianMedia({ cacheDir: CACHE, log: (line) => lines.push(line) }), media);
    assert.deepEqual(lines, []);
  });

  it("have the checksum that they say", async () => {
    const sum = createHash("sha256")
      .update(await readFile(media.iso))
      .digest("hex");
    assert.equal(sum, media.sha256);
  });

  it("boot by BIOS, UEFI and as a disk", async () => {
    const report = (
      await run("xorriso", ["-indev", media.iso, "-report_el_torito", "plain", "-report_system_area", "plain"])
    ).toString();
    assert.match(report, /El Torito boot img : +1 +BIOS +y/);
    assert.match(report, /El Torito boot img : +2 +UEFI +y/);
    assert.match(report, /isohybrid/);
  });

  it("are signed by a key that the installer trusts", async () => {
    await run("xorriso", [
      "-osirrox",
      "on",
      "-indev",
      media.iso,
      "-extract",
      "/install.amd/initrd.gz",
      join(folder, "initrd.gz"),
    ]);
    const name = "usr/share/keyrings/debian-archive-keyring.pgp";
    const keyring = join(folder, "keyring.gpg");
    await writeFile(keyring, await fromAppended(await readFile(join(folder, "initrd.gz")), name, folder));
    await run("gpgv", ["--keyring", keyring, inMirror("dists/trixie/InRelease")]);
    await run("gpgv", ["--keyring", keyring, inMirror("dists/trixie/Release.gpg"), inMirror("dists/trixie/Release")]);
  });

  it("have every file that the mirror's lists name, with its checksum", async () => {
    const entries: Stanza[] = [];
    for (const list of ["debian-installer/binary-amd64", "binary-amd64"]) {
      entries.push(...parseStanzas(await readFile(inMirror(`dists/trixie/main/${list}/Packages`), "utf8")));
    }
    assert.ok(entries.length > 150);
    for (const entry of entries) {
      const data = await readFile(inMirror(field(entry, "Filename")));
      assert.equal(createHash("sha256").update(data).digest("hex"), field(entry, "SHA256"), field(entry, "Package"));
    }
  });

  it("have what BIOS and UEFI machines with ssh need, and not what slows an installation down", async () => {
    const list = await readFile(inMirror("dists/trixie/main/binary-amd64/Packages"), "utf8");
    const priority = new Map(parseStanzas(list).map((entry) => [field(entry, "Package"), entry["Priority"]]));
    for (const name of ["grub-pc", "grub-efi-amd64-signed", "shim-signed", "efibootmgr"]) assert.ok(priority.has(name));
    for (const name of ["openssh-server", "dbus"]) assert.equal(priority.get(name), "important");
    assert.equal(priority.get("kvm-deploy-archive"), "required");
    assert.ok(!priority.has("qemu-guest-agent"));
  });

  it("leave no half-built files", async () => {
    await assert.rejects(stat(join(media.mirror, "../work")), /ENOENT/);
    await assert.rejects(stat(`${join(media.mirror, "..")}.part`), /ENOENT/);
  });
});
