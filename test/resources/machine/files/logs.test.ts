import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { machine } from "../../../../provider/resources/machine/handler";
import { makeLog, moveLog, readLog, removeLog } from "../../../../provider/resources/machine/files/logs";
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
  assert.equal(await readLog(files, log), "stage one\nkvm-deploy: installed 0123\nlast\n");
  await moveLog(files, log, other);
  assert.deepEqual(readdirSync(folder).sort(), ["db.log", "db.log.0", "db.log.1", "web.log.old"]);
  assert.equal(await readLog(files, log), "");
  await removeLog(files, other);
  assert.deepEqual(readdirSync(folder), ["web.log.old"]);
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
