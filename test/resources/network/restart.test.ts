import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find, parse } from "../../../provider/format/xml";
import type { Libvirt } from "../../../provider/libvirt/client";
import type { Context, Properties } from "../../../provider/resource/handler";
import { network } from "../../../provider/resources/network/handler";
import { testContext } from "../../context";
import { site } from "../../site";

const { connection, enter, host } = site();
const { libvirt } = host;
const urn = "urn:pulumi:test::test::kvm::network-restart";
const [name, guest, mac] = ["restart-net", "restart-guest", "52:54:00:68:00:01"];
const base = {
  connection,
  name,
  mode: "isolated",
  bridge: "kd-restart",
  domain: { name: "one.test" },
  ipv4: { subnet: "10.68.0.0/24", dhcp: { ranges: [{ start: "10.68.0.100", end: "10.68.0.200" }] } },
};

/** Its firmware asks for an address again and again, for there is nothing to boot from. */
const guestXml = (of = name) =>
  `<domain type="qemu"><name>${guest}</name><memory unit="MiB">64</memory><os><type arch="x86_64" machine="q35">hvm</type><boot dev="network"/><bios rebootTimeout="100"/></os><devices><interface type="network"><mac address="${mac}"/><source network="${of}"/><model type="virtio"/></interface></devices></domain>`;

describe("a network with a running guest", () => {
  let id = "";
  let state: Properties = {};
  let domain = "";
  const context = testContext(connection, urn);

  before(async () => {
    const { inputs } = await network.check({}, base, context);
    ({ id, outputs: state } = await network.create(inputs, context));
    await libvirt.define("domain", guestXml());
    domain = (await libvirt.find("domain", guest))?.uuid ?? "";
    await libvirt.start("domain", domain);
  });
  after(async () => {
    await libvirt.stop("domain", domain);
    await libvirt.undefine("domain", domain);
    await network.delete(id, state, context);
  });

  const checked = async (given: object) => (await network.check(state, { ...base, ...given }, context)).inputs;
  const preview = async (given: object) => (await network.diff(id, state, await checked(given), context)).notes;
  const update = async (given: object, by: Context = context) => {
    state = await network.update(id, state, await checked(given), by);
  };
  const live = async () => parse((await libvirt.liveDefinition("network", id)) ?? "");
  const inForce = async () => attributeOf(await live(), "domain", "name");
  const nic = async () => {
    const root = parse((await libvirt.liveDefinition("domain", domain)) ?? "");
    return childrenOf(find(root, "devices"), "interface")[0] ?? assert.fail();
  };
  const isPluggedIn = async () => {
    const [element, ports] = [await nic(), await libvirt.networkPorts(id)];
    const [program, ...args] = [...enter, "ip", "-brief", "link", "show", "master", "kd-restart"];
    const { stdout } = await host.run(program, args);
    assert.equal(element.attributes["type"], "network");
    assert.deepEqual(ports, [attributeOf(element, "source", "portid")]);
    assert.ok(stdout.includes(attributeOf(element, "target", "dev") ?? "?"), `not on the bridge: ${stdout}`);
  };
  /** The time until which the guest has its address, and the address: a later one proves that both heard each other. */
  const lease = async (later = "") => {
    for (let attempt = 0; attempt < 60; attempt++) {
      const { stdout } = await host.run("virsh", ["-q", "-c", connection, "net-dhcp-leases", id]);
      const [, until = "", address] = /^\s*(\S+ \S+)\s+\S+\s+ipv4\s+(\S+)/m.exec(stdout) ?? [];
      if (until > later) return { until, address };
      await host.clock.sleep(1000);
    }
    return assert.fail("the guest got no address");
  };
  /** The host's libvirt with some verbs replaced. */
  const withLibvirt = (verbs: Partial<Libvirt>): Context => ({
    ...context,
    host: () => ({ ...host, libvirt: { ...libvirt, ...verbs } }),
  });
  const killed = () => Promise.reject(new Error("killed"));

  it("changes at once what can be, and the rest waits for its restart, which is reported", async () => {
    const given = {
      domain: { name: "two.test" },
      ipv4: { ...base.ipv4, dhcp: { ranges: [{ start: "10.68.0.100", end: "10.68.0.150" }] } },
    };
    const waits = "waits for the network's next restart, which affects restart-guest; allowRestart: true does it now";
    assert.deepEqual(await preview(given), [
      "ipv4.dhcp.ranges[0].end: changes while it runs; guests keep their leases",
      `domain.name: ${waits}`,
    ]);
    await update(given);
    assert.deepEqual(context.said.splice(0), [`domain.name: ${waits}`]);
    assert.deepEqual(state["waitingForRestart"], ["domain.name"]);
    assert.equal(await inForce(), "one.test");
    assert.equal(attributeOf(await live(), "ip/dhcp/range", "end"), "10.68.0.150");
    assert.deepEqual(await preview(given), []);
    const read = await network.read(id, state, context);
    assert.deepEqual(read?.outputs["waitingForRestart"], ["domain.name"]);
    await isPluggedIn();
  });

  it("restarts when that is allowed, attaches the guest again, and that keeps its address", async () => {
    const [before, macBefore] = [await lease(), attributeOf(await live(), "mac", "address")];
    const given = { domain: { name: "two.test" }, allowRestart: true };
    assert.deepEqual(await preview(given), [
      "domain.name: waited for a restart, which happens now; running machines are attached again",
      "ipv4.dhcp.ranges[0].end: changes while it runs; guests keep their leases",
    ]);
    assert.ok(
      (await preview({ ...given, mtu: 1400 })).includes("mtu: restarts the network, and attaches restart-guest again"),
    );
    await update(given);
    assert.deepEqual(state["waitingForRestart"], []);
    assert.equal(await inForce(), "two.test");
    assert.equal(attributeOf(await live(), "mac", "address"), macBefore);
    await isPluggedIn();
    const renewed = await lease(before.until);
    assert.equal(renewed.address, before.address);
  });

  it("names the guests that libvirt did not take back, and tries again at the next up", async () => {
    const given = { domain: { name: "four.test" }, allowRestart: true };
    await assert.rejects(update(given, withLibvirt({ changeLive: killed })), {
      message:
        'network "restart-net" runs again, but machines are not attached to it: restart-guest. Shut them down and start them again',
    });
    await update(given);
    await isPluggedIn();
  });

  it("is not deleted", async () => {
    await assert.rejects(
      network.delete(id, state, context),
      /running machines are attached to it: restart-guest\. Shut them down/,
    );
    await isPluggedIn();
  });
});

describe("a running guest, when its network goes over to something else", () => {
  const [of, one, other] = ["restart-other", "kd-one", "kd-other"];
  const start = { connection, name: of, mode: "bridge", bridge: one, allowRestart: true };
  const context = testContext(connection, `${urn}-other`);
  let [id, domain, state]: [string, string, Properties] = ["", "", {}];
  const inside = async (...args: string[]) => {
    const [program = "", ...rest] = [...enter, "ip", ...args];
    return (await host.run(program, rest)).stdout;
  };
  const become = async (given: object) => {
    const { inputs, failures } = await network.check(
      state,
      { connection, name: of, allowRestart: true, ...given },
      context,
    );
    assert.deepEqual(failures, []);
    const { notes } = await network.diff(id, state, inputs, context);
    state = await network.update(id, state, inputs, context);
    return notes;
  };

  before(async () => {
    for (const bridge of [one, other]) {
      await inside("link", "add", bridge, "type", "bridge");
      await inside("link", "set", bridge, "up");
    }
    ({ id, outputs: state } = await network.create((await network.check({}, start, context)).inputs, context));
    await libvirt.define("domain", guestXml(of));
    domain = (await libvirt.find("domain", guest))?.uuid ?? "";
    await libvirt.start("domain", domain);
  });
  after(async () => {
    await libvirt.stop("domain", domain);
    await libvirt.undefine("domain", domain);
    await network.delete(id, state, context);
    for (const bridge of [one, other]) await inside("link", "delete", bridge);
  });

  it("is moved to another bridge of the host's", async () => {
    assert.match(await inside("link", "show", "master", one), /vnet/);
    assert.deepEqual(await become({ mode: "bridge", bridge: other }), [
      "bridge: restarts the network, and attaches restart-guest again",
    ]);
    assert.match(await inside("link", "show", "master", other), /vnet/);
    assert.equal((await libvirt.networkPorts(id)).length, 1);
  });

  it("is moved to a bridge that libvirt makes", async () => {
    await become({ mode: "isolated", ipv4: { subnet: "10.69.0.0/24" } });
    assert.match(await inside("link", "show", "master", String(state["bridgeName"])), /vnet/);
  });

  it("stays where it is when guests are on a device from now on, which the preview and up say", async () => {
    const [note = ""] = await become({ mode: "private", devices: [one] });
    assert.match(note, /: restarts the network; until they are shut down and started, .*: restart-guest$/);
    assert.deepEqual(context.said, [
      "running machines keep their former connection until they are shut down and started: restart-guest",
    ]);
    await libvirt.stop("domain", domain);
    await libvirt.start("domain", domain);
    assert.equal((await libvirt.networkPorts(id)).length, 1);
  });
});
