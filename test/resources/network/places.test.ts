import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { childrenOf, el, type Element, parse, render } from "../../../provider/format/xml";
import { networkXml } from "../../../provider/resources/network/definition";
import { readNetwork } from "../../../provider/resources/network/drift";
import { identity } from "../../../provider/resources/network/identity";
import { hasOwnBridge } from "../../../provider/resources/network/modes";
import { valuesIn } from "../../../provider/resources/network/places";
import { networkInputs, type NetworkInputs } from "../../../provider/resources/network/schema";
import { modelOf, type ObjectModel, objectsIn, objectsOf } from "../../../tools/generate/model";
import fc from "../../properties";
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

  it("reads back as the inputs that it was updated to, whatever it was before, and an update without a change leaves it", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, after) => {
        const updated = networkXml(after, networkXml(before), before);
        // The bridge keeps the name that it has.
        const named = { ...after, bridge: after.bridge ?? keptBridge(before, after) };
        assert.deepEqual(readBack(updated, named), plain(named));
        assert.equal(render(networkXml(after, updated, after)), render(updated));
      }),
    );
  });

  it("keeps what others have written into it, wherever", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, after) => {
        const decorated = withForeign(networkXml(before), before);
        const updated = networkXml(after, decorated, before);
        const lost = foreignIn(decorated, before)
          .filter(({ path }) => mustStay(path, before, after))
          .filter(({ path, text }) => !foreignIn(updated, after).some((is) => is.path === path && is.text === text));
        assert.deepEqual(lost, []);
      }),
    );
  });
});

function keptBridge(before: NetworkInputs, after: NetworkInputs): string | undefined {
  return hasOwnBridge(before.mode) && hasOwnBridge(after.mode) ? before.bridge : undefined;
}

/** Elements that hold a text or are known by their place alone. */
const plainElements = ["name", "hostname", "dnsmasq:options", "dnsmasq:option", "metadata"];

/** What libvirt or others may have added, in each element. */
function withForeign(element: Element, inputs: NetworkInputs): Element {
  if (plainElements.includes(element.name)) return element;
  const others = element.name === "network" ? foreignSubnet : element.name === "dhcp" ? machinesHost(element) : [];
  return el(
    element.name,
    { ...element.attributes, others: "1" },
    ...element.children.map((child) => (typeof child === "string" ? child : withForeign(child, inputs))),
    el("others", {}, "2"),
    ...others,
  );
}

const foreignSubnet = [
  parse(
    '<ip address="10.200.0.1" netmask="255.255.0.0"><dhcp><host mac="52:54:00:ff:00:02" ip="10.200.0.5"/></dhcp></ip>',
  ),
  parse('<ip family="ipv6" address="fd00:200::1" prefix="64" localPtr="yes"/>'),
];

function machinesHost(dhcp: Element): Element[] {
  const isSix = childrenOf(dhcp).some(({ attributes }) =>
    `${attributes["ip"] ?? ""}${attributes["start"] ?? ""}`.includes(":"),
  );
  return isSix ? [] : [el("host", { mac: "52:54:00:ff:00:01", ip: "10.1.0.99", others: "1" })];
}

interface Foreign {
  readonly path: string;
  readonly text: string;
}

/** With the path of the element that each lies in. */
function foreignIn(element: Element, inputs: NetworkInputs, above = ""): Foreign[] {
  const path = `${above}/${stepOf(element, inputs)}`;
  const here = [
    ...(element.attributes["others"] === undefined ? [] : [{ path, text: "attribute" }]),
    ...(childrenOf(element, "others").length > 0 ? [{ path, text: "element" }] : []),
  ];
  const isForeignIp = element.name === "ip" && /200[.:]/.test(element.attributes["address"] ?? "");
  if (isForeignIp)
    return [{ path: `/network/${render(element).replace('netmask="255.255.0.0"', 'prefix="16"')}`, text: "" }];
  return [...here, ...childrenOf(element).flatMap((child) => foreignIn(child, inputs, path))];
}

/** An element is the same as long as these are. */
function stepOf(element: Element, { mode }: NetworkInputs): string {
  const { name, attributes } = element;
  if (name === "ip") return `ip ${attributes["family"] ?? "ipv4"}`;
  if (name === "bridge") return `bridge ${String(hasOwnBridge(mode))}`;
  return `${name} ${identity.keyOf(element) ?? identity.kindOf(element) ?? ""}`.trim();
}

/** What lies in an element that is desired, or was only a frame; of DHCP, as long as anybody gives addresses. */
function mustStay(path: string, before: NetworkInputs, after: NetworkInputs): boolean {
  const [, , ...steps] = path.split("/");
  const isForeign = path.includes("52:54:00:ff") || path.includes("/<ip") || steps.length === 0;
  if (path.includes("/<ip") || steps.length === 0) return true;
  if (path.startsWith("/network/forward/nat") && after.mode !== "nat") return false;
  if (steps[1] === "dhcp") {
    const field = steps[0] === "ip ipv6" ? "ipv6" : "ipv4";
    const [was, is] = [before[field], after[field]];
    if (is?.dhcp === undefined) return false;
    if (isForeign) return was?.subnet === is.subnet;
  }
  const isThere = (network: Element, wanted: string) => pathsIn(network, after).includes(wanted);
  const parents = steps.map((_, index) => `/network/${steps.slice(0, index + 1).join("/")}`);
  return parents.every((each) => isThere(networkXml(after), each) || /\/(nat|dns)$/.test(each));
}

function pathsIn(element: Element, inputs: NetworkInputs, above = ""): string[] {
  const path = `${above}/${stepOf(element, inputs)}`;
  return [path, ...childrenOf(element).flatMap((child) => pathsIn(child, inputs, path))];
}

/** Not in the definition: what libvirt keeps beside it, and what an update may do. */
const elsewhere = ["connection", "adopt", "deleteAdopted", "allowRestart", "autostart", "running"];

describe("each field of a network has a place", () => {
  const model = modelOf("Network", networkInputs);
  const range = { start: "10.1.0.10", end: "10.1.0.20", leaseTime: "5m" };
  const range6 = { start: "fd00:1::10", end: "fd00:1::20", leaseTime: "5m" };
  const host = { mac: "52:54:00:00:00:01", address: "10.1.0.5", name: "five" };
  const host6 = { id: "00:03:00:01:52:54:00:00:00:01", address: "fd00:1::5", name: "six" };
  const full = [
    {
      mode: "route",
      devices: ["eth0"],
      bridge: "br-a",
      mtu: 1400,
      ipv4: { subnet: "10.1.0.0/24", hostAddress: "10.1.0.9", dhcp: { ranges: [range], hosts: [host] } },
      ipv6: { subnet: "fd00:1::/64", hostAddress: "fd00:1::9", dhcp: { ranges: [range6], hosts: [host6] } },
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
            ...{ service: "ldap", protocol: "tcp", domain: "a.test", target: "b.test" },
            ...{ port: 1, priority: 2, weight: 3 },
          },
        ],
      },
      dnsmasqOptions: ["log-dhcp"],
    },
    { ipv4: { subnet: "10.1.0.0/24" }, nat: { ports: { start: 1, end: 2 }, ipv6: true } },
    {
      mode: "bridge",
      bridge: "ovs0",
      virtualPort: "openvswitch",
      portGroups: [{ name: "g", default: true, vlans: [1, 2] }],
    },
  ].map((given) => networkInputs.parse({ name: "full", ...given }));

  it("where its value is found again", () => {
    const found = full.flatMap((inputs) => keysIn(model, valuesIn(networkXml(inputs)), inputs));
    const fields = objectsIn(model).flatMap((object) => object.fields.map((field) => `${object.name}.${field.name}`));
    assert.deepEqual(
      fields.filter((field) => !found.includes(field)).sort(),
      elsewhere.map((field) => `Network.${field}`).sort(),
    );
  });
});

/** The keys that are given and not by default, and have the value that was read. */
function keysIn(model: ObjectModel, read: unknown, given: unknown): string[] {
  return model.fields.flatMap(({ name, fallback, type }) => {
    const [is, expected] = [valueIn(read, name), valueIn(given, name)];
    if (expected === undefined || JSON.stringify(expected) === JSON.stringify(fallback)) return [];
    const [items, wanted] = [[is].flat(), [expected].flat()];
    const inner = objectsOf(type).flatMap((object) =>
      wanted.flatMap((each, index) => keysIn(object, items[index], each)),
    );
    const isFound = objectsOf(type).length > 0 ? inner.length > 0 : JSON.stringify(is) === JSON.stringify(expected);
    return isFound ? [`${model.name}.${name}`, ...inner] : inner;
  });
}

function valueIn(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
