import assert from "node:assert/strict";
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { inflateSync } from "node:zlib";
import { asPng } from "../../../../provider/resources/machine/guest/picture";
import { quotable, quotableScreen } from "../../../../provider/resources/machine/guest/quotable";
import { screenOf } from "../../../../provider/resources/machine/guest/screen";
import { inOneLine } from "../../../../provider/resources/machine/guest/standstill";
import { scratchFolder } from "../../../iso/host";
import { site } from "../../../site";

const { files } = site().host;

describe("the screen of a console", () => {
  it("is what its log draws, piece by piece", async () => {
    const log = path.join(scratchFolder(), "console.log");
    const screen = screenOf(files, log);
    assert.deepEqual(await screen.lines(), []);
    writeFileSync(log, "booting\r\nLinux version 6\r\n");
    assert.deepEqual(await screen.lines(), ["booting", "Linux version 6"]);
    // A dialog as newt draws it for a terminal of that kind: cleared, with lines of the second character set.
    appendFileSync(
      log,
      "\x1b[H\x1b[2J\x1b[2;3H\x1b(0lq\x1b(B [!] Low memory \x1b(0qk\x1b(B\x1b[3;3H\x1b(0x\x1b(B <Continue>",
    );
    assert.deepEqual(await screen.lines(), ["", "  ┌─ [!] Low memory ─┐", "  │ <Continue>"]);
    appendFileSync(log, "\x1b[2;9HHigh");
    assert.deepEqual(await screen.lines(), ["", "  ┌─ [!]High memory ─┐", "  │ <Continue>"]);
  });

  it("has the last lines of a long log", async () => {
    const log = path.join(scratchFolder(), "console.log");
    writeFileSync(log, Array.from({ length: 20_000 }, (_, number) => `line ${number}\r\n`).join(""));
    const lines = await screenOf(files, log).lines();
    assert.equal(lines.length, 23);
    assert.equal(lines.at(-1), "line 19999");
  });

  it("has long lines whole, so that a secret in one is known; the rest of one that has scrolled away is none", async () => {
    const log = path.join(scratchFolder(), "console.log");
    const hash = `$6$salt$${"abcdefgh./".repeat(8)}`;
    const screen = screenOf(files, log);
    writeFileSync(log, `the hash of root is ${hash} in the file\r\n`);
    const lines = await screen.lines();
    assert.deepEqual(lines, [`the hash of root is ${hash} in the file`]);
    assert.deepEqual(quotableScreen(lines, undefined), ["the hash of root is [hidden] in the file"]);
    appendFileSync(log, "next\r\n".repeat(22));
    assert.deepEqual((await screen.lines()).slice(0, 2), ["…", "next"]);
  });

  it("is one line in an error, without its frames", () => {
    const dialog = [
      "  ┌─┤ [!] Low memory ├─┐",
      "  │                    │",
      "  │  Not enough.       │",
      "  │ <Continue>         │",
      "  └────────────────────┘",
    ];
    assert.equal(inOneLine(dialog), "[!] Low memory Not enough. <Continue>");
    assert.equal(inOneLine(["+----| Hm |----+", "|   <Yes>      |"]), "Hm <Yes>");
    assert.match(inOneLine(Array.from({ length: 24 }, () => "many words of a console that scrolls")), /^… .{400}$/);
  });
});

describe("what may be quoted of a console", () => {
  for (const [line, shown] of [
    ["root's hash is $6$salt$abc/def.", "root's hash is [hidden]"],
    ["rootpw --plaintext geheim", "rootpw [hidden]"],
    ["part / --passphrase=geheim --size=1", "part / --passphrase [hidden]"],
    ["passphrase: 'geheim'", "passphrase: [hidden]"],
    ["<user_password>geheim</user_password>", "<user_password>[hidden]</user_password>"],
    ["http://ada:geheim@proxy:3128/", "http://[hidden]@proxy:3128/"],
    ["d-i passwd/root-password password: geheim", "d-i passwd/root-password password: [hidden]"],
    ["Please enter passphrase for disk vda3:", "Please enter passphrase for disk vda3:"],
    ["Root password:", "Root password:"],
  ] as const)
    it(line, () => assert.equal(quotable(line), shown));

  it("ends where the answers may be quoted", () =>
    assert.deepEqual(
      quotableScreen(["one", "on line 3 of the kickstart file: geheim", "geheim"], /of the kickstart file/),
      ["one", "on line 3 of the kickstart file [the rest is hidden, because it may quote the answers]"],
    ));
});

describe("a picture of the display", () => {
  it("stays as it is if it is PNG", () => {
    const png = Buffer.from("\x89PNG…", "latin1");
    assert.equal(asPng(png), png);
  });

  it("becomes PNG if it is a portable pixmap", () => {
    const pixels = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 10, 13]);
    const png = Buffer.from(asPng(Buffer.concat([Buffer.from("P6\n2 2\n255\n"), pixels])));
    assert.equal(png.subarray(0, 8).toString("hex"), "89504e470d0a1a0a");
    assert.equal(png.subarray(8, 33).toString("hex"), "0000000d49484452000000020000000208020000" + "00fdd49a73");
    const length = png.readUInt32BE(33);
    const rows = inflateSync(png.subarray(41, 41 + length));
    assert.deepEqual([...rows], [0, ...pixels.subarray(0, 6), 0, ...pixels.subarray(6)]);
  });
});
