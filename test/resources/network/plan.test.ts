import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { childrenOf, type Element, find, parse, render } from "../../../provider/format/xml";
import { type ActualNetwork, planToFollow } from "../../../provider/resources/network/plan";
import { networkInputs, type NetworkInputs } from "../../../provider/resources/network/schema";
import { networkXml } from "../../../provider/resources/network/definition";

const ranges = [{ start: "10.9.0.100", end: "10.9.0.200" }];
const hosts = [{ mac: "52:54:00:00:00:0a", address: "10.9.0.5" }];
const ipv4 = { subnet: "10.9.0.0/24", dhcp: { ranges, hosts } };
const ipv6 = { subnet: "fd00:9::/64", dhcp: { ranges: [{ start: "fd00:9::2", end: "fd00:9::9" }] } };
const base = { name: "unit-net", ipv4, ipv6 };
const inputsOf = (given: object): NetworkInputs => networkInputs.parse({ ...base, ...given });
const xmlOf = (given: object): Element => networkXml(inputsOf(given));

const whole = { detached: [], leavesDetour: false };

/** The steps in a line each, and what waits. */
function planned(given: object, now: Partial<ActualNetwork> = {}) {
  const definition = xmlOf(given);
  const found = { definition, live: xmlOf({}), autostart: true, guests: ["web"], ...whole, ...now };
  const { steps, waiting } = planToFollow(inputsOf(given), found);
  const texts = steps.map((step) => {
    if (step.kind !== "update") return step.kind;
    const { command, section, parentIndex } = step.update;
    return `${command} ${section}${parentIndex === undefined ? "" : ` in ip ${parentIndex}`}`;
  });
  return [...texts, ...waiting.map((path) => `${path} waits`)];
}

describe("what makes a network that runs follow its definition", () => {
  const cases: readonly (readonly [string, object, Partial<ActualNetwork>, ...string[]])[] = [
    ["nothing when it does", {}, {}],
    ["a start when it is inactive", { mtu: 1400 }, { live: undefined }, "start"],
    ["a stop when it is not to run", { running: false, mtu: 1400 }, {}, "stop"],
    ["nothing when it is not to run and doesn't", { running: false, mtu: 1400 }, { live: undefined }],
    ["autostart alone", {}, { autostart: false }, "autostart"],
    [
      "updates of ranges and hosts, deletions first",
      {
        ipv4: {
          ...ipv4,
          dhcp: { ranges: [{ start: "10.9.0.50", end: "10.9.0.60" }], hosts: [{ ...hosts[0], name: "a" }] },
        },
      },
      {},
      "delete ip-dhcp-range in ip 0",
      "delete ip-dhcp-host in ip 0",
      "add-last ip-dhcp-range in ip 0",
      "add-last ip-dhcp-host in ip 0",
    ],
    [
      "an update in the place that the subnet has in what runs",
      { ipv6: { ...ipv6, dhcp: { ...ipv6.dhcp, hosts: [{ name: "a", address: "fd00:9::5" }] } } },
      { live: xmlOf({ ipv4: undefined }) },
      "add-last ip-dhcp-host in ip 0",
      "ipv4 waits",
    ],
    [
      "records and port groups",
      {
        dns: { hosts: [{ address: "10.9.0.5", names: ["a"] }], txt: [{ name: "a", value: "b" }] },
        portGroups: [{ name: "a" }],
      },
      {},
      "add-last dns-host",
      "add-last dns-txt",
      "add-last portgroup",
    ],
    ["a restart when no guest is affected", { mtu: 1400 }, { guests: [] }, "stop", "start"],
    ["a restart when it is allowed", { mtu: 1400, allowRestart: true }, {}, "stop", "start"],
    ["nothing else when it waits", { mtu: 1400 }, {}, "mtu waits"],
    [
      "nothing in a subnet that waits itself",
      { ipv4: { subnet: "10.10.0.0/24", dhcp: { ranges: [{ start: "10.10.0.2", end: "10.10.0.9" }] } } },
      {},
      "ipv4.subnet waits",
    ],
  ];
  for (const [what, given, now, ...expected] of cases) {
    it(what, () => assert.deepEqual(planned(given, now), expected));
  }
});

describe("a redefinition", () => {
  const present = parse(
    `<network ipv6="yes"><name>unit-net</name><uuid>u</uuid><metadata><other:x xmlns:other="urn:x"/></metadata><forward mode="nat"><nat><address start="192.0.2.1" end="192.0.2.2"/></nat></forward><bridge name="virbr7" zone="lab"/><mac address="52:54:00:99:99:99"/><bandwidth><inbound average="1"/></bandwidth><ip address="10.9.0.1" prefix="24" localPtr="yes"><tftp root="/t"/><dhcp><range start="10.9.0.2" end="10.9.0.3"/><host mac="52:54:00:00:00:0a" ip="10.9.0.5"/><host mac="52:54:00:00:00:0f" ip="10.9.0.6"/><bootp file="f"/></dhcp></ip></network>`,
  );
  const kept = (given: object) => render(networkXml(inputsOf(given), present, inputsOf({})));

  it("keeps what guests depend on and what isn't modelled", () => {
    const xml = kept({ domain: { name: "other.test" } });
    for (const text of [
      'ipv6="yes"',
      "<uuid>u</uuid>",
      "<other:x",
      '<address start="192.0.2.1"',
      '<bridge name="virbr7" zone="lab"/>',
      '<mac address="52:54:00:99:99:99"/>',
      "<bandwidth>",
      'localPtr="yes"',
      '<tftp root="/t"/>',
      '<bootp file="f"/>',
    ])
      assert.ok(xml.includes(text), `${text} in ${xml}`);
  });

  const macsIn = (given: object) =>
    childrenOf(find(networkXml(inputsOf(given), present, inputsOf({})), "ip/dhcp"), "host").map(
      ({ attributes }) => attributes["mac"],
    );
  const machines = "52:54:00:00:00:0f";

  it("keeps the hosts that machines put there, and no own one that no longer exists", () => {
    assert.deepEqual(macsIn({}), [hosts[0]?.mac, machines]);
    assert.deepEqual(macsIn({ ipv4: { ...ipv4, dhcp: { ranges } } }), [machines]);
  });

  it("keeps none that lie outside of a new subnet", () => {
    const dhcp = { ranges: [{ start: "10.10.0.2", end: "10.10.0.9" }] };
    assert.deepEqual(macsIn({ ipv4: { subnet: "10.10.0.0/24", dhcp } }), []);
  });

  it("to a bridge of the host's keeps neither the bridge nor its MAC address", () => {
    const xml = kept({ mode: "bridge", bridge: "br0", ipv4: undefined, ipv6: undefined });
    assert.ok(!xml.includes("virbr7") && !xml.includes("<mac"), xml);
  });
});
