import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { attributeOf, childrenOf, type Element, find, parse } from "../../../provider/format/xml";
import type { Libvirt } from "../../../provider/libvirt/client";
import { readMark } from "../../../provider/libvirt/mark";
import type { Context, Properties } from "../../../provider/resource/handler";
import { unknownValue } from "../../../provider/resource/known";
import { network } from "../../../provider/resources/network/handler";
import { PartiallyCreated } from "../../../provider/values/errors";
import { testContext } from "../../context";
import { site } from "../../site";
import { inside as insideOf, ip } from "./guest";

const { connection, host } = site();
const { libvirt } = host;
const context = testContext(connection, "urn:pulumi:test::test::kvm::network-handler");
const name = "handler-net";
const subnet = "10.64.0.0/24";
const range = { start: "10.64.0.100", end: "10.64.0.200" };
const base = { connection, name, mode: "isolated", ipv4: { subnet, dhcp: { ranges: [range] } } };

async function checked(given: Properties, olds: Properties = {}, by: Context = context): Promise<Properties> {
  const { inputs, failures } = await network.check(olds, given, by);
  assert.deepEqual(failures, []);
  return inputs;
}

async function failuresOf(given: Properties, by: Context = context) {
  return (await network.check({}, given, by)).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

async function uuidOf(of = name): Promise<string> {
  return (await libvirt.find("network", of))?.uuid ?? assert.fail(`there is no network ${of}`);
}

async function definition(): Promise<Element> {
  return parse((await libvirt.definition("network", await uuidOf())) ?? "");
}

async function live(): Promise<Element> {
  return parse((await libvirt.liveDefinition("network", await uuidOf())) ?? "");
}

async function remove(of = name): Promise<void> {
  const entry = await libvirt.find("network", of);
  if (entry === undefined) return;
  await libvirt.stop("network", entry.uuid);
  await libvirt.undefine("network", entry.uuid);
}

const rangesIn = (root: Element) =>
  childrenOf(find(root, "ip/dhcp"), "range").map(({ attributes }) => attributes["end"]);
const macsIn = (root: Element) => childrenOf(find(root, "ip/dhcp"), "host").map(({ attributes }) => attributes["mac"]);

describe("a network that exists already", () => {
  const xml = `<network><name>${name}</name><bridge name="kd-handler"/><ip address="10.64.0.1" netmask="255.255.255.0" localPtr="no"><tftp root="/usr"/><dhcp><range start="10.64.0.2" end="10.64.0.9"/></dhcp></ip></network>`;
  before(async () => {
    await libvirt.define("network", xml);
    await libvirt.start("network", await uuidOf());
  });
  after(() => remove());

  it("is a conflict at preview, with the way to take it over", async () => {
    const [failure = ""] = await failuresOf(base);
    assert.match(failure, /^name: a network named "handler-net" exists already, .* set adopt to true;/);
  });

  it("is taken over as it is, the next preview shows what differs, and the next update applies that", async () => {
    const was = await definition();
    const inputs = await checked({ ...base, adopt: true });
    const { id, outputs } = await network.create(inputs, context);
    assert.equal(readMark(await definition())?.owner, context.urn);
    assert.deepEqual(rangesIn(await definition()), ["10.64.0.9"]);
    assert.deepEqual(outputs["ipv4"], {
      subnet,
      hostAddress: undefined,
      dhcp: { ranges: [{ start: "10.64.0.2", end: "10.64.0.9" }], hosts: [] },
    });

    const { notes } = await network.diff(id, outputs, inputs, context);
    assert.deepEqual(notes, [
      "ipv4.dhcp.ranges[0]: changes while it runs; guests keep their leases",
      "autostart: changes while it runs",
    ]);
    const updated = await network.update(id, outputs, inputs, context);
    assert.deepEqual((await network.diff(id, updated, inputs, context)).changes, false);
    for (const root of [await definition(), await live()]) assert.deepEqual(rangesIn(root), ["10.64.0.200"]);
    const is = await definition();
    for (const [path, attribute] of [
      ["ip", "localPtr"],
      ["mac", "address"],
      ["bridge", "name"],
      ["ip/tftp", "root"],
    ] as const)
      assert.equal(attributeOf(is, path, attribute), attributeOf(was, path, attribute), path);
  });

  it("is another resource's by its mark, and that one must be named", async () => {
    const other = testContext(connection, "urn:pulumi:test::test::kvm::another");
    assert.match((await failuresOf({ ...base, adopt: true }, other))[0] ?? "", /it belongs to urn:pulumi:test/);
    assert.deepEqual(await failuresOf({ ...base, adopt: context.urn }, other), []);
  });
});

/** A host where the program is killed after so many changes. */
function dyingAfter(count: number): Context {
  let left = count;
  const dying = async (work: Promise<void>) => {
    await work;
    left -= 1;
    if (left === 0) throw new Error("killed");
  };
  const mortal: Libvirt = {
    ...libvirt,
    define: (...args) => dying(libvirt.define(...args)),
    setAutostart: (...args) => dying(libvirt.setAutostart(...args)),
    start: (...args) => dying(libvirt.start(...args)),
  };
  return { ...context, host: () => ({ ...host, libvirt: mortal }) };
}

describe("a network whose create was interrupted", () => {
  afterEach(() => remove());

  for (const [step, count] of Object.entries({ definition: 1, autostart: 2, start: 3 })) {
    it(`after its ${step} is completed by the next up`, async () => {
      const inputs = await checked(base);
      await assert.rejects(network.create(inputs, dyingAfter(count)), /killed/);
      const uuid = await uuidOf();
      const { id, outputs } = await network.create(await checked(base), context);
      assert.equal(id, uuid);
      assert.equal((await network.diff(id, outputs, inputs, context)).changes, false);
      assert.deepEqual(
        [await libvirt.isActive("network", id), await libvirt.hasAutostart("network", id)],
        [true, true],
      );
    });
  }
});

describe("a network whose making failed after its definition", () => {
  afterEach(() => remove());

  it("is in the state, is completed by the next up, and can be deleted", async () => {
    const inputs = await checked(base);
    const { id, outputs } = await network.create(inputs, dyingAfter(2)).then(
      () => assert.fail("it was made"),
      (error: unknown) => (error instanceof PartiallyCreated ? error : assert.fail(String(error))),
    );
    const read = await network.read(id, outputs, context);
    for (const state of [outputs, read?.outputs ?? {}])
      assert.deepEqual((await network.diff(id, state, inputs, context)).notes, [
        "was not created completely; up continues with it",
      ]);
    const updated = await network.update(id, outputs, inputs, context);
    assert.equal((await network.diff(id, updated, inputs, context)).changes, false);
    assert.equal(await libvirt.isActive("network", id), true);
    await network.delete(id, outputs, context);
    assert.equal(await libvirt.find("network", name), undefined);
  });
});

describe("a network that was changed by others", () => {
  let id = "";
  let state: Properties = {};
  before(async () => {
    ({ id, outputs: state } = await network.create(await checked(base), context));
  });
  after(() => remove());
  const update = async (given: object) => {
    const inputs = await checked({ ...base, ...given }, state);
    state = await network.update(id, state, inputs, context);
    assert.equal((await network.diff(id, state, inputs, context)).changes, false);
  };

  it("keeps the hosts that machines have reserved, whatever changes, and they are no drift", async () => {
    const xml = '<host mac="52:54:00:64:00:01" ip="10.64.0.5"/>';
    await libvirt.updateNetwork(id, { command: "add-last", section: "ip-dhcp-host", xml, parentIndex: 0 });
    await update({ domain: { name: "handler.test" } });
    for (const root of [await definition(), await live()]) assert.deepEqual(macsIn(root), ["52:54:00:64:00:01"]);
    const read = await network.read(id, state, context);
    assert.equal(
      (
        await network.diff(
          id,
          read?.outputs ?? {},
          await checked({ ...base, domain: { name: "handler.test" } }),
          context,
        )
      ).changes,
      false,
    );
  });

  it("runs as it is defined again after an update, also when only what runs was changed", async () => {
    const xml = '<range start="10.64.0.20" end="10.64.0.30"/>';
    await libvirt.updateNetwork(id, { command: "add-last", section: "ip-dhcp-range", xml, parentIndex: 0 }, "live");
    assert.deepEqual(rangesIn(await live()), ["10.64.0.200", "10.64.0.30"]);
    await update({ autostart: false });
    assert.deepEqual(rangesIn(await live()), ["10.64.0.200"]);
  });

  it("is started again when it was stopped, also by an update of something else", async () => {
    await libvirt.stop("network", id);
    await update({});
    assert.equal(await libvirt.isActive("network", id), true);
  });

  it("shows what runs and isn't as defined, and up brings it back", async () => {
    const xml = '<range start="10.64.0.20" end="10.64.0.30"/>';
    await libvirt.updateNetwork(id, { command: "add-last", section: "ip-dhcp-range", xml, parentIndex: 0 }, "live");
    const inputs = await checked(base, state);
    state = (await network.read(id, state, context))?.outputs ?? {};
    assert.deepEqual((await network.diff(id, state, inputs, context)).notes, [
      "DHCP ranges: the running network differs from its definition, and is changed to it",
    ]);
    await update({});
    assert.deepEqual(rangesIn(await live()), ["10.64.0.200"]);
  });

  it("shows a restart that waits and no longer affects a guest", async () => {
    const xml = (await libvirt.definition("network", id)) ?? "";
    await libvirt.define("network", xml.replace("<ip ", '<domain name="waits.test"/><ip '));
    const given = { ...base, domain: { name: "waits.test", localOnly: false } };
    state = (await network.read(id, state, context))?.outputs ?? {};
    const { notes } = await network.diff(id, state, await checked(given, state), context);
    assert.deepEqual(notes, ["domain: restarts the network; no running machine is attached"]);
    await update({ domain: given.domain });
    assert.equal(attributeOf(await live(), "domain", "name"), "waits.test");
    await update({});
  });

  it("that no longer exists is reported, and can be deleted", async () => {
    await remove();
    assert.equal(await network.read(id, state, context), undefined);
    await assert.rejects(
      network.update(id, state, await checked(base, state), context),
      /network "handler-net" no longer exists\. Run `pulumi refresh`/,
    );
    await network.delete(id, state, context);
  });
});

describe("a network that is not to run", () => {
  const stopped = { ...base, running: false };
  let id = "";
  let state: Properties = {};
  after(() => remove());
  const up = async (given: Properties) => {
    const inputs = await checked(given, state);
    const { changes, notes } = await network.diff(id, state, inputs, context);
    if (changes) state = await network.update(id, state, inputs, context);
    assert.equal((await network.diff(id, state, inputs, context)).changes, false);
    return notes;
  };

  it("is made and not started, and what changes is in force when it starts", async () => {
    ({ id, outputs: state } = await network.create(await checked(stopped), context));
    assert.equal(await libvirt.isActive("network", id), false);
    assert.deepEqual(await up({ ...stopped, mtu: 1400 }), ["mtu: in force when it starts"]);
    assert.equal(await libvirt.isActive("network", id), false);
  });

  it("starts when it is to run, and stops when it is not", async () => {
    assert.deepEqual(await up(base), ["running: starts the network", "mtu: in force when it starts"]);
    assert.equal(await libvirt.isActive("network", id), true);
    assert.deepEqual(await up(stopped), ["running: stops the network"]);
    assert.equal(await libvirt.isActive("network", id), false);
  });

  it("is stopped when another program has started it", async () => {
    await libvirt.start("network", id);
    state = (await network.read(id, state, context))?.outputs ?? {};
    assert.deepEqual(await up(stopped), ["running: stops the network"]);
    assert.equal(await libvirt.isActive("network", id), false);
  });
});

describe("a network that can't start", () => {
  afterEach(() => remove());

  it("whose line dnsmasq rejects is reported without a command line", async () => {
    const inputs = await checked({ ...base, dnsmasqOptions: ["no-such-option=1"] });
    const error: unknown = await network.create(inputs, context).catch((reason: unknown) => reason);
    assert.match(
      String(error),
      /: dnsmasq does not accept its configuration: bad option at line \d+ of \S+\. Correct dnsmasqOptions$/,
    );
    assert.doesNotMatch(String(error), /virsh|object\.xml/);
  });
});

describe("a network that would be in another one's way is refused at preview", () => {
  const inside = insideOf(context);
  const other = "handler-other";
  before(async () => {
    await libvirt.define(
      "network",
      `<network><name>${other}</name><bridge name="kd-other"/><ip address="10.65.0.1" prefix="24"/><ip family="ipv6" address="fd00:65::1" prefix="64"/><route address="10.66.0.0" prefix="16" gateway="10.65.0.2"/></network>`,
    );
    await libvirt.start("network", await uuidOf(other));
    await ip("link", "add", "kd-dev", "type", "bridge");
    await ip("address", "add", "10.67.0.1/24", "dev", "kd-dev");
    await ip("link", "set", "kd-dev", "up");
  });
  after(async () => {
    await ip("link", "delete", "kd-dev");
    await remove(other);
    await remove();
  });

  for (const [what, unknown] of [
    ["adopt", { adopt: unknownValue }],
    ["the bridge", { bridge: unknownValue }],
    ["the subnet of the other family", { ipv6: { subnet: unknownValue } }],
    ["the subnet of the family before it", { ipv4: { subnet: unknownValue }, ipv6: { subnet: "fd00:65::/64" } }],
  ] as const) {
    it(`can't have its subnet, also while something else is unknown: ${what}`, async () => {
      const failures = await failuresOf({ ...base, ipv4: { subnet: "10.65.0.128/25" }, ...unknown });
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? "", /overlaps .*, which network "handler-other" has/);
    });
  }

  for (const [what, given, expected] of [
    [
      "a part of its subnet",
      { ipv4: { subnet: "10.65.0.128/25" } },
      'ipv4.subnet: 10.65.0.128/25 overlaps 10.65.0.0/24, which network "handler-other" has. Choose another subnet',
    ],
    [
      "a subnet around its own",
      { ipv4: { subnet: "10.64.0.0/15" } },
      'ipv4.subnet: 10.64.0.0/15 overlaps 10.65.0.0/24, which network "handler-other" has. Choose another subnet',
    ],
    [
      "its IPv6 subnet",
      { ipv6: { subnet: "fd00:65::/64" } },
      'ipv6.subnet: fd00:65::/64 overlaps fd00:65::/64, which network "handler-other" has. Choose another subnet',
    ],
    [
      "what it has a route to",
      { ipv4: { subnet: "10.66.7.0/24" } },
      'ipv4.subnet: 10.66.7.0/24 overlaps 10.66.0.0/16, which network "handler-other" has. Choose another subnet',
    ],
    [
      "what the host has a route to",
      { ipv4: { subnet: "10.67.0.0/25" } },
      "ipv4.subnet: 10.67.0.0/25 overlaps 10.67.0.0/24, to which the host has a route by kd-dev. Choose another subnet",
    ],
    [
      "its bridge",
      { bridge: "kd-other" },
      'bridge: "kd-other" is in use: it is the bridge of network "handler-other". Choose another name, or remove it',
    ],
    [
      "a device of the host",
      { bridge: "kd-dev" },
      'bridge: "kd-dev" is in use: the host has a device of that name. Choose another name, or remove it',
    ],
  ] as const) {
    it(`by ${what}`, async () => {
      assert.deepEqual(await failuresOf({ connection, name, mode: "isolated", ipv4: { subnet }, ...given }, inside), [
        expected,
      ]);
    });
  }

  it("but not for what it has itself", async () => {
    const given = { ...base, bridge: "kd-own", ipv6: { subnet: "fd00:64::/64" } };
    const { outputs } = await network.create(await checked(given, {}, inside), inside);
    const changed = { ...given, ipv6: { subnet: "fd00:65::/64" } };
    assert.deepEqual((await network.check(outputs, given, inside)).failures, []);
    assert.equal((await network.check(outputs, changed, inside)).failures[0]?.property, "ipv6.subnet");
  });

  it("nor when it starts again, where a device has taken its bridge's name", async () => {
    await remove();
    const given = { ...base, bridge: "kd-taken" };
    const { id, outputs } = await network.create(await checked(given, {}, inside), inside);
    await libvirt.stop("network", id);
    await ip("link", "add", "kd-taken", "type", "bridge");
    const reason = '"kd-taken" is in use: the host has a device of that name. Choose another name, or remove it';
    try {
      const state = (await network.read(id, outputs, inside))?.outputs ?? {};
      const { inputs, failures } = await network.check(state, given, inside);
      assert.deepEqual(failures, [{ property: "bridge", reason }]);
      await assert.rejects(network.update(id, state, inputs, inside), { message: `bridge: ${reason}` });
    } finally {
      await ip("link", "delete", "kd-taken");
    }
  });

  it("also when both are made at once", async () => {
    await remove();
    const names = ["handler-a", "handler-b"];
    const makers = names.map(async (each) =>
      network.create(await checked({ ...base, name: each }), testContext(connection, `${context.urn}-${each}`)),
    );
    const results = await Promise.allSettled(makers);
    for (const each of names) await remove(each);
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  });
});
