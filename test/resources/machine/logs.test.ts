import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { it } from "node:test";
import { moveLog, readLog, removeLog } from "../../../provider/resources/machine/logs";
import { scratchFolder } from "../../iso/host";
import { site } from "../../site";

const { files } = site().host;

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
