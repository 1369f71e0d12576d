import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { localFiles, readTextSync } from "../../provider/host/files";
import { run } from "../../provider/host/run";
import { scratchFolder } from "../iso/host";

const folder = scratchFolder();
const files = localFiles(path.join(folder, "temporary"), run);
const at = (name: string) => path.join(folder, name);
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

/** As somebody who may nothing, for root may everything. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  const own = process.geteuid?.() ?? 0;
  if (own === 0) process.seteuid?.(65534);
  try {
    await work();
  } finally {
    if (own === 0) process.seteuid?.(own);
  }
}

describe("reading a file", () => {
  writeFileSync(at("digits"), "0123456789");

  it("gives its text, and nothing of one that is absent", async () => {
    assert.equal(await files.readTextIfPresent(at("digits")), "0123456789");
    assert.equal(await files.readTextIfPresent(at("absent")), undefined);
    assert.equal(await files.readTextIfPresent(at("digits/below-a-file")), undefined);
  });

  for (const [offset, length, expected] of [
    [0, undefined, "0123456789"],
    [7, undefined, "789"],
    [7, 2, "78"],
    [7, 99, "789"],
    [10, undefined, ""],
    [11, 5, ""],
  ] as const) {
    it(`from byte ${offset}, ${length ?? "all"} of it`, async () =>
      assert.equal((await files.readFrom(at("digits"), offset, length)).toString(), expected));
  }

  it("from a byte of an absent file gives nothing", async () =>
    assert.equal((await files.readFrom(at("absent"), 0)).length, 0));

  it("in pieces gives all of it, and of an absent file an error", async () => {
    const content = Buffer.alloc(2 * 2 ** 20 + 5, "0123456");
    writeFileSync(at("long"), content);
    const read: Buffer[] = [];
    for await (const piece of files.pieces(at("long"))) read.push(Buffer.from(piece));
    assert.equal(Buffer.concat(read).compare(content), 0);
    await assert.rejects(files.pieces(at("absent"))[Symbol.asyncIterator]().next(), { code: "not-found" });
  });

  it("gives its SHA-256 sum, and how far it is", async () => {
    const content = Buffer.alloc(3 * 2 ** 20, "x");
    writeFileSync(at("big"), content);
    const shares: number[] = [];
    const sum = await files.sha256(at("big"), (share) => shares.push(share));
    assert.equal(sum, createHash("sha256").update(content).digest("hex"));
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.length >= 3);
  });

  it("tells size and kind, and nothing of what is absent", async () => {
    assert.deepEqual(
      [(await files.stat(at("digits")))?.bytes, (await files.stat(folder))?.isFile, await files.stat(at("absent"))],
      [10, false, undefined],
    );
  });

  it("lists a folder, and none where it is absent", async () => {
    mkdirSync(at("listed"));
    writeFileSync(at("listed/a"), "");
    assert.deepEqual([await files.list(at("listed")), await files.list(at("absent"))], [["a"], []]);
  });
});

describe("writing a file", () => {
  it("makes one that only we can read, whatever was there before", async () => {
    writeFileSync(at("secret"), "old", { mode: 0o644 });
    await files.write(at("secret"), "new");
    assert.deepEqual([readFileSync(at("secret"), "utf8"), modeOf(at("secret"))], ["new", "600"]);
  });

  it("leaves nothing of a file that could not be written", async () => {
    mkdirSync(at("occupied"));
    await assert.rejects(files.write(at("occupied"), "x"), /cannot write .*occupied/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
  });

  it("in the middle leaves the rest, and fills up with zeros behind the end", async () => {
    writeFileSync(at("patched"), "abcd");
    await files.writeAt(at("patched"), 1, Buffer.from("X"));
    await files.writeAt(at("patched"), 6, Buffer.from("Y"));
    assert.equal(readFileSync(at("patched"), "latin1"), "aXcd\0\0Y");
  });

  it("in the middle of an absent file is an error", async () =>
    assert.rejects(files.writeAt(at("absent"), 0, Buffer.from("x")), { code: "not-found" }));

  it("by a copy has the original's content and the mode that is asked for", async () => {
    writeFileSync(at("original"), "content", { mode: 0o644 });
    writeFileSync(at("copy"), "before");
    await files.copy(at("original"), at("copy"));
    assert.deepEqual([readFileSync(at("copy"), "utf8"), modeOf(at("copy"))], ["content", "600"]);
    await files.copy(at("original"), at("copy"), 0o640);
    assert.equal(modeOf(at("copy")), "640");
  });
});

describe("folders", () => {
  it("are made with their parents, in the mode that is asked for", async () => {
    await files.makeFolder(at("one/two"), 0o711);
    assert.equal(modeOf(at("one/two")), "711");
  });

  it("that are there keep their mode", async () => {
    mkdirSync(at("kept"), { mode: 0o750 });
    chmodSync(at("kept"), 0o750);
    await files.makeFolder(at("kept"), 0o700);
    assert.equal(modeOf(at("kept")), "750");
  });

  it("are removed when they are empty, and never with what lies in them", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/file"), "");
    await files.removeEmptyFolder(at("full"));
    assert.ok(existsSync(at("full/file")));
    await files.remove(at("full/file"));
    await files.removeEmptyFolder(at("full"));
    await files.removeEmptyFolder(at("full"));
    assert.ok(!existsSync(at("full")));
  });

  it("that are temporary are ours alone, and gone afterwards, also after a failure", async () => {
    let seen = "";
    const work = files.withTemporaryFolder((temporary) => {
      seen = temporary;
      assert.equal(modeOf(temporary), "700");
      return Promise.reject(new Error("failed"));
    });
    await assert.rejects(work, /^Error: failed$/);
    assert.ok(seen.startsWith(at("temporary")) && !existsSync(seen));
  });

  it("tell how much may be written", async () => assert.ok((await files.freeSpace(folder)) > 0));
});

describe("a failure names the path and says what to do", () => {
  it("without the right to it", async () => {
    mkdirSync(at("locked"), { mode: 0o700 });
    await asNobody(async () => {
      await assert.rejects(files.write(at("locked/file"), "x"), {
        code: "forbidden",
        message: `cannot write ${at("locked/file")}: permission denied. Run as root, or give this user access to the folder`,
      });
    });
  });

  it("when it isn't there", async () =>
    assert.rejects(files.rename(at("absent"), at("other")), {
      code: "not-found",
      message: `cannot write ${at("other")}: it does not exist`,
    }));

  it("when its folder isn't there", async () => assert.rejects(files.write(at("no/file"), "x"), { code: "not-found" }));

  it("when there is no room for a copy", async () => {
    mkdirSync(at("small"));
    await run("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", at("small")]);
    try {
      writeFileSync(at("large"), Buffer.alloc(200_000));
      await assert.rejects(files.copy(at("large"), at("small/copy")), {
        code: "no-space",
        message: /cannot write .*small\/copy: no space left\. Free space on that file system/,
      });
    } finally {
      await run("umount", [at("small")]);
    }
  });

  it("of another kind keeps the system's words", async () =>
    assert.rejects(files.remove(folder), { code: "command-failed", message: /^cannot remove .*: .*directory/i }));
});

describe("readTextSync", () => {
  it("gives a file's text, and undefined for what is no file", () => {
    writeFileSync(at("text"), "ü");
    assert.deepEqual(
      [readTextSync(at("text")), readTextSync(at("absent")), readTextSync(folder)],
      ["ü", undefined, undefined],
    );
  });
});
