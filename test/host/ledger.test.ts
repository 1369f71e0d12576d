import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { localFiles } from "../../provider/host/files";
import { fileLedger } from "../../provider/host/ledger";
import { run } from "../../provider/host/run";
import { scratchFolder } from "../iso/host";

const folder = path.join(scratchFolder(), "state/ledger");
const ledger = fileLedger(folder, localFiles(folder, run));
const urn = "urn:pulumi:dev::web::kvm::root";

describe("the ledger", () => {
  it("knows the owner of what was claimed, and of nothing else", async () => {
    await ledger.claim("volume", "default/root", urn);
    assert.equal(await ledger.owner("volume", "default/root"), urn);
    assert.equal(await ledger.owner("pool", "default/root"), undefined);
    assert.equal(await ledger.owner("volume", "default"), undefined);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("keeps names apart, and within its folder", async () => {
    const names = ["a/b", "a%2Fb", "../../a", "ä b"];
    for (const name of names) await ledger.claim("volume", name, `${urn}-${name}`);
    for (const name of names) assert.equal(await ledger.owner("volume", name), `${urn}-${name}`);
    assert.equal(readdirSync(folder).length, names.length + 1);
    for (const name of names) await ledger.release("volume", name);
  });

  it("forgets what is released, also twice, and goes with its last entry", async () => {
    writeFileSync(path.join(folder, "by-hand"), "");
    await ledger.release("volume", "default/root");
    await ledger.release("volume", "default/root");
    assert.equal(await ledger.owner("volume", "default/root"), undefined);
    assert.deepEqual(readdirSync(folder), ["by-hand"]);
    await ledger.claim("pool", "data", urn);
    await localFiles(folder, run).remove(path.join(folder, "by-hand"));
    await ledger.release("pool", "data");
    assert.ok(!existsSync(folder));
  });
});
