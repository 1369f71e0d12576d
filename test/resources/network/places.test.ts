import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { childrenOf, el, type Element, parse, render } from "../../../provider/format/xml";
import { networkXml } from "../../../provider/resources/network/definition";
import { readNetwork } from "../../../provider/resources/network/drift";
import { identity } from "../../../provider/resources/network/identity";
import { hasOwnBridge } from "../../../provider/resources/network/modes";
import { modeOf, valuesIn } from "../../../provider/resources/network/places";
import { networkInputs, type NetworkInputs } from "../../../provider/resources/network/schema";
import { modelOf, objectsIn } from "../../../tools/generate/model";
import fc from "../../properties";
import { keysFound } from "../keys-found";
import { validInputs } from "./inputs";

/** As it looks after a journey through the state. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const afterLibvirt = (network: Element) => parse(render(network));
const readBack = (network: Element, inputs: NetworkInputs) => plain(readNetwork(afterLibvirt(network), inputs, inputs));

describe("the definition of a network", () => {
  it("reads back as the inputs that it was written from", () => {
    fc.assert(
      fc.property(validInputs, (inputs) => {
        assert.deepEqual(readBack(networkXml(inputs), inputs), plain(inputs));
      }),
    );
  });

  it("reads back as the inputs that it was updated to, whatever it was before; an update without a change leaves it", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, after) => {
        const updated = networkXml(after, networkXml(before), before);
        assert.deepEqual(readBack(updated, after), plain(after));
        assert.equal(render(networkXml(after, updated, after)), render(updated));
      }),
    );
  });

  it("keeps what others have written into it", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, after) => {
        const decorated = withForeign(networkXml(before));
        const updated = networkXml(after, decorated, before);
        const stays = whatStays(before, after);
        const is = new Set(foreignIn(updated));
        const lost = foreignIn(decorated).filter((path) => stays(path) && !is.has(path));
        assert.deepEqual(lost, []);
        const subnets = childrenOf(updated, "ip").map(render);
        for (const ip of othersSubnets) assert.ok(subnets.includes(render(ip)), render(updated));
      }),
    );
  });
});

const othersSubnets = [
  parse('<ip address="10.200.0.1" prefix="16"><dhcp><host mac="52:54:00:ff:00:02" ip="10.200.0.5"/></dhcp></ip>'),
  parse('<ip family="ipv6" address="fd00:200::1" prefix="64" localPtr="yes"/>'),
];

const othersAddresses = othersSubnets.map(({ attributes }) => attributes["address"]);
const machinesHost = el("host", { mac: "52:54:00:ff:00:01", ip: "10.1.0.99" });

/** They hold a text, or are known by their place alone. */
const leaves = ["name", "hostname", "dnsmasq:options", "metadata"];

/** With an attribute and an element of others in each element, and subnets and hosts beside those of the inputs. */
function withForeign(element: Element): Element {
  const more: Readonly<Record<string, readonly Element[]>> = {
    network: othersSubnets,
    dhcp: [decorated(machinesHost)],
  };
  const inner = decorated(element);
  return el(inner.name, inner.attributes, ...inner.children, ...(more[element.name] ?? []));
}

function decorated({ name, attributes, children }: Element): Element {
  if (leaves.includes(name)) return el(name, attributes, ...children);
  const inner = children.map((child) => (typeof child === "string" ? child : withForeign(child)));
  return el(name, { ...attributes, others: "1" }, ...inner, el("others"));
}

/** Where attributes and elements of others are. */
function foreignIn(network: Element): string[] {
  return elementsIn(network).flatMap(([path, { attributes }]) => [
    ...(attributes["others"] === undefined ? [] : [`${path} has an attribute`]),
    ...(path.endsWith("/others") ? [`${path} is an element`] : []),
  ]);
}

/** Each element with its path, by what it is known by; but those in subnets of others. */
function elementsIn(element: Element, path = "", mode = modeOf(element)): (readonly [string, Element])[] {
  const here = `${path}/${stepOf(element, mode)}`;
  const inner = childrenOf(element).filter(({ attributes }) => !othersAddresses.includes(attributes["address"] ?? ""));
  return [[here, element], ...inner.flatMap((child) => elementsIn(child, here, mode))];
}

function stepOf(element: Element, mode: NetworkInputs["mode"]): string {
  const { name, attributes } = element;
  if (name === "ip") return attributes["family"] ?? "ipv4";
  if (name === "bridge") return hasOwnBridge(mode) ? "own bridge" : "host's bridge";
  return `${name} ${identity.keyOf(element) ?? identity.kindOf(element) ?? ""}`.trim();
}

/** What lies in what is desired, or in a frame, which stays for that; of DHCP, while the inputs give addresses. */
function whatStays(before: NetworkInputs, after: NetworkInputs): (path: string) => boolean {
  const desired = new Set(elementsIn(networkXml(after)).map(([path]) => path));
  const machines = stepOf(machinesHost, after.mode);
  return (path) => {
    if (path.includes("/forward/nat") && after.mode !== "nat") return false;
    const field = (["ipv4", "ipv6"] as const).find((each) => path.includes(`/${each}/dhcp`));
    if (field !== undefined && after[field]?.dhcp === undefined) return false;
    const isMoved = field !== undefined && before[field]?.subnet !== after[field]?.subnet;
    if (isMoved && path.includes(machines)) return false;
    const [above = ""] = path.split(/ has an | is an |\/others|\/host 52:54:00:ff/);
    return isThere(above.split("/").slice(1), desired);
  };
}

const frames = ["nat", "dns", "dhcp"];

function isThere(steps: readonly string[], desired: ReadonlySet<string>): boolean {
  return steps.every((step, index) => {
    const path = `/${steps.slice(0, index + 1).join("/")}`;
    return desired.has(path) || frames.includes(step);
  });
}

/** Not in the definition: what libvirt keeps beside it, and what an update may do. */
const elsewhere = ["connection", "adopt", "deleteAdopted", "shared", "allowRestart", "autostart", "running"];

describe("each field of a network has a place", () => {
  const model = modelOf("Network", networkInputs);
  const range = { start: "10.1.0.10", end: "10.1.0.20", leaseTime: "5m" };
  const range6 = { start: "fd00:1::10", end: "fd00:1::20", leaseTime: "5m" };
  const host = { mac: "52:54:00:00:00:01", address: "10.1.0.5", name: "five" };
  const host6 = {
    id: "00:03:00:01:52:54:00:00:00:01",
    address: "fd00:1::5",
    name: "six",
  };
  const full = [
    {
      mode: "route",
      devices: ["eth0"],
      bridge: "br-a",
      mtu: 1400,
      ipv4: {
        subnet: "10.1.0.0/24",
        hostAddress: "10.1.0.9",
        dhcp: { ranges: [range], hosts: [host] },
      },
      ipv6: {
        subnet: "fd00:1::/64",
        hostAddress: "fd00:1::9",
        dhcp: { ranges: [range6], hosts: [host6] },
      },
      routes: [{ destination: "10.9.0.0/16", gateway: "10.1.0.5", metric: 3 }],
      domain: { name: "full.test", localOnly: false },
      dns: {
        enabled: false,
        forwardPlainNames: false,
        forwarders: [{ address: "192.0.2.53", domain: "a.test" }],
        hosts: [{ address: "192.0.2.1", names: ["a.test"] }],
        txt: [{ name: "a.test", value: "text" }],
        srv: [
          {
            ...{
              service: "ldap",
              protocol: "tcp",
              domain: "a.test",
              target: "b.test",
            },
            ...{ port: 1, priority: 2, weight: 3 },
          },
        ],
      },
      dnsmasqOptions: ["log-dhcp"],
    },
    {
      ipv4: { subnet: "10.1.0.0/24" },
      nat: { ports: { start: 1, end: 2 }, ipv6: true },
    },
    {
      mode: "bridge",
      bridge: "ovs0",
      virtualPort: "openvswitch",
      portGroups: [{ name: "g", default: true, vlans: [1, 2] }],
    },
  ].map((given) => networkInputs.parse({ name: "full", ...given }));

  it("where its value is found again", () => {
    const found = full.flatMap((inputs) => keysFound(model, valuesIn(networkXml(inputs)), inputs));
    const fields = objectsIn(model).flatMap((object) => object.fields.map((field) => `${object.name}.${field.name}`));
    assert.deepEqual(
      fields.filter((field) => !found.includes(field)).sort(),
      elsewhere.map((field) => `Network.${field}`).sort(),
    );
  });
});
