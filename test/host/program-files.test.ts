import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { environmentVariable, programDirectorySync, readTextSync } from "../../provider/host/program-files";
import { scratchFolder } from "../iso/host";

const property = "system.handOver.salt.state";

/** A directory with a text, and what else is made in it. */
function directoryWith(make: (folder: string) => void): string {
  const folder = path.join(scratchFolder(), "salt");
  mkdirSync(path.join(folder, "web"), { recursive: true });
  writeFileSync(path.join(folder, "web", "init.sls"), "a: b\n");
  make(folder);
  return folder;
}

describe("a text that the program names", () => {
  it("is none where there is no file, or a directory", () => {
    const folder = scratchFolder();
    assert.deepEqual([folder, `${folder}/no`, `${folder}/no/no`].map(readTextSync), [undefined, undefined, undefined]);
  });
  it("is refused where it might never end, or is too long", () => {
    const folder = scratchFolder();
    execFileSync("mkfifo", [path.join(folder, "pipe")]);
    writeFileSync(path.join(folder, "long"), "");
    truncateSync(path.join(folder, "long"), 2 ** 25);
    assert.throws(() => readTextSync(path.join(folder, "pipe")), /pipe is a device or a pipe, not a file with a text$/);
    assert.throws(() => readTextSync("/dev/zero"), /\/dev\/zero is a device or a pipe/);
    assert.throws(() => readTextSync(path.join(folder, "long")), /long has more than 16 MiB$/);
  });
});

it("a variable of the environment is none of what every object has", () => {
  assert.deepEqual(["PATH", "toString", "__proto__"].map((name) => typeof environmentVariable(name)), ["string", "undefined", "undefined"]); // prettier-ignore
});

describe("a directory that the program names", () => {
  it("is read with what its links lead to, and without the history of a repository", () => {
    const folder = directoryWith((made) => {
      symlinkSync("web", path.join(made, "alias"));
      symlinkSync("web/init.sls", path.join(made, "top.sls"));
      mkdirSync(path.join(made, ".git"));
      writeFileSync(path.join(made, ".git", "HEAD"), "x");
    });
    assert.deepEqual(programDirectorySync(folder, property), {
      "alias/init.sls": "a: b\n",
      "top.sls": "a: b\n",
      "web/init.sls": "a: b\n",
    });
  });

  const wrong: readonly (readonly [what: string, make: (folder: string) => void, reason: RegExp])[] = [
    [
      "a link that leads nowhere",
      (folder) => symlinkSync("none", path.join(folder, "link")),
      /^cannot read .*\/salt\/link: it does not exist$/,
    ],
    ["a link to itself", (folder) => symlinkSync("link", path.join(folder, "link")), /^cannot read .*\/salt\/link: /],
    [
      "a link to a directory around it",
      (folder) => symlinkSync("..", path.join(folder, "web", "up")),
      /\/salt\/web\/up is a link to a directory around it\. Leave it out/,
    ],
    [
      "a pipe, whose reading would not end",
      (folder) => execFileSync("mkfifo", [path.join(folder, "pipe")]),
      /\/salt\/pipe is neither a file nor a directory\. Leave it out/,
    ],
    [
      "a file that is no text",
      (folder) => writeFileSync(path.join(folder, "image"), Buffer.from([0xff, 0xfe])),
      /\/salt\/image is not a text in UTF-8\. Leave it out/,
    ],
    [
      "more than an installer has room for",
      (folder) => {
        writeFileSync(path.join(folder, "big"), "");
        truncateSync(path.join(folder, "big"), 2 ** 40);
      },
      /\/salt has more than 16 MiB\. Leave it out/,
    ],
  ];
  for (const [what, make, reason] of wrong)
    it(`is refused with ${what}`, () => {
      assert.throws(() => programDirectorySync(directoryWith(make), property), { name: "KvmError", property, reason });
    });
});
