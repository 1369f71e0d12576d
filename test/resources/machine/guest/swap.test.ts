import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { childrenOf, find, parse } from "../../../../provider/format/xml";
import { machine } from "../../../../provider/resources/machine/handler";
import { site } from "../../../site";
import { cutOffAfter } from "../../cut-off";
import { Guest, makeNetwork } from "../guests";

const { host, connection } = site();
const { libvirt } = host;

describe("machines of one stack whose addresses change in one up", () => {
  const network = "swap-net";
  let removeNetwork: () => Promise<void>;
  const guests: Guest[] = [];
  before(async () => {
    removeNetwork = await makeNetwork(
      network,
      '<ip address="10.250.78.1" prefix="24"><dhcp><range start="10.250.78.100" end="10.250.78.200"/></dhcp></ip>',
    );
    for (const name of ["swap-a", "swap-b", "swap-c"]) guests.push(await Guest.make(name, "deaf"));
  });
  after(async () => {
    for (const guest of guests) await guest.remove();
    await removeNetwork();
  });

  const given = (last: number) => ({ running: false, nics: [{ network, address: `10.250.78.${last}` }] });
  const definition = async () => {
    const { uuid = "" } = (await libvirt.find("network", network)) ?? {};
    return Promise.all([libvirt.definition("network", uuid), libvirt.liveDefinition("network", uuid)]);
  };
  const hostsIn = (xml: string | undefined) =>
    childrenOf(find(parse(xml ?? ""), "ip/dhcp"), "host").map(
      ({ attributes: { mac = "", ip = "" } }) => `${mac} ${ip}`,
    );
  /** In the definition and in force alike. */
  const reserved = async () => {
    const [defined, live] = (await definition()).map(hostsIn);
    assert.deepEqual(live?.sort(), defined?.sort());
    return defined ?? [];
  };
  const macOf = (guest: Guest) => String((guest.state["macAddresses"] as string[])[0]);
  const upAll = async (addresses: readonly number[], order: readonly number[], isParallel = false) => {
    const up = (index: number) => (guests[index] as Guest).up(given(addresses[index] ?? 0));
    if (isParallel) await Promise.all(order.map(up));
    else for (const index of order) await up(index);
  };
  const assertAll = async (addresses: readonly number[]) => {
    const expected = addresses.map((last, index) => `${macOf(guests[index] as Guest)} 10.250.78.${last}`);
    assert.deepEqual((await reserved()).sort(), expected.sort());
    for (const [index, last] of addresses.entries()) {
      const guest = guests[index] as Guest;
      assert.deepEqual(await guest.preview(given(last)), []);
      await guest.refresh();
      assert.deepEqual(await guest.preview(given(last)), []);
    }
  };

  for (const [name, from, to] of [
    ["two swap", [11, 12], [12, 11]],
    ["three change in a ring", [11, 12, 13], [12, 13, 11]],
    ["each takes what the next one gives up", [11, 12, 13], [12, 13, 14]],
    ["each takes what the one before gives up", [12, 13, 14], [11, 12, 13]],
  ] as const) {
    const indexes = from.map((_, index) => index);
    for (const [how, order, isParallel] of [
      ["one after the other", indexes, false],
      ["in the opposite order", [...indexes].reverse(), false],
      ["at the same time", indexes, true],
    ] as const) {
      it(`${name}, ${how}`, async () => {
        await upAll(from, indexes);
        await upAll(to, order, isParallel);
        await assertAll(to);
      });
    }
  }

  it("a program that is killed anywhere in a swap, the next up finishes it", async () => {
    const [one, other, third] = guests as [Guest, Guest, Guest];
    await third.removeMachine();
    for (let writes = 0, isKilled = true; isKilled; writes += 1) {
      await upAll([11, 12], [0, 1]);
      await one.up(given(12));
      const context = cutOffAfter(writes, connection, other.context.urn);
      const killed = machine.update(other.uuid, other.state, await other.checked(given(11)), context);
      isKilled = await killed.then(
        () => false,
        () => true,
      );
      await upAll([12, 11], [1, 0]);
      await assertAll([12, 11]);
      assert.ok(writes > 0 || isKilled);
    }
  });

  it("an address goes to a new machine when its holder is deleted afterwards", async () => {
    const [old, next] = guests as [Guest, Guest];
    for (const guest of guests) await guest.removeMachine();
    assert.deepEqual(await reserved(), []);
    assert.deepEqual(
      (await host.ledger.names("reservation")).filter((name) => name.startsWith(network)),
      [],
    );
    await old.up(given(11));
    await next.up(given(11));
    const waiting = next.context.said.at(-1);
    assert.equal(
      waiting,
      `nics[0].address: network "${network}" still gives 10.250.78.11 to machine "swap-a"; this machine gets it as soon as that one releases it`,
    );
    assert.deepEqual(await next.preview(given(11)), [
      "changes",
      `nics[0].address: 10.250.78.11 is not reserved in network "${network}" yet`,
    ]);
    await old.removeMachine();
    assert.deepEqual(await reserved(), [`${macOf(next)} 10.250.78.11`]);
    assert.deepEqual(await next.preview(given(11)), []);
  });

  it("a reservation that is missing, or is another, is drift that the next up mends", async () => {
    const [, guest] = guests as [Guest, Guest];
    const { uuid = "" } = (await libvirt.find("network", network)) ?? {};
    await guest.up(given(11));
    const change = (command: "delete" | "modify", ip: string) =>
      libvirt.updateNetwork(uuid, {
        command,
        section: "ip-dhcp-host",
        xml: `<host mac="${macOf(guest)}" ip="${ip}"/>`,
      });
    for (const [command, ip] of [
      ["delete", "10.250.78.11"],
      ["modify", "10.250.78.44"],
    ] as const) {
      await change(command, ip);
      await guest.refresh();
      assert.match(String(await guest.preview(given(11))), /^changes,nics\[0\]\.address: /);
      await guest.up(given(11));
      assert.deepEqual(await reserved(), [`${macOf(guest)} 10.250.78.11`]);
      assert.deepEqual(await guest.preview(given(11)), []);
    }
  });

  it("a definition that libvirt refuses leaves the reservation as it was", async () => {
    const [, guest] = guests as [Guest, Guest];
    await guest.up(given(11));
    const before = await reserved();
    const refused = { ...given(12), xml: { overlay: "<domain><devices><sound/></devices></domain>" } };
    await assert.rejects(guest.up(refused), { code: "invalid-input" });
    assert.deepEqual(await reserved(), before);
    assert.deepEqual(await guest.preview(given(11)), []);
  });
});
