import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { localFiles } from "../../provider/host/files";
import { fileLedger, type LedgerKind } from "../../provider/host/ledger";
import { run } from "../../provider/host/run";
import { scratchFolder } from "../iso/host";

const folder = path.join(scratchFolder(), "state/ledger");
const ledger = fileLedger(folder, localFiles(folder, run));
const urn = "urn:pulumi:dev::web::kvm::root";

const ownerOf = async (kind: LedgerKind, name: string) => (await ledger.entry(kind, name))?.owner;

describe("the ledger", () => {
  it("knows the owner of what was claimed, and of nothing else", async () => {
    await ledger.claim("volume", "default/root", { owner: urn });
    assert.equal(await ownerOf("volume", "default/root"), urn);
    assert.equal(await ownerOf("pool", "default/root"), undefined);
    assert.equal(await ownerOf("volume", "default"), undefined);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("keeps names apart, and within its folder", async () => {
    const names = ["a/b", "a%2Fb", "../../a", "ä b"];
    for (const name of names) await ledger.claim("volume", name, { owner: `${urn}-${name}` });
    for (const name of names) assert.equal(await ownerOf("volume", name), `${urn}-${name}`);
    assert.equal(readdirSync(folder).length, names.length + 1);
    assert.deepEqual([...(await ledger.names("volume"))].sort(), [...names, "default/root"].sort());
    assert.deepEqual(await ledger.names("pool"), []);
    for (const name of names) await ledger.release("volume", name);
  });

  it("keeps a note beside the owner, and reads what an earlier release wrote without one", async () => {
    await ledger.claim("volume", "default/noted", { owner: urn, note: "making" });
    assert.deepEqual(await ledger.entry("volume", "default/noted"), { owner: urn, note: "making" });
    writeFileSync(path.join(folder, "volume-default%2Fnoted"), `${urn}\n`);
    assert.deepEqual(await ledger.entry("volume", "default/noted"), { owner: urn });
    await ledger.release("volume", "default/noted");
  });

  it("forgets what is released, also twice, and goes with its last entry", async () => {
    writeFileSync(path.join(folder, "by-hand"), "");
    await ledger.release("volume", "default/root");
    await ledger.release("volume", "default/root");
    assert.equal(await ownerOf("volume", "default/root"), undefined);
    assert.deepEqual(readdirSync(folder), ["by-hand"]);
    await ledger.claim("pool", "data", { owner: urn });
    await localFiles(folder, run).remove(path.join(folder, "by-hand"));
    await ledger.release("pool", "data");
    assert.ok(!existsSync(folder));
  });
});
