import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import type { Files } from "../../../../provider/host/files";
import { machine } from "../../../../provider/resources/machine/handler";
import { makeLog, moveLog, readerOf, removeLog } from "../../../../provider/resources/machine/files/logs";
import { scratchFolder } from "../../../iso/host";
import { testContext } from "../../../context";
import { site } from "../../../site";

const { connection, host } = site();
const { files } = host;

it("a log is all that the log daemon has kept of it, in its order, and is moved and removed as one", async () => {
  const folder = scratchFolder();
  const [log, other] = [path.join(folder, "web.log"), path.join(folder, "db.log")];
  const parts = { [`${log}.1`]: "stage one\nkvm-deploy: inst", [`${log}.0`]: "alled 0123\n", [log]: "last\n" };
  for (const [file, text] of Object.entries(parts)) await files.write(file, text);
  await files.write(`${log}.old`, "somebody else's");
  assert.equal(await readerOf(files, log).next(), "stage one\nkvm-deploy: installed 0123\nlast\n");
  await moveLog(files, log, other);
  assert.deepEqual(readdirSync(folder).sort(), ["db.log", "db.log.0", "db.log.1", "web.log.old"]);
  assert.equal(await readerOf(files, log).next(), "");
  await removeLog(files, other);
  assert.deepEqual(readdirSync(folder), ["web.log.old"]);
});

describe("a log that grows and is rotated", () => {
  /** As the log daemon does it. */
  const rotate = async (log: string) => {
    for (const number of [1, 0])
      if ((await files.stat(`${log}.${number}`)) !== undefined)
        await files.rename(`${log}.${number}`, `${log}.${number + 1}`);
    await files.rename(log, `${log}.0`);
    writeFileSync(log, "");
  };

  it("is read once, and in its order", async () => {
    const log = path.join(scratchFolder(), "web.log");
    const reader = readerOf(files, log);
    assert.equal(await reader.next(), "");
    writeFileSync(log, "one ");
    assert.equal(await reader.next(), "one ");
    assert.equal(await reader.next(), "");
    appendFileSync(log, "two ");
    await rotate(log);
    appendFileSync(log, "three ");
    await rotate(log);
    appendFileSync(log, "four ");
    assert.equal(await reader.next(), "two three four ");
    await rotate(log);
    assert.equal(await reader.next(), "");
    // Half of a character.
    appendFileSync(log, Buffer.from("┤").subarray(0, 1));
    assert.equal(await reader.next(), "");
    appendFileSync(log, Buffer.from("┤").subarray(1));
    assert.equal(await reader.next(), "┤");
  });

  it("is read once also if it is rotated during the read", async () => {
    const log = path.join(scratchFolder(), "web.log");
    writeFileSync(log, "one ");
    let rotations = 1;
    const rotating: Files = {
      ...files,
      readFrom: async (file, offset, length) => {
        if (rotations-- > 0) {
          await rotate(log);
          appendFileSync(log, "two ");
        }
        return files.readFrom(file, offset, length);
      },
    };
    const reader = readerOf(rotating, log);
    assert.equal(await reader.next(), "one two ");
    rotations = 1;
    assert.equal(await reader.next(), "two ");
  });

  it("is read from its end if that is enough", async () => {
    const log = path.join(scratchFolder(), "web.log");
    writeFileSync(log, "0123456789");
    const reader = readerOf(files, log, 4);
    assert.equal(await reader.next(), "6789");
    appendFileSync(log, "abcdefgh");
    assert.equal(await reader.next(), "abcdefgh");
  });
});

describe("a console's log that can't be a file", () => {
  const folder = scratchFolder();
  const [link, directory] = [path.join(folder, "link.log"), path.join(folder, "directory.log")];
  const failureAt = (consoleLog: string) =>
    `consoleLog: ${consoleLog} is ${consoleLog === link ? "a link" : "no file"}`;
  symlinkSync("/var/lib/kvm-deploy/not-there", link);
  mkdirSync(directory);

  for (const consoleLog of [link, directory]) {
    it(`is refused by the check: ${path.basename(consoleLog)}`, async () => {
      const news = { connection, name: "logged", memory: "64MiB", domainType: "qemu", consoleLog };
      const { failures } = await machine.check({}, news, testContext(connection));
      assert.ok(failures.some(({ property, reason }) => `${property}: ${reason}`.startsWith(failureAt(consoleLog))));
    });

    it(`is never written to: ${path.basename(consoleLog)}`, async () => {
      await assert.rejects(makeLog(host, consoleLog), (error) => String(error).includes(failureAt(consoleLog)));
    });
  }
});
