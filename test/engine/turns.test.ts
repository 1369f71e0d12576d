import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Identities, urnKey } from "../../provider/engine/identities";
import { scratchFolder, scratchHost } from "../iso/host";

const news = { [urnKey]: "urn:pulumi:dev::web::kvm::root", connection: "qemu:///system" };
const host = scratchHost(scratchFolder());

const done = () => Promise.resolve();

/** One run of the engine; several of them are at work on the host. */
function startRun() {
  const end = new AbortController();
  const identities = new Identities({
    ...{ host: () => host, defaultConnection: () => news.connection, newIdentity: randomUUID },
    engineEnd: end.signal,
  });
  return Object.assign(identities, { check: () => identities.ofCheck({}, news), dies: () => end.abort() });
}

async function isWaiting(work: Promise<unknown>): Promise<boolean> {
  return Promise.race([work.then(() => false), setTimeout(200, true)]);
}

describe("a create that another run has started", () => {
  let [one, other] = [startRun(), startRun()];
  beforeEach(async () => {
    for (const { owner, identity } of await host.ledger.allBegun()) await host.ledger.settle(owner, identity);
    [one, other] = [startRun(), startRun()];
  });

  it("is continued when that run's engine has ended", async () => {
    const known = await one.check();
    await one.creating(known, news, done);
    one.dies();
    const { identity } = await other.check();
    assert.equal(identity, known.identity);
    await other.creating({ ...known, identity }, news, done);
    await other.settleAll();
    assert.deepEqual(await host.ledger.allBegun(), []);
  });

  it("is not taken for an interrupted one while that run lives", async () => {
    const known = await one.check();
    await one.creating(known, news, done);
    const looks = other.check();
    assert.ok(await isWaiting(looks));
    await one.settleAll();
    assert.notEqual((await looks).identity, known.identity);
  });

  it("since this one looked is neither gone on with nor forgotten", async () => {
    const [first, second] = [await one.check(), await other.check()];
    await one.creating(first, news, done);
    const begins = other.creating(second, news, done);
    assert.ok(await isWaiting(begins));
    one.dies();
    await assert.rejects(begins, /another run of Pulumi has started to create the same resource/);
    assert.equal(await host.ledger.started(first.urn), first.identity);
    other.dies();
  });
});
