import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { localFiles } from "../../provider/host/files";
import { readTextSync } from "../../provider/host/program-files";
import { run } from "../../provider/host/run";
import { remoteFiles } from "../../provider/host/remote/files";
import { scratchFolder } from "../iso/host";
import { root } from "../site";
import { until } from "./processes";
import { shellHere } from "./remote/here";

const folder = scratchFolder();
const temporary = path.join(folder, "temporary");
/** The same tests are those of a host's files: `remote/files.test.ts` runs this file in that way. */
const isRemote = process.env["KVM_DEPLOY_TEST_FILES"] === "remote";
const files = isRemote ? remoteFiles(temporary, shellHere()) : localFiles(temporary, run);
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

  it("gives the MD5 sums of its starts, and of an absent file an error", async () => {
    const content = Buffer.alloc(2 * 2 ** 20 + 5, "0123456");
    writeFileSync(at("long"), content);
    const lengths = [0, 7, 2 ** 20, 2 ** 20 + 1, content.length - 1, content.length];
    const sums = lengths.map((length) => createHash("md5").update(content.subarray(0, length)).digest("hex"));
    assert.deepEqual(await files.md5OfStarts(at("long"), lengths), sums);
    await assert.rejects(files.md5OfStarts(at("absent"), [1]), { code: "not-found" });
  });

  it("gives its SHA-256 sum, and how far it is", async () => {
    const content = Buffer.alloc(3 * 2 ** 20, "x");
    writeFileSync(at("big"), content);
    const shares: number[] = [];
    const sum = await files.sha256(at("big"), (share) => shares.push(share));
    assert.equal(sum, createHash("sha256").update(content).digest("hex"));
    assert.equal(shares.at(-1), 1);
    assert.ok(isRemote || shares.length >= 3);
  });

  it("reports size and kind, and nothing of what is absent", async () => {
    assert.deepEqual(
      [(await files.stat(at("digits")))?.bytes, (await files.stat(folder))?.isFile, await files.stat(at("absent"))],
      [10, false, undefined],
    );
  });

  it("lists a directory, and none where it is absent", async () => {
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
      readdirSync(folder).filter((name) => name.includes("kvm-deploy")),
      [],
    );
  });

  it("in the middle leaves the rest, and fills up with zeros after the end", async () => {
    writeFileSync(at("patched"), "abcd");
    await files.writeAt(at("patched"), 1, Buffer.from("X"));
    await files.writeAt(at("patched"), 6, Buffer.from("Y"));
    assert.equal(readFileSync(at("patched"), "latin1"), "aXcd\0\0Y");
  });

  it("in the middle of an absent file is an error", async () =>
    assert.rejects(files.writeAt(at("absent"), 0, Buffer.from("x")), { code: "not-found" }));

  it("by a copy has the original's content and the requested mode", async () => {
    writeFileSync(at("original"), "content", { mode: 0o644 });
    writeFileSync(at("copy"), "before");
    await files.copy(at("original"), at("copy"));
    assert.deepEqual([readFileSync(at("copy"), "utf8"), modeOf(at("copy"))], ["content", "600"]);
    await files.copy(at("original"), at("copy"), 0o640);
    assert.equal(modeOf(at("copy")), "640");
  });
});

describe("directories", () => {
  it("are created with their parents, in the requested mode", async () => {
    await files.createDirectory(at("one/two"), 0o711);
    assert.equal(modeOf(at("one/two")), "711");
  });

  it("that are there keep their mode", async () => {
    mkdirSync(at("kept"), { mode: 0o750 });
    chmodSync(at("kept"), 0o750);
    await files.createDirectory(at("kept"), 0o700);
    assert.equal(modeOf(at("kept")), "750");
  });

  it("are made also while others remove them, since they find them empty", async () => {
    const place = at("contended");
    const end = new AbortController();
    const removing = (async () => {
      while (!end.signal.aborted) await files.removeEmptyDirectory(place);
    })();
    try {
      for (let times = 0; times < 300; times += 1) await files.createDirectory(place);
    } finally {
      end.abort();
      await removing;
    }
  });

  it("are removed when they are empty, and never with what lies in them", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/file"), "");
    await files.removeEmptyDirectory(at("full"));
    assert.ok(existsSync(at("full/file")));
    await files.remove(at("full/file"));
    await files.removeEmptyDirectory(at("full"));
    await files.removeEmptyDirectory(at("full"));
    assert.ok(!existsSync(at("full")));
  });

  for (const [kind, within] of [
    ["temporary", <T>(use: (folder: string) => Promise<T>) => files.withTemporaryDirectory(use)],
    [
      "next to a file",
      <T>(use: (folder: string) => Promise<T>) => files.withDirectoryNextTo(at("temporary/file"), use),
    ],
  ] as const) {
    it(`that are ${kind} are ours alone, can be used by programs, and are removed afterwards, also after a failure`, async () => {
      let seen = "";
      const work = within(async (inside) => {
        seen = realpathSync(inside);
        assert.equal(modeOf(inside), "700");
        await files.write(path.join(inside, "secret"), "x");
        await run("cp", [path.join(inside, "secret"), path.join(inside, "copy")]);
        assert.deepEqual([readFileSync(path.join(seen, "copy"), "utf8"), await files.list(at("temporary"))], ["x", []]);
        throw new Error("failed");
      });
      await assert.rejects(work, /^Error: failed$/);
      assert.equal(path.dirname(seen), at("temporary"));
      assert.ok(!existsSync(seen));
    });
  }

  it("that are not removed since something keeps them are no failure", async () => {
    mkdirSync(at("mounted"));
    writeFileSync(at("no-folder"), "");
    mkdirSync(at("readonly/inside"), { recursive: true });
    await run("mount", ["-t", "tmpfs", "tmpfs", at("mounted")]);
    await run("mount", ["--bind", at("readonly"), at("readonly")]);
    await run("mount", ["-o", "remount,bind,ro", at("readonly")]);
    try {
      for (const name of ["mounted", "no-folder", "readonly/inside", "no-folder/below"])
        await files.removeEmptyDirectory(at(name));
      if (isRemote) mkdirSync(at("one/two/kept"));
      await asNobody(() => files.removeEmptyDirectory(at("one/two")));
      for (const name of ["mounted", "no-folder", "readonly/inside", "one/two"]) assert.ok(existsSync(at(name)), name);
    } finally {
      await run("umount", [at("mounted"), at("readonly")]);
    }
  });

  it("show how much may be written", async () => assert.ok((await files.freeSpace(folder)) > 0));
});

describe("a failure names the path and says what to do", () => {
  it("without the right to it", { skip: isRemote && "the other user is one of this process" }, async () => {
    mkdirSync(at("locked"), { mode: 0o700 });
    await asNobody(async () => {
      await assert.rejects(files.write(at("locked/file"), "x"), {
        code: "forbidden",
        message: `cannot write ${at("locked/file")}: permission denied. Run as root, or give this user access to the directory`,
      });
    });
  });

  it("when it does not exist", async () =>
    assert.rejects(files.rename(at("absent"), at("other")), {
      code: "not-found",
      message: `cannot write ${at("other")}: it does not exist`,
    }));

  it("when its directory does not exist", async () =>
    assert.rejects(files.write(at("no/file"), "x"), { code: "not-found" }));

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

/** What a process leaves that is killed while it writes: in a folder of its own, beside a file, and a file. */
async function killedWriter(folder: string): Promise<void> {
  const program = `
    const { localFiles } = require("./provider/host/files");
    const { passingName } = require("./provider/host/leftovers");
    const { run } = require("./provider/host/run");
    const { writeFileSync } = require("node:fs");
    const files = localFiles(${JSON.stringify(folder)}, run);
    void files.withTemporaryDirectory((one) => files.withDirectoryNextTo(${JSON.stringify(path.join(folder, "x.iso"))}, async (other) => {
      for (const inside of [one, other]) await files.write(inside + "/secret", "hunter2");
      writeFileSync(${JSON.stringify(folder)} + "/" + passingName(), "hunter2");
      console.log("written");
      await new Promise((resolve) => setInterval(resolve, 2 ** 30));
    }));`;
  const child = spawn(process.execPath, ["--import", "tsx", "-e", program], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const passing = readdirSync(folder);
    assert.equal(passing.length, 3);
    assert.deepEqual(await files.list(folder), [], "what is being written is not listed");
    await files.sweep(folder);
    assert.deepEqual(readdirSync(folder), passing, "of a living process nothing goes");
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

describe("what a killed process has left half-written", () => {
  for (const [how, next] of [
    ["by a sweep", (folder: string) => files.sweep(folder)],
    [
      "when a file is made there",
      (folder: string) => files.withDirectoryNextTo(path.join(folder, "y"), () => Promise.resolve()),
    ],
    [
      "when a temporary directory is",
      (folder: string) => localFiles(folder, run).withTemporaryDirectory(() => Promise.resolve()),
    ],
  ] as const) {
    it(`goes ${how}`, async () => {
      const folder = mkdtempSync(at("killed-"));
      await killedWriter(folder);
      await next(folder);
      assert.deepEqual(readdirSync(folder), []);
    });
  }

  const byTheHostItself = { skip: isRemote && "only programs on the host itself know of other namespaces" };
  it("goes in namespaces of processes that have ended, too", byTheHostItself, async () => {
    const folder = mkdtempSync(at("isolated-"));
    const program = `
      const { passingName } = require("./provider/host/leftovers");
      require("node:fs").writeFileSync(${JSON.stringify(folder)} + "/" + passingName(), "");
      console.log("written");
      setInterval(() => undefined, 2 ** 30);`;
    const isolated = ["--pid", "--fork", "--kill-child", "--mount-proc", process.execPath, "--import", "tsx", "-e"];
    const child = spawn("unshare", [...isolated, program], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    try {
      await once(child.stdout, "data");
      await files.sweep(folder);
      assert.equal(readdirSync(folder).length, 1);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    assert.ok(
      await until(() => {
        void files.sweep(folder);
        return readdirSync(folder).length === 0;
      }),
    );
  });

  it("is not taken for it when others have put it there, or a link", async () => {
    const folder = mkdtempSync(at("foreign-"));
    mkdirSync(path.join(folder, "kept"));
    writeFileSync(path.join(folder, "kept/file"), "");
    const dead = ".kvm-deploy-4026531836-1-1-";
    symlinkSync("kept", path.join(folder, `${dead}a`));
    mkdirSync(path.join(folder, `${dead}b`));
    chownSync(path.join(folder, `${dead}b`), 65534, 65534);
    writeFileSync(path.join(folder, `${dead}not-ours`), "");
    await files.sweep(folder);
    assert.deepEqual(readdirSync(folder).sort(), [`${dead}b`, `${dead}not-ours`, "kept"]);
    assert.ok(existsSync(path.join(folder, "kept/file")));
  });
});

describe("in a directory that others write to, no link is followed", () => {
  const victim = at("victim");
  const bait = () => {
    writeFileSync(victim, "untouched", { mode: 0o644 });
    const folder = mkdtempSync(at("open-"));
    symlinkSync(victim, path.join(folder, "file"));
    return path.join(folder, "file");
  };
  const writers: Readonly<Record<string, (file: string) => Promise<void>>> = {
    write: (file) => files.write(file, "x"),
    writeAt: (file) => files.writeAt(file, 0, Buffer.from("x")),
    copy: (file) => files.copy(at("digits"), file, 0o600),
    rename: async (file) => {
      writeFileSync(at("renamed"), "x");
      await files.rename(at("renamed"), file);
    },
    remove: (file) => files.remove(file),
    removeEmptyDirectory: (file) => files.removeEmptyDirectory(file),
    createDirectory: (file) => files.createDirectory(file, 0o700),
  };
  for (const [verb, work] of Object.entries(writers)) {
    it(`by ${verb}`, async () => {
      await work(bait()).catch(() => undefined);
      assert.deepEqual([readFileSync(victim, "utf8"), modeOf(victim)], ["untouched", "644"]);
    });
  }

  it("also when they replace our directory by theirs", async () => {
    const folder = mkdtempSync(at("swapped-"));
    const theirs = mkdtempSync(at("theirs-"));
    await files.withDirectoryNextTo(path.join(folder, "file"), async (inside) => {
      const place = realpathSync(inside);
      renameSync(place, path.join(folder, "moved"));
      symlinkSync(theirs, place);
      await files.copy(at("digits"), path.join(inside, "file"));
      await files.writeAt(path.join(inside, "file"), 0, Buffer.from("x"));
    });
    assert.deepEqual([readdirSync(theirs), readdirSync(path.join(folder, "moved"))], [[], []]);
  });

  it("and a failure shows the directory's path, not the way to it", async () => {
    const folder = mkdtempSync(at("told-"));
    await files.withDirectoryNextTo(path.join(folder, "file"), async (inside) => {
      const message = `cannot write ${realpathSync(inside)}/absent: it does not exist`;
      await assert.rejects(files.writeAt(path.join(inside, "absent"), 0, Buffer.from("x")), { message });
    });
  });
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
