import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeOf, parse, render } from "../../../provider/format/xml";
import { needsRestart, planCreate, planUpdate } from "../../../provider/resources/network/plan";
import { readNetwork } from "../../../provider/resources/network/read";
import { networkInputs, type NetworkInputs } from "../../../provider/resources/network/schema";
import { networkXml } from "../../../provider/resources/network/xml";
import { site } from "../../site";

const { libvirt } = site().host;
const urn = "urn:pulumi:test::test::kvm::network-unit";
const dhcp = { start: "10.9.0.100", end: "10.9.0.200" };
const base = { name: "unit-net", subnet: "10.9.0.0/24", dhcp };
const inputsOf = (given: object): NetworkInputs => networkInputs.parse({ ...base, ...given });

async function throughLibvirt(inputs: NetworkInputs) {
  await libvirt.define("network", render(networkXml(inputs, {})));
  const { uuid = "" } = (await libvirt.find("network", inputs.name)) ?? {};
  try {
    return parse((await libvirt.definition("network", uuid)) ?? "");
  } finally {
    await libvirt.undefine("network", uuid);
  }
}

describe("a network's definition is accepted by libvirt, and reads back as what was asked for", () => {
  for (const [name, given] of Object.entries({
    nat: {
      domain: "unit.test",
      dhcp: { ...dhcp, hosts: [{ mac: "52:54:00:00:00:0a", address: "10.9.0.5", name: "five" }] },
    },
    "nat by a device": { device: "eth9", hostAddress: "10.9.0.254", bridge: "kd-unit" },
    isolated: { mode: "isolated" },
    "isolated without an address": { mode: "isolated", subnet: undefined, dhcp: undefined },
    route: { mode: "route", dhcp: undefined },
    bridge: { mode: "bridge", bridge: "br9", subnet: undefined, dhcp: undefined },
  })) {
    it(name, async () => {
      const inputs = inputsOf({ ...given, name: `unit-${name.replaceAll(" ", "-")}` });
      const seen = readNetwork(await throughLibvirt(inputs), inputs, true);
      assert.deepEqual(JSON.parse(JSON.stringify(seen)), JSON.parse(JSON.stringify(inputs)));
    });
  }
});

describe("what a change of a network takes", () => {
  const olds = inputsOf({ dhcp: { ...dhcp, hosts: [{ mac: "52:54:00:00:00:0a", address: "10.9.0.5" }] } });
  const present = parse(
    `<network><name>unit-net</name><uuid>u</uuid><bridge name='virbr7'/><mac address='52:54:00:99:99:99'/><ip address='10.9.0.1' prefix='24'><dhcp><range start='10.9.0.100' end='10.9.0.200'/><host mac='52:54:00:00:00:0a' ip='10.9.0.5'/><host mac='52:54:00:00:00:0f' ip='10.9.0.6'/></dhcp></ip></network>`,
  );
  const plan = (given: object) => planUpdate(olds, networkInputs.parse({ ...olds, ...given }), urn, present);

  it("a range and hosts change while it runs", () => {
    const hosts = [{ mac: "52:54:00:00:00:0a", address: "10.9.0.7" }];
    const steps = plan({ dhcp: { start: "10.9.0.50", end: "10.9.0.60", hosts } });
    assert.deepEqual(
      steps.map((step) => (step.kind === "update" ? `${step.command} ${step.section}` : step.kind)),
      ["delete ip-dhcp-range", "add-last ip-dhcp-range", "delete ip-dhcp-host", "add-last ip-dhcp-host"],
    );
  });

  it("another domain restarts it, with its uuid, MAC address, bridge and the machines' hosts kept", () => {
    const steps = plan({ domain: "other.test" });
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ["stop", "define", "start"],
    );
    const [, define] = steps;
    const xml = define?.kind === "define" ? define.xml : "";
    for (const kept of ["<uuid>u</uuid>", 'name="virbr7"', 'address="52:54:00:99:99:99"', 'ip="10.9.0.6"'])
      assert.ok(xml.includes(kept), kept);
    assert.equal(needsRestart(olds, inputsOf({ domain: "x.test" })), true);
  });

  it("autostart alone is set alone", () =>
    assert.deepEqual(plan({ autostart: false }), [{ kind: "autostart", on: false }]));

  it("a new one is defined with its owner, and started", () => {
    const [define, ...others] = planCreate(olds, urn);
    assert.equal(define?.kind === "define" && attributeOf(parse(define.xml), "metadata/kvm-deploy:mark", "owner"), urn);
    assert.deepEqual(
      others.map(({ kind }) => kind),
      ["autostart", "start"],
    );
  });
});

describe("a network's rules", () => {
  const problems = (given: object) =>
    networkInputs
      .safeParse({ ...base, ...given })
      .error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
  const host = (address: string, mac = "52:54:00:00:00:01") => ({ mac, address });
  for (const [given, expected] of [
    [
      { mode: "bridge", subnet: undefined, dhcp: undefined },
      ['bridge: is missing: mode "bridge" needs the name of a bridge that the host has'],
    ],
    [
      { mode: "bridge", bridge: "br0", dhcp: undefined },
      ["subnet: can't be set with mode \"bridge\", where the host's own network decides; leave it out"],
    ],
    [
      { mode: "bridge", bridge: "br0", subnet: undefined, dhcp: undefined, hostAddress: "10.9.0.1" },
      ["hostAddress: can't be set with mode \"bridge\", where the host's own network decides; leave it out"],
    ],
    [{ subnet: undefined, dhcp: undefined }, ['subnet: is missing: mode "nat" needs one, such as "192.168.100.0/24"']],
    [
      { mode: "isolated", device: "eth0" },
      ["device: can't be set on an isolated network, which reaches no device; leave it out or change the mode"],
    ],
    [{ mode: "isolated", subnet: undefined }, ["dhcp: needs a subnet; add one or leave this out"]],
    [
      { hostAddress: "10.8.0.1" },
      ["hostAddress: 10.8.0.1 is not a host's address in 10.9.0.0/24; choose one from 10.9.0.1 to 10.9.0.254"],
    ],
    [
      { dhcp: { start: "10.9.0.9", end: "10.9.0.3" } },
      ["dhcp.end: 10.9.0.3 comes before the range's start 10.9.0.9; swap them"],
    ],
    [
      { dhcp: { ...dhcp, hosts: [host("10.9.0.1")] } },
      ["dhcp.hosts.0.address: 10.9.0.1 is the host's own address; choose another"],
    ],
    [
      { dhcp: { ...dhcp, hosts: [host("10.9.0.5"), host("10.9.0.5")] } },
      [
        "dhcp.hosts.1.mac: 52:54:00:00:00:01 is given to dhcp.hosts[0] already; choose another",
        "dhcp.hosts.1.address: 10.9.0.5 is given to dhcp.hosts[0] already; choose another",
      ],
    ],
    [
      { dhcp: { start: "10.9.1.100", end: "10.9.0.255" } },
      [
        "dhcp.start: 10.9.1.100 is not a host's address in 10.9.0.0/24; choose one from 10.9.0.1 to 10.9.0.254",
        "dhcp.end: 10.9.0.255 is not a host's address in 10.9.0.0/24; choose one from 10.9.0.1 to 10.9.0.254",
        "dhcp.end: 10.9.0.255 comes before the range's start 10.9.1.100; swap them",
      ],
    ],
  ] as const) {
    it(expected[0], () => assert.deepEqual(problems(given), expected));
  }
});
