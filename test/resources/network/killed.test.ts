import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find } from "../../../provider/format/xml";
import { network } from "../../../provider/resources/network/handler";
import { cutOffAfter } from "../cut-off";
import { site } from "../../site";
import { GuestNetwork } from "./guest";

const { connection, host } = site();
const { libvirt, ledger } = host;

const ranges = [{ start: "10.70.0.100", end: "10.70.0.200" }];
const base = { connection, name: "killed-net", mode: "isolated", allowRestart: true };
const one = { domain: { name: "one.test" }, ipv4: { subnet: "10.70.0.0/24", dhcp: { ranges } } };
/** Something that changes live, and something that takes a restart. */
const two = {
  domain: { name: "two.test" },
  ipv4: { subnet: "10.70.0.0/24", dhcp: { ranges, hosts: [{ mac: "52:54:00:70:00:09", address: "10.70.0.9" }] } },
};
const three = { ...one, ipv4: { ...one.ipv4, dhcp: two.ipv4.dhcp } };
const stopped = { ...one, running: false };

const thing = new GuestNetwork(base, "52:54:00:70:00:01");
const killedAfter = (writes: number) => cutOffAfter(writes, connection, thing.context.urn);
const isKill = (error: unknown) => /the program was killed/.test(String(error));
const networks = async () =>
  (await libvirt.list("network")).map(({ name }) => name).filter((name) => /killed|detour/.test(name));

/** All that is wanted is so, by what the host shows; nothing is left over, and the next preview is empty. */
async function isAs(given: typeof one): Promise<void> {
  const live = await thing.live();
  assert.equal(attributeOf(live, "domain", "name"), given.domain.name);
  const hosts = childrenOf(find(live, "ip/dhcp"), "host").length;
  assert.equal(hosts, "hosts" in given.ipv4.dhcp ? 1 : 0);
  await thing.isPluggedIn();
  await isQuiet(given);
}

async function isQuiet(given: object): Promise<void> {
  assert.deepEqual(await networks(), ["killed-net"]);
  assert.deepEqual(await thing.preview({ ...given }), []);
  await thing.refresh();
  assert.deepEqual(await thing.preview({ ...given }), []);
}

describe("an update of a network that is killed behind any of its writes", () => {
  before(async () => {
    await thing.create(one);
    await thing.startGuest();
  });
  after(async () => {
    await thing.removeGuest();
    await network.delete(thing.id, thing.state, thing.context);
  });

  /** Kills an update behind its first write, then one behind its second, and so on. @returns how many there are */
  async function atEachWrite(given: object, goOn: () => Promise<void>): Promise<number> {
    for (let writes = 0; ; writes += 1) {
      const before = thing.state;
      try {
        await thing.up({ ...given }, killedAfter(writes));
        return writes;
      } catch (error) {
        assert.ok(isKill(error), String(error));
      }
      thing.state = before;
      await goOn();
      await thing.up(one);
      await isAs(one);
    }
  }

  const ways: Readonly<Record<string, (wanted: typeof one) => Promise<void>>> = {
    "the next up": async (wanted) => {
      await thing.up(wanted);
      await isAs(wanted);
    },
    "a refresh and the next up": async (wanted) => {
      await thing.refresh();
      await thing.up(wanted);
      await isAs(wanted);
    },
    "the next up of the program that was put back": async () => {
      await thing.up(one);
      await isAs(one);
    },
    "a refresh, and the next up of the program that was put back": async () => {
      await thing.refresh();
      await thing.up(one);
      await isAs(one);
    },
  };
  for (const [way, goOn] of Object.entries(ways)) {
    it(`is completed by ${way}`, async (test) => {
      const points = await atEachWrite(two, () => goOn(two));
      assert.ok(points > 8, `only ${points} writes`);
      await thing.up(one);
      test.diagnostic(`${points} writes`);
    });
  }

  it("is completed, or taken back, where all changes while it runs", async (test) => {
    for (const wanted of [three, one]) {
      const points = await atEachWrite(three, async () => {
        await thing.up(wanted);
        await isAs(wanted);
      });
      await thing.up(one);
      test.diagnostic(`${points} writes`);
    }
  });

  it("can be destroyed, with what it has left", async (test) => {
    let writes = 0;
    for (; ; writes += 1) {
      const before = thing.state;
      try {
        await thing.up(two, killedAfter(writes));
        break;
      } catch (error) {
        assert.ok(isKill(error), String(error));
      }
      await thing.removeGuest();
      await network.delete(thing.id, before, thing.context);
      assert.deepEqual(await networks(), []);
      assert.equal(await ledger.entry("network", thing.id), undefined);
      await thing.create(one);
      await thing.startGuest();
    }
    await thing.up(one);
    test.diagnostic(`${writes} writes`);
  });
});

describe("a stop, a start and a destroy of a network that are killed behind any of their writes", () => {
  const lone = new GuestNetwork({ ...base, name: "killed-net" }, "52:54:00:70:00:02");
  const isRunning = () => libvirt.isActive("network", lone.id);
  before(() => lone.create(one));
  after(() => network.delete(lone.id, lone.state, lone.context));

  const atEachWrite = async (work: (writes: number) => Promise<void>, goOn: () => Promise<void>) => {
    for (let writes = 0; ; writes += 1) {
      try {
        await work(writes);
        return;
      } catch (error) {
        assert.ok(isKill(error), String(error));
      }
      await goOn();
    }
  };
  const by = (writes: number) => cutOffAfter(writes, connection, lone.context.urn);

  for (const refreshes of [false, true]) {
    const way = refreshes ? "a refresh and the next up" : "the next up";
    it(`a stop is completed, or taken back, by ${way}`, async () => {
      for (const wanted of [stopped, one]) {
        await atEachWrite(
          (writes) => lone.up(stopped, by(writes)),
          async () => {
            if (refreshes) await lone.refresh();
            await lone.up(wanted);
            assert.equal(await isRunning(), wanted === one);
            assert.deepEqual(await lone.preview(wanted), []);
            await lone.up(one);
          },
        );
        await lone.up(one);
      }
    });

    it(`a start is completed by ${way}`, async () => {
      await lone.up(stopped);
      await atEachWrite(
        (writes) => lone.up(one, by(writes)),
        async () => {
          if (refreshes) await lone.refresh();
          await lone.up(one);
          assert.equal(await isRunning(), true);
          await lone.up(stopped);
        },
      );
      await lone.up(one);
    });
  }

  it("a destroy that is not wanted any more is taken back by the next up", async () => {
    await atEachWrite(
      (writes) => network.delete(lone.id, lone.state, by(writes)),
      async () => {
        if (!(await libvirt.exists("network", lone.id))) {
          await network.delete(lone.id, lone.state, lone.context);
          assert.equal(await ledger.entry("network", lone.id), undefined);
          await lone.create(one);
          return;
        }
        await lone.up(one);
        assert.equal(await isRunning(), true);
      },
    );
    await lone.create(one);
  });
});
