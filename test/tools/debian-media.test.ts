import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { mirrorListEntry } from "../../tools/debian-media/apt";
import { archiveName, field, formatStanzas, parseStanzas } from "../../tools/debian-media/deb822";
import { withIsoPaths } from "../../tools/debian-media/iso";
import { locked } from "../../tools/debian-media/lock";
import { releaseFile } from "../../tools/debian-media/mirror";
import { run } from "../../tools/debian-media/run";

const INDEX = `Package: one
Version: 2:1.0-1
Architecture: amd64
Description: first line
 second line
 .
 third: line
Depends: a, b (>= 1)

Package: two
Tag:
Version: 1

`;

describe("a package list", () => {
  it("is read with continuation lines and empty fields", () => {
    const [one, two] = parseStanzas(INDEX);
    assert.deepEqual(Object.keys(one ?? {}), ["Package", "Version", "Architecture", "Description", "Depends"]);
    assert.equal(one?.["Description"], "first line\n second line\n .\n third: line");
    assert.deepEqual(two, { Package: "two", Tag: "", Version: "1" });
  });

  it("is the same when it is read and written", () => {
    const stanzas = parseStanzas(INDEX);
    assert.deepEqual(parseStanzas(formatStanzas(stanzas)), stanzas);
  });

  it("has no space at a line's end", () => {
    assert.equal(formatStanzas([{ A: "", B: "\n 1", C: "x" }]), "A:\nB:\n 1\nC: x\n\n");
  });

  it("names the package with a missing field", () => {
    assert.throws(() => field({ Package: "one" }, "SHA256"), /package one has no "SHA256"/);
  });

  it("gives the name that apt has a package's file under", () => {
    assert.equal(archiveName(parseStanzas(INDEX)[0] ?? {}), "one_2%3a1.0-1_amd64.deb");
  });
});

describe("a list of mirrors", () => {
  const cases = [
    { text: "http://one.invalid/debian\tpriority:1\nhttp://two.invalid/debian\n", entry: "http://one.invalid/debian" },
    { text: "# comment http://no.invalid\n\nhttps://two.invalid/debian/\n", entry: "https://two.invalid/debian/" },
    { text: "# nothing\n", entry: undefined },
  ];
  for (const { text, entry } of cases) {
    it(`has ${entry ?? "nothing"} as its first entry`, () => assert.equal(mirrorListEntry(text), entry));
  }
});

describe("the boot configuration of the network installer", () => {
  const cases = [
    { from: "path debian-installer/amd64/boot-screens/", to: "path " },
    { from: "include debian-installer/amd64/boot-screens/menu.cfg", to: "include menu.cfg" },
    { from: "kernel debian-installer/amd64/linux", to: "kernel /install.amd/vmlinuz" },
    {
      from: "append vga=788 initrd=debian-installer/amd64/initrd.gz --- quiet",
      to: "append vga=788 initrd=/install.amd/initrd.gz --- quiet",
    },
    { from: "linux    /debian-installer/amd64/linux vga=788", to: "linux    /install.amd/vmlinuz vga=788" },
    { from: "initrd   /debian-installer/amd64/initrd.gz", to: "initrd   /install.amd/initrd.gz" },
  ];
  for (const { from, to } of cases) it(`"${from}" becomes "${to}"`, () => assert.equal(withIsoPaths(from), to));
});

describe("the mirror's Release file", () => {
  it("lists every file with its checksum and size", () => {
    const text = releaseFile({ "main/Packages": Buffer.from("abc") }, new Date("2026-01-02T03:04:05Z"));
    const [release = {}] = parseStanzas(text);
    assert.match(text, /^SHA256:$/m);
    assert.equal(release["Date"], "Fri, 02 Jan 2026 03:04:05 UTC");
    assert.equal(
      release["SHA256"],
      "\n ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3 main/Packages",
    );
  });
});

describe("a program that is run", () => {
  it("gets its input and gives its output", async () => {
    assert.equal((await run("tr", ["a-z", "A-Z"], { input: "abc" })).toString(), "ABC");
  });

  it("that fails is reported with its arguments, exit code and last lines", async () => {
    const failed = run("sh", ["-c", "echo reason >&2; exit 3"]);
    await assert.rejects(failed, /^Error: sh -c echo reason[^]*ended with 3:\n {2}reason$/);
  });
});

describe("the build lock", () => {
  it("lets one after the other in, and reports the wait", async () => {
    const folder = await mkdtemp(join(tmpdir(), "kvm-deploy-lock-"));
    const steps: string[] = [];
    const enter = (name: string, milliseconds: number): Promise<void> =>
      locked(
        join(folder, "lock"),
        () => steps.push(`${name} waits`),
        async () => {
          steps.push(`${name} in`);
          await sleep(milliseconds);
          steps.push(`${name} out`);
        },
      );
    const first = enter("first", 1500);
    while (steps.length === 0) await sleep(10);
    await Promise.all([first, enter("second", 0)]);
    assert.deepEqual(steps, ["first in", "second waits", "first out", "second in", "second out"]);
    await rm(folder, { recursive: true });
  });
});
