import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { inputSchemas } from "../provider/config/kinds";
import { parseConfiguration } from "../provider/config/schema";
import { merged } from "../provider/format/merge";
import { renderTemplate } from "../provider/format/template";
import { el, parse, render } from "../provider/format/xml";
import { loadDocument, parseYaml } from "../provider/format/yaml/load";
import { agamaOptions } from "../provider/install/agama/schema";
import { resolveTable } from "../provider/install/shared/table";
import { ubuntuOptions } from "../provider/install/ubuntu/schema";
import { parseCatalogue } from "../provider/releases/catalogue";
import { mediumOf } from "../provider/releases/names";
import { checkInputs, pickInputs } from "../provider/resource/check";
import { changesBetween } from "../provider/resource/diff";
import { installerIsoPolicies } from "../provider/resources/installer-iso/policy";
import { installerIsoInputs } from "../provider/resources/installer-iso/schema";
import { identity } from "../provider/resources/machine/definition/identity";
import { machineInputs } from "../provider/resources/machine/schema";
import { Deployment } from "../sdk/deployment";
import { InstallerIso, Machine } from "../sdk/resources.gen";
import { inheritedNames, lostName } from "./properties";

const sha256 = "a".repeat(64);
const iso = { connection: "qemu:///system", name: "i", source: { path: "/d.iso", sha256 }, debian: {} };

/** An object with an own key of that name, whatever it is. */
function keyed(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries([[name, value]]);
}

function configuration(text: string) {
  const document = loadDocument("c.yaml", { read: (file) => (file === "c.yaml" ? text : undefined) });
  return parseConfiguration(document, inputSchemas, () => true);
}

const catalogue = (name: string) => `keys:
  ${name}: { fingerprint: ${"A".repeat(40)}, url: https://example.org/key }
distributions:
  ${name}:
    latest: ${name}
    releases:
      ${name}:
        { family: debian, folder: https://example.org/, iso: a.iso, sums: SUMS, keys: [${name}] }
`;

const template = (text: string, data: Readonly<Record<string, unknown>>) =>
  renderTemplate({ path: "t.hbs", text }, data, (value) => value).text;

/** Each place where users' texts are keys: what it gives for a key with the value "v", or for one that isn't there. */
const places: Readonly<Record<string, (name: string) => void>> = {
  "a YAML file": (name) =>
    assert.deepEqual(Object.entries(parseYaml(`${name}: v`, "f").value as object), [[name, "v"]]),
  "a configuration's data": (name) => assert.equal(configuration(`data: { ${name}: v }`).data[name], "v"),
  "a configuration's entries": (name) =>
    assert.deepEqual(
      Object.keys(configuration(`volumes: { a${name}: { size: 1GiB }, ${name}: { name: x, size: 1GiB } }`).volumes),
      [`a${name}`, name],
    ),
  "a reference to an entry that does not exist": (name) =>
    assert.deepEqual(
      configuration(`machines: { m: { memory: 1GiB, nics: [{ network: ${name} }] } }`).machines["m"]?.["nics"],
      [{ network: name }],
    ),
  "an overlay's data": (name) =>
    assert.equal(
      machineInputs.parse({
        connection: "qemu:///system",
        name: "m",
        memory: "1GiB",
        xml: { template: "t", data: keyed(name, "v") },
      }).xml?.data[name],
      "v",
    ),
  "an installer's data": (name) =>
    assert.equal(installerIsoInputs.parse({ ...iso, data: keyed(name, "v") }).data[name], "v"),
  "Agama's storage": (name) =>
    assert.deepEqual(agamaOptions.parse({ storage: keyed(name, "v") }).storage, { [name]: "v" }),
  "Ubuntu's user-data": (name) =>
    assert.deepEqual(ubuntuOptions.parse({ userData: keyed(name, "v") }).userData, { [name]: "v" }),
  "a difference": (name) => {
    const changes = changesBetween(installerIsoInputs, installerIsoPolicies, iso, { ...iso, data: keyed(name, "v") });
    assert.deepEqual(
      changes.map(({ path, after }) => [path, after]),
      [["data", { [name]: "v" }]],
    );
  },
  "an input that isn't one": (name) => {
    const { failures } = checkInputs(machineInputs, { name: "m", memory: "1GiB", ...keyed(name, "v") });
    const expected = name.startsWith("__") ? [] : [name];
    assert.deepEqual(
      failures.map(({ property }) => property),
      expected,
    );
    assert.deepEqual(pickInputs(machineInputs, keyed(name, "v")), {});
  },
  "a part of an input that isn't one": (name) => {
    const { failures } = checkInputs(machineInputs, { name: "m", memory: "1GiB", cpu: keyed(name, { a: 1 }) });
    assert.deepEqual(
      failures.map(({ property }) => property),
      [`cpu.${name}`],
    );
  },
  "a table's variable": (name) =>
    assert.deepEqual(Object.entries(resolveTable({ path: "t", text: `${name}: a` }, { a: "v" })), [[name, "v"]]),
  "a table's path": (name) => {
    assert.deepEqual(resolveTable({ path: "t", text: `x: a.${name}` }, { a: keyed(name, "v") }), { x: "v" });
    assert.throws(() => resolveTable({ path: "t", text: `x: a.${name}` }, { a: {} }), /there is no/);
  },
  "a template's variable": (name) => {
    assert.equal(
      template(`{{${name}}}{{#each list.${name}}}{{@key}}{{/each}}`, {
        ...keyed(name, "v"),
        list: keyed(name, keyed(name, 1)),
      }),
      `v${name}`,
    );
    assert.throws(() => template(`{{${name}}}`, {}), /unknown variable/);
    assert.throws(() => template(`{{#if a.${name}}}{{/if}}`, { a: {} }), /unknown variable/);
  },
  "an XML element and its attribute": (name) => {
    const element = el("a", { [name]: "v" }, el(name, { [name]: "w" }, "text"), el(name));
    assert.deepEqual(parse(render(element)), element);
  },
  "a device of an overlay": (name) => {
    const [present, after] = [
      el("domain", {}, el(name, { [name]: "old", kept: "k" })),
      el("domain", {}, el(name, { new: "v" })),
    ];
    const kept = el("domain", {}, el(name, { [name]: "old", kept: "k", new: "v" }));
    assert.deepEqual(merged(present, undefined, after, identity), kept);
    assert.deepEqual(merged(present, present, after, identity), el("domain", {}, el(name, { new: "v" })));
  },
  "a catalogue": (name) => {
    assert.equal(mediumOf(`${name}:latest`, parseCatalogue(catalogue(name), "c")).keys.length, 1);
    const other = parseCatalogue(catalogue("other"), "c");
    assert.throws(() => mediumOf(`${name}:1`, other), /the catalogue has no/);
    assert.throws(() => mediumOf(`other:${name}`, other), /the catalogue has no/);
  },
};

/** What libvirt takes as a name begins with a letter. */
function isNamed(place: string): boolean {
  return place.startsWith("a reference");
}

describe("keys of the user's that JavaScript's own objects have too", () => {
  for (const [place, isCarried] of Object.entries(places)) {
    it(`are carried by ${place}, and found where they are alone`, () => {
      for (const name of inheritedNames.filter((each) => !isNamed(place) || /^[a-z]/i.test(each))) isCarried(name);
    });
  }

  describe("in a program", () => {
    const registered = new Map<string, Readonly<Record<string, unknown>>>();
    const types: string[] = [];
    before(async () => {
      await pulumi.runtime.setMocks({
        newResource: ({ name, type, inputs }) => {
          types.push(type);
          registered.set(name, inputs as Record<string, unknown>);
          return { id: `id-of-${name}`, state: inputs as object };
        },
        call: () => ({}),
      });
      const data = Object.fromEntries(inheritedNames.map((name) => [name, "v"]));
      new InstallerIso("iso", { source: { path: "/d.iso", sha256 }, data });
      const machines = Object.fromEntries(
        inheritedNames.map((name) => [name, { memory: "1GiB", nics: inheritedNames.map((network) => ({ network })) }]),
      );
      const none = { networks: {}, pools: {}, volumes: {}, installers: {}, data: {} };
      const deployment = new Deployment("all", { ...none, machines });
      assert.deepEqual(Object.keys(deployment.machines), inheritedNames);
      await pulumi.runtime.disconnect();
    });

    it("they travel to the provider", () => {
      const { value } = registered.get("iso")?.["data"] as { value: object };
      assert.deepEqual(Object.entries(value).sort(), inheritedNames.map((name) => [name, "v"]).sort());
    });

    it("a name that is none of the configuration's keys names what the host has", () => {
      const nics = registered.get("constructor")?.["nics"];
      assert.deepEqual(
        nics,
        inheritedNames.map((network) => ({ network })),
      );
      assert.ok(!types.includes("pulumi-nodejs:dynamic/kvm:Network"), "a network was made of nothing");
    });
  });
});

describe(`${lostName} as a key, which Pulumi loses, is refused`, () => {
  it("in every YAML file, with its place", () => {
    assert.throws(
      () => configuration(`data:\n  a:\n    - ${lostName}: 1\n`),
      /c\.yaml:3:7: no key can be named __proto__/,
    );
    assert.throws(() => resolveTable({ path: "t.yaml", text: `"${lostName}": a` }, {}), /t\.yaml:1:1: no key can be/);
  });

  it("by the SDK, with its path", () => {
    const data = { a: [keyed(lostName, 1)] };
    const refusal = /^Error: i: data\.a\[0\]\.__proto__: no key can be named __proto__/;
    assert.throws(() => new InstallerIso("i", { source: { path: "/d.iso", sha256 }, data }), refusal);
    assert.throws(
      () => new Machine("i", { memory: "1GiB", xml: { template: "t", data: keyed(lostName, 1) } }),
      /^Error: i: xml\.data\.__proto__:/,
    );
  });

  it("at a check, with its path", () => {
    const { failures } = checkInputs(installerIsoInputs, { ...iso, data: { a: keyed(lostName, 1) } });
    assert.deepEqual(
      failures.map(({ property }) => property),
      [`data.a.${lostName}`],
    );
  });
});
