import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { openHost } from "../../provider/engine/open-host";
import { checkedBytes, implantedMd5 } from "../../provider/iso/implanted-md5";
import { applicationArea, descriptorArea, sizeOfVolume } from "../../provider/iso/session";
import { makeDebianIso } from "./debian-iso";
import { scratchFolder } from "./host";

describe("the sum for Red Hat's medium check", () => {
  const folder = scratchFolder();
  for (const megabytes of [1, 3, 17]) {
    it(`is what isomd5sum implants into an ISO of ${megabytes} MB`, async () => {
      const iso = path.join(folder, `${megabytes}.iso`);
      const kernel = Buffer.alloc(megabytes * 1e6, Array.from({ length: 251 }, (_, index) => index).join());
      makeDebianIso(iso, { files: { "install.amd/vmlinuz": kernel } });
      const bytes = readFileSync(iso);
      const implanted = path.join(folder, `${megabytes}-implanted.iso`);
      copyFileSync(iso, implanted);
      execFileSync("implantisomd5", ["--force", implanted], { stdio: "ignore" });
      const { offset, length } = applicationArea;
      const expected = readFileSync(implanted).toString("latin1", offset, offset + length);

      const covered = checkedBytes(sizeOfVolume(bytes.subarray(descriptorArea.offset)));
      const blank = path.join(folder, "blank.iso");
      bytes.fill(" ", offset, offset + length);
      writeFileSync(blank, bytes);
      const { files } = openHost("qemu:///session");
      const text = await implantedMd5(covered, (lengths) => files.md5OfStarts(blank, lengths));
      assert.equal(text.padEnd(length), expected);
    });
  }
});
