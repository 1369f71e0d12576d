import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { localFiles } from "../../provider/host/files";
import { fileLedger, type LedgerEntry, type LedgerKind } from "../../provider/host/ledger";
import { run } from "../../provider/host/run";
import { legacyIdentity } from "../../provider/values/identity";
import { scratchFolder } from "../iso/host";

const folder = path.join(scratchFolder(), "state/ledger");
const ledger = fileLedger(folder, localFiles(folder, run));
const urn = "urn:pulumi:dev::web::kvm::root";

const identity = "8f3b6f0e-6d0a-4c56-9b42-1f6f0f0c0a11";

const ownerOf = async (kind: LedgerKind, name: string) => (await ledger.entry(kind, name))?.owner;

describe("the ledger", () => {
  it("knows the owner of what was claimed, and of nothing else", async () => {
    await ledger.claim("volume", "default/root", { owner: urn, identity });
    assert.equal(await ownerOf("volume", "default/root"), urn);
    assert.equal(await ownerOf("pool", "default/root"), undefined);
    assert.equal(await ownerOf("volume", "default"), undefined);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  it("keeps names apart, and within its directory", async () => {
    const names = ["a/b", "a%2Fb", "../../a", "ä b"];
    for (const name of names) await ledger.claim("volume", name, { owner: `${urn}-${name}`, identity });
    for (const name of names) assert.equal(await ownerOf("volume", name), `${urn}-${name}`);
    assert.equal(readdirSync(folder).length, names.length + 1);
    assert.deepEqual([...(await ledger.names("volume"))].sort(), [...names, "default/root"].sort());
    assert.deepEqual(await ledger.names("pool"), []);
    for (const name of names) await ledger.release("volume", name);
  });

  it("keeps its entries, and reads what an earlier release wrote", async () => {
    const known = { thing: "file 1 2", format: "raw", folder: "file 3 4" };
    const sharers = [{ owner: "urn:another", identity: "another" }];
    const full: Required<Omit<LedgerEntry, "isLegacy">> = { owner: urn, identity, note: "adopted", sharers, ...known };
    await ledger.claim("volume", "default/noted", full);
    assert.deepEqual(await ledger.entry("volume", "default/noted"), full);
    // The keys are those of every release: another name would lose what earlier ones wrote.
    assert.deepEqual(JSON.parse(readFileSync(ledger.fileOf("volume", "default/noted"), "utf8")), full);
    await ledger.release("volume", "default/noted");
    writeFileSync(path.join(folder, "volume-default%2Fnoted"), `${urn}\nmaking\n`);
    const legacy = { owner: urn, identity: legacyIdentity(urn), isLegacy: true, note: "making" };
    assert.deepEqual(await ledger.entry("volume", "default/noted"), legacy);
    assert.ok((await ledger.names("volume")).includes("default/noted"));
    await ledger.claim("volume", "default/noted", { owner: urn, identity });
    assert.deepEqual(await ledger.entry("volume", "default/noted"), { owner: urn, identity });
    await ledger.release("volume", "default/noted");
    assert.ok(!(await ledger.names("volume")).includes("default/noted"));
  });

  it("says which file is damaged, and what to do, but not what is in it", async () => {
    await ledger.claim("volume", "default/hurt", { owner: urn, identity });
    await ledger.start(urn, identity);
    const begun = readdirSync(folder).find((file) => file.startsWith("begun-")) ?? assert.fail();
    for (const [file, read] of [
      [ledger.fileOf("volume", "default/hurt"), () => ledger.entry("volume", "default/hurt")],
      [path.join(folder, begun), () => ledger.started(urn)],
    ] as const)
      for (const text of ["", '{"owner":"urn:pul', "null", "[]", '{"owner":1}']) {
        writeFileSync(file, text);
        await assert.rejects(read(), { message: new RegExp(`^${file} is damaged.*Restore it from a backup`) });
      }
    await ledger.release("volume", "default/hurt");
    writeFileSync(path.join(folder, begun), JSON.stringify({ owner: urn, identity }));
    await ledger.settle(urn, identity);
  });

  it("takes what the making program has recorded, of this making alone", async () => {
    await ledger.claim("volume", "default/made", { owner: urn, identity, note: "making" });
    writeFileSync(ledger.recordOf("volume", "default/made"), "file 7 8\n");
    assert.equal((await ledger.entry("volume", "default/made"))?.thing, "file 7 8");
    await ledger.claim("volume", "default/made", { owner: urn, identity, note: "making" });
    assert.equal((await ledger.entry("volume", "default/made"))?.thing, undefined);
    await ledger.release("volume", "default/made");
  });

  it("lists names with the endings of its own files", async () => {
    const names = ["default/x.part", "default/x.json", "default/x.made"];
    for (const name of names) await ledger.claim("volume", name, { owner: urn, identity });
    assert.deepEqual((await ledger.names("volume")).filter((name) => names.includes(name)).sort(), [...names].sort());
    for (const name of names) await ledger.release("volume", name);
  });

  it("knows a create that has started until a state has it", async () => {
    assert.equal(await ledger.started(urn), undefined);
    await ledger.start(urn, identity);
    assert.equal(await ledger.started(urn), identity);
    assert.deepEqual(await ledger.allBegun(), [{ owner: urn, identity }]);
    await ledger.settle(urn, "another");
    assert.equal(await ledger.started(urn), identity);
    await ledger.settle(urn, identity);
    assert.equal(await ledger.started(urn), undefined);
  });

  it("forgets for one what isn't another's by now", async () => {
    await ledger.claim("pool", "shared", { owner: urn, identity });
    await ledger.releaseOf("another", "pool", "shared");
    assert.equal(await ownerOf("pool", "shared"), urn);
    await ledger.releaseOf(identity, "pool", "shared");
    assert.equal(await ownerOf("pool", "shared"), undefined);
  });

  it("forgets what is released, also twice, and goes with its last entry", async () => {
    writeFileSync(path.join(folder, "by-hand"), "");
    await ledger.release("volume", "default/root");
    await ledger.release("volume", "default/root");
    assert.equal(await ownerOf("volume", "default/root"), undefined);
    assert.deepEqual(readdirSync(folder), ["by-hand"]);
    await ledger.claim("pool", "data", { owner: urn, identity });
    await localFiles(folder, run).remove(path.join(folder, "by-hand"));
    await ledger.release("pool", "data");
    assert.ok(!existsSync(folder));
  });
});
