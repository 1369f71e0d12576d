import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { errorOf, expanded, networks, parse } from "./compact";

describe("defaults", () => {
  const machine = (text: string): Readonly<Record<string, unknown>> & { readonly volumes: object } => {
    const { machines, installers, volumes } = expanded(`${networks}${text}`);
    return { ...machines["web"], system: installers["web-installer"]?.["system"], volumes };
  };

  it("are what a machine does not give itself; maps are merged, lists only with !append", () => {
    const { system, vcpus, volumes } = machine(`defaults:
  install: debian:13
  vcpus: 4
  disk: 8GiB
  system: { timezone: Europe/Berlin, packages: [a], groups: [x] }
machines: { web: { vcpus: 2, disks: { data: 1GiB }, system: { packages: !append [b], groups: [y] } } }`);
    assert.deepEqual(system, { timezone: "Europe/Berlin", packages: ["a", "b"], groups: ["y"], hostname: "web" });
    assert.equal(vcpus, 2);
    assert.deepEqual(Object.keys(volumes), ["web-root", "web-data"]);
  });

  it("give way as a whole where a machine describes the same in another way", () => {
    const inputs =
      machine(`defaults: { install: debian:13, network: lab, gateway: 172.16.1.9, system: { timezone: Europe/Berlin } }
installers: { own: { source: debian:13 } }
machines: { web: { memory: 1GiB, installer: own, nics: [{ network: dhcp }] } }`);
    assert.deepEqual(
      [inputs["installer"], inputs["nics"], inputs["system"]],
      ["own", [{ network: "dhcp" }], undefined],
    );
  });

  it("are wrong once, at their own place, however many machines have them", () => {
    const text = errorOf("defaults: { vcpus: 0 }\nmachines: { a: { count: 3, memory: 1GiB } }");
    assert.match(text, /^one error .*\n\nc\.yaml:1:20: defaults\.vcpus: /);
  });
});

describe("an error of an expanded value", () => {
  const cases: readonly (readonly [machine: string, message: RegExp])[] = [
    [
      "{ install: debian:13, network: lab, address: 10.0.0.1 }",
      /^c\.yaml:9:53: machines\.web\.address: "10\.0\.0\.1" is not in the subnet of its network, 172\.16\.1\.0\/24$/m,
    ],
    [
      "{ install: debian:13, network: host, address: 10.0.0.1 }",
      /:54: machines\.web\.address: .*write it like "10\.0\.0\.1\/24"/,
    ],
    ["{ install: debian:13, network: iso }", /:39: machines\.web\.network: has no `address`/],
    ["{ install: debian:13, disk: 8GB }", /: machines\.web\.disk: "8GB" is not a size/],
    ["{ install: debian:13, disk: { sise: 8GiB } }", /: machines\.web\.disk\.sise: .*did you mean "size"/],
    ["{ install: debian:13, disks: { a: {} } }", /: machines\.web\.disks\.a\.size: is missing/],
    ["{ install: debian:13, keys: [x] }", /: machines\.web\.keys\[0\]: is not a public SSH key/],
    ["{ install: debian:13, system: { hostnam: x } }", /: machines\.web\.system\.hostnam: /],
    ["{ install: { debian: {} } }", /: machines\.web\.install\.source: /],
    ["{ install: debian:13, system: 3 }", /: machines\.web\.system: must be a map/],
    ["{ instal: debian:13 }", /: machines\.web\.instal: .*did you mean "install"/],
    ["{ memory: 1GiB, system: {} }", /machines\.web\.system: is for an installation/],
    ["{ memory: 1GiB, address: 10.0.0.1 }", /machines\.web\.address: needs a `network`/],
    ["{ memory: 1GiB, network: lab, nics: [] }", /machines\.web\.network: is given next to `nics`/],
    ["{ install: debian:13, installer: x }", /machines\.web\.installer: is given next to `install`/],
    ["{ memory: 1GiB, disk: 1GiB, disks: [] }", /machines\.web\.disk: is given next to `disks`, which is a list/],
    ["{ install: debian:13, keys: [], system: { rootKeys: [] } }", /machines\.web\.keys: are given next to/],
    ["{ memory: 1GiB, title: !secret x }", /machines\.web\.title: can't be a secret/],
    [
      "{ memory: 1GiB, disk: 1GiB }\nvolumes: { web-root: { size: 1GiB } }",
      /machines\.web\.disk: would make the volume web-root, which exists/,
    ],
  ];
  for (const [machine, message] of cases)
    it(`is at its place: ${machine}`, () => assert.match(errorOf(`${networks}machines:\n  web: ${machine}`), message));

  it("is at what only an entry itself can have, and at defaults that are too many together", () => {
    const included = /^includes\/x\.yaml:1:3: machines\.a\.for: is possible in the entry itself only/m;
    assert.throws(
      () => parse("machines: { a: !include x.yaml }", { "includes/x.yaml": "{ for: { n: 1..2 } }" }),
      included,
    );
    const many = `defaults: { tags: [${"x,".repeat(1000)}] }\nmachines: { a: { count: 200, memory: 1GiB } }`;
    assert.match(errorOf(many), /^c\.yaml:1:11: defaults: are more than 100000 values together, for 200 machines/m);
  });

  it("is at the key from which a host name follows", () => {
    const text = errorOf("machines:\n  web_1: { install: debian:13 }");
    assert.match(text, /^c\.yaml:2:10: machines\.web_1: "web_1" is not a host name/m);
  });

  it("is at what a network says of its guests", () => {
    assert.match(errorOf("networks: { a: { guests: { subnt: x } } }"), /^c\.yaml:1:28: networks\.a\.guests\.subnt: /m);
  });
});
