import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { describe, it } from "node:test";
import { hasContent } from "../../../../provider/resources/machine/files/content";
import { scratchFolder } from "../../../iso/host";
import { site } from "../../../site";

const { host } = site();
const folder = scratchFolder();

const image = (name: string, format: string, ...options: string[]) => {
  const file = path.join(folder, name);
  execFileSync("qemu-img", ["create", "-q", "-f", format, ...options, file, "5632K"]);
  return { path: file, format };
};
const written = ({ path: file, format }: { path: string; format: string }, at: string) => {
  execFileSync("qemu-io", ["-f", format, "-c", `write -q -P 1 ${at} 512`, file]);
  return { path: file, format };
};

describe("a disk", () => {
  for (const [name, make, expected] of [
    ["that was just made is empty", () => image("raw", "raw"), false],
    ["whose space was taken at once is empty", () => image("whole", "raw", "-o", "preallocation=falloc"), false],
    ["of qcow2 is empty", () => image("qcow2", "qcow2"), false],
    ["of qcow2 with its tables made is empty", () => image("tables", "qcow2", "-o", "preallocation=metadata"), false],
    ["with a partition table has content", () => written(image("table", "raw"), "0"), true],
    ["with something at its end alone has content", () => written(image("end", "raw"), "5766656"), true],
    ["of qcow2 that a guest has written to has content", () => written(image("used", "qcow2"), "64k"), true],
    ["that isn't there is empty", () => ({ path: path.join(folder, "none"), format: "raw" }), false],
  ] as const) {
    it(name, async () => assert.equal(await hasContent(host, make()), expected));
  }

  it("that isn't what it is said to be is no disk to install on, and no command line is shown", async () => {
    await assert.rejects(hasContent(host, { ...image("liar", "raw"), format: "qcow2" }), (error: Error) => {
      assert.match(error.message, /^can't find out whether .*liar has content: .*not in qcow2 format/i);
      assert.doesNotMatch(error.message, /qemu-img (info|dd)/);
      return true;
    });
  });
});
