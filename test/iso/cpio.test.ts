import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import fc from "../properties";
import { renderCpio, renderInitrd } from "../../provider/iso/cpio";
import { scratchFolder } from "./host";

function listed(archive: Uint8Array): string[] {
  return execFileSync("cpio", ["-t", "--quiet"], { input: archive }).toString().trim().split("\n");
}

describe("an archive for the initrd", () => {
  it("holds the files with their content and permissions", () => {
    const folder = scratchFolder();
    const files = [
      { path: "preseed.cfg", content: "d-i\n", mode: 0o600 },
      { path: "usr/lib/finish-install.d/93kvm-deploy", content: Buffer.from([0, 255, 10]), mode: 0o755 },
    ];
    execFileSync("cpio", ["-i", "-d", "--quiet"], { input: renderCpio(files), cwd: folder });
    for (const file of files) {
      const unpacked = path.join(folder, file.path);
      assert.deepEqual(readFileSync(unpacked), Buffer.from(file.content));
      assert.equal(statSync(unpacked).mode & 0o7777, file.mode);
    }
  });

  it("has directories before their content", () => {
    const entries = listed(renderCpio([{ path: "a/b/c", content: "", mode: 0o644 }]));
    assert.deepEqual(entries, ["a", "a/b", "a/b/c"]);
  });

  it("never has a directory that may be a symbolic link in the installer's initrd", () => {
    const entries = listed(renderCpio([{ path: "lib/debian-installer-startup.d/S11x", content: "", mode: 0o755 }]));
    assert.deepEqual(entries, ["lib/debian-installer-startup.d/S11x"]);
  });

  it("is the same whatever the order of the files", () => {
    const paths = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,3}x$/), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(paths, (names) => {
        const files = names.map((name) => ({ path: name, content: name, mode: 0o644 }));
        assert.deepEqual(renderInitrd(files.toReversed()), renderInitrd(files));
      }),
    );
  });

  it("comes compressed, without a time in it", () => {
    const compressed = renderInitrd([{ path: "a", content: "a", mode: 0o644 }]);
    assert.deepEqual(gunzipSync(compressed), renderCpio([{ path: "a", content: "a", mode: 0o644 }]));
    assert.equal(Buffer.from(compressed).readUInt32LE(4), 0);
  });

  for (const odd of ["/etc/passwd", "a//b", "../a", "a/./b", "", "a\0b"]) {
    it(`refuses the path ${JSON.stringify(odd)}`, () => {
      assert.throws(() => renderCpio([{ path: odd, content: "", mode: 0o644 }]), /can't be added to an initrd/);
    });
  }
});
