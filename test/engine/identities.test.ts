import assert from "node:assert/strict";
import path from "node:path";
import { beforeEach, describe, it } from "node:test";
import { identityKey, Identities, urnKey } from "../../provider/engine/identities";
import { localFiles } from "../../provider/host/files";
import { fileLedger, type LedgerKind } from "../../provider/host/ledger";
import { run } from "../../provider/host/run";
import type { Properties } from "../../provider/resource/handler";
import type { Host } from "../../provider/resource/host";
import { Conflict, type ErrorCode, KvmError, PartiallyCreated } from "../../provider/values/errors";
import { legacyIdentity } from "../../provider/values/identity";
import { scratchFolder } from "../iso/host";

const folder = scratchFolder();
const connection = "qemu:///system";
const urn = "urn:pulumi:dev::web::kvm::root";
const news = { connection, name: "root", [urnKey]: urn };
const stateOf = (identity: string): Properties => ({ ...news, [identityKey]: identity });

let number = 0;
let asked: string[] = [];
let ledger: Host["ledger"];

/** As each run of the engine opens them: what was before is known by the host alone. */
function nextRun(defaultConnection = connection) {
  return new Identities({
    host: (uri) => {
      asked.push(uri);
      return { ledger, lock: (_name, work) => work() } as Host;
    },
    defaultConnection: () => defaultConnection,
    newIdentity: () => `new-${(number += 1)}`,
    engineEnd: new AbortController().signal,
  });
}

beforeEach(() => {
  number = 0;
  asked = [];
  ledger = fileLedger(path.join(folder, String(Math.random())), localFiles(folder, run));
});

const done = () => Promise.resolve();

async function create(identities: ReturnType<typeof nextRun>, work: () => Promise<void> = done, given = news) {
  await identities.creating(await identities.ofCheck({}, given), given, work);
}

describe("a new resource", () => {
  it("gets an identity of its own, by which its create knows it", async () => {
    const identities = nextRun();
    assert.equal((await identities.ofCheck({}, news)).identity, "new-1");
    assert.equal((await identities.ofCheck({}, { ...news, [urnKey]: `${urn}-2` })).identity, "new-2");
    assert.equal(identities.ofCreate(stateOf("new-1")).identity, "new-1");
  });

  it("whose create was interrupted continues with the one that it has started with, and no other resource does", async () => {
    await create(nextRun(), async () => {
      const next = nextRun();
      assert.equal((await next.ofCheck({}, news)).identity, "new-1");
      assert.equal((await next.ofCheck({}, { ...news, [urnKey]: `${urn}-2` })).identity, "new-2");
    });
  });

  it("looks where it is to be: at the connection given, at the one of what it replaces, else at the default", async () => {
    await nextRun().ofCheck({}, news);
    await nextRun("qemu:///session").ofCheck({}, { [urnKey]: urn });
    const identities = nextRun();
    await identities.ofCheck({ ...stateOf("old"), connection: "qemu:///session?socket=/s" }, { [urnKey]: urn });
    await identities.ofCheck({}, { [urnKey]: urn });
    await nextRun().ofCheck({}, { ...news, connection: "no connection" });
    assert.deepEqual(asked, [connection, "qemu:///session", "qemu:///session?socket=/s"]);
  });

  it("that a state has by now starts again when another one has its name", async () => {
    await create(nextRun());
    await nextRun().settle(stateOf("another"));
    assert.equal((await nextRun().ofCheck({}, news)).identity, "new-1");
    await nextRun().settle(stateOf("new-1"));
    assert.equal((await nextRun().ofCheck({}, news)).identity, "new-2");
  });

  it("is known to a state as soon as the engine has ended in peace, whatever else fails then", async () => {
    const other = { ...news, [urnKey]: `${urn}-2` };
    const real = ledger;
    ledger = {
      ...real,
      settle: (owner, identity) =>
        owner === urn ? real.settle(owner, identity) : Promise.reject(new Error("no space")),
    };
    const identities = nextRun();
    await create(identities, done, other);
    await create(identities);
    await identities.settleAll();
    assert.deepEqual(await ledger.allBegun(), [{ owner: `${urn}-2`, identity: "new-1" }]);
  });
});

describe("a create that fails", () => {
  const codes: Readonly<Record<ErrorCode, "refused" | "unknown">> = {
    "invalid-input": "refused",
    conflict: "refused",
    "not-found": "refused",
    unsupported: "refused",
    "checksum-mismatch": "refused",
    unreachable: "unknown",
    forbidden: "unknown",
    "no-space": "unknown",
    "unknown-iso": "unknown",
    "command-failed": "unknown",
    "install-failed": "unknown",
    timeout: "unknown",
    interrupted: "unknown",
  };
  /** The identity with which the next run goes on, at once and when the engine has ended in peace. */
  const begunBehind = async (failure: Error) => {
    const identities = nextRun();
    await assert.rejects(
      create(identities, () => Promise.reject(failure)),
      (thrown) => thrown === failure,
    );
    const atOnce = await ledger.started(urn);
    await identities.settleAll();
    return [atOnce, await ledger.started(urn)];
  };
  const nothing = [undefined, undefined];
  const goesOn = ["new-1", "new-1"];

  for (const [code, kind] of Object.entries(codes))
    it(`with ${code} ${kind === "refused" ? "has started nothing" : "may have left something"}`, async () => {
      const failure = new KvmError(code as ErrorCode, "it fails");
      assert.deepEqual(await begunBehind(failure), kind === "refused" ? nothing : goesOn);
    });

  it("in an unknown way may have left something", async () => {
    assert.deepEqual(await begunBehind(new Error("what else")), goesOn);
  });

  for (const failure of [new Conflict("in use"), new Error("what else")])
    it(`in part by a ${failure.name} is known to the state by the engine's end`, async () => {
      assert.deepEqual(await begunBehind(new PartiallyCreated("id", {}, failure)), ["new-1", undefined]);
    });

  for (const kind of ["volume", "pool", "reservation"] as const satisfies readonly LedgerKind[])
    it(`and is refused after it has created something may have left that: ${kind}`, async () => {
      await ledger.claim(kind, "default/mine", { owner: urn, identity: "new-1" });
      assert.deepEqual(await begunBehind(new Conflict("too late")), goesOn);
      await ledger.claim(kind, "default/mine", { owner: urn, identity: "another" });
      assert.deepEqual(await begunBehind(new Conflict("too late")), nothing);
    });
});

describe("an update or a delete", () => {
  const isOpen = (identity: string) => nextRun().isOpen(stateOf(identity));

  it("is open from its start until the engine has ended normally", async () => {
    const identities = nextRun();
    const result = await identities.changing(stateOf("mine"), async () => {
      assert.equal(await isOpen("mine"), true);
      assert.equal(await isOpen("another"), false);
      return "done";
    });
    assert.equal(result, "done");
    assert.equal(await isOpen("mine"), true);
    await identities.settleAll();
    assert.equal(await isOpen("mine"), false);
  });

  it("that has failed stays open in peace, too, until one succeeds", async () => {
    const identities = nextRun();
    await assert.rejects(
      identities.changing(stateOf("mine"), () => Promise.reject(new Error("it fails"))),
      /it fails/,
    );
    await identities.settleAll();
    assert.equal(await isOpen("mine"), true);
    const next = nextRun();
    await next.changing(stateOf("mine"), () => Promise.resolve());
    await next.settleAll();
    assert.equal(await isOpen("mine"), false);
  });

  it("of an earlier release's resource is known by what its URN gives", async () => {
    await nextRun().changing(news, () => Promise.resolve());
    assert.equal(await nextRun().isOpen(news), true);
    assert.equal(await ledger.isOpen(legacyIdentity(urn)), true);
  });

  it("of a state without a connection is none, and no host is opened", async () => {
    assert.equal(await nextRun().isOpen({ [urnKey]: urn }), false);
    assert.deepEqual(asked, []);
  });
});

describe("a replacement", () => {
  it("knows what it takes the place of: what was checked as it is before", async () => {
    const identities = nextRun();
    await identities.ofCheck(stateOf("old"), news);
    const { replaced, identity } = await identities.ofCheck({}, news);
    assert.deepEqual(
      { replaced, identity },
      {
        replaced: { identity: "old", inputs: { connection, name: "root" } },
        identity: "new-1",
      },
    );
    assert.deepEqual(identities.ofCreate(stateOf("new-1")).replaced, replaced);
  });

  it("is known to the delete of the old one, which no new one is to itself", async () => {
    const identities = nextRun();
    const known = await identities.ofCheck({}, news);
    identities.checkedNew(known, { connection, name: "root" });
    assert.deepEqual(identities.ofDelete(stateOf("old")).replacedBy, {
      identity: "new-1",
      inputs: { connection, name: "root" },
    });
    assert.equal(identities.ofDelete(stateOf("new-1")).replacedBy, undefined);
    assert.equal(identities.ofDelete({ ...stateOf("old"), [urnKey]: `${urn}-2` }).replacedBy, undefined);
  });
});

describe("a check", () => {
  it("knows what else the program asks for, without internals, and without itself", async () => {
    const identities = nextRun();
    await identities.ofCheck({}, { ...news, [urnKey]: `${urn}-2`, name: "data" });
    const { others } = await identities.ofCheck({}, news);
    assert.deepEqual(others?.(), [{ connection, name: "data" }]);
  });
});
