import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { diskKeys, existingKeys, volumeKeys } from "../../provider/config/compact/disks";
import { expand } from "../../provider/config/compact/expand";
import { compactKeys } from "../../provider/config/compact/machine";
import { inputSchemas } from "../../provider/config/kinds";
import { sections } from "../../provider/config/references";
import { parseConfiguration } from "../../provider/config/schema";
import { shown } from "../../provider/config/show";
import { loadDocument } from "../../provider/format/yaml/load";
import { readTextSync } from "../../provider/host/program-files";
import { keysAt } from "../../provider/resource/issues";
import { KvmError } from "../../provider/values/errors";
import { root } from "../site";

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBY8EHFxogtyN3xx4MytD69Mu3gW0Iwizkm/Mxn/1wIs a";

function load(text: string, files: Record<string, string> = {}) {
  const all: Record<string, string> = { "c.yaml": text, ...files };
  return loadDocument("c.yaml", { read: (file) => all[file], repeated: sections });
}

function parse(text: string, files: Record<string, string> = {}) {
  return parseConfiguration(load(text, files), inputSchemas, () => true);
}

type Sections = Readonly<
  Record<"volumes" | "installers" | "machines", Readonly<Record<string, Record<string, unknown>>>>
>;

/** What the entries mean, before the resources' own rules. */
function expanded(text: string): Sections {
  const { root: all, slips } = expand(load(text).root);
  assert.deepEqual(slips, []);
  return { volumes: {}, installers: {}, ...(all.value as Partial<Sections>) } as Sections;
}

function errorOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof KvmError);
    return error.message;
  }
  return assert.fail("is accepted");
}

const networks = `networks:
  lab: { domain: { name: lab.example }, ipv4: { subnet: 172.16.1.0/24 } }
  six: { ipv4: { subnet: 10.6.0.0/24, hostAddress: 10.6.0.254 }, ipv6: { subnet: "2001:db8::/64" }, dns: { enabled: false } }
  dhcp: { ipv4: { subnet: 10.7.0.0/24, dhcp: { ranges: [{ start: 10.7.0.9, end: 10.7.0.99 }] } } }
  iso: { mode: isolated, guests: { subnet: 10.0.0.0/24 } }
  routed: { mode: isolated, guests: { subnet: [10.1.0.0/24], gateway: 10.1.0.1, dns: 9.9.9.9, domain: r.example } }
  br0: { mode: bridge, bridge: br0 }
`;

describe("one entry of a machine", () => {
  it("is the machine with all that belongs to it", () => {
    const web = `web: { install: debian:13, disk: 8GiB, network: lab, address: 172.16.1.10, keys: !include admins.yaml }`;
    const { volumes, installers, machines } = parse(`${networks}machines:\n  ${web}\n`, {
      "includes/admins.yaml": `- ${key}\n`,
    });
    assert.deepEqual(
      { volumes, installers, machines },
      {
        volumes: { "web-root": { pool: "default", size: "8GiB" } },
        installers: {
          "web-installer": {
            source: "debian:13",
            system: {
              rootKeys: [key],
              hostname: "web",
              domain: "lab.example",
              network: { interfaces: [{ addresses: ["172.16.1.10/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] }] },
            },
          },
        },
        machines: {
          web: {
            memory: "2GiB",
            disks: [{ volume: "web-root" }],
            nics: [{ network: "lab", address: "172.16.1.10" }],
            installer: "web-installer",
          },
        },
      },
    );
  });

  for (const name of ["fedora-kickstart", "opensuse-agama", "opensuse-autoyast"]) {
    it(`stays as it is where it is written out: ${name}`, () => {
      const document = loadDocument(path.join(root, `examples/${name}/${name}.yaml`), { read: readTextSync });
      assert.deepEqual(expand(document.root).slips, []);
      assert.equal(JSON.stringify(expand(document.root).root.value), JSON.stringify(document.value));
    });
  }

  const at = (text: string) => {
    const { volumes, installers, machines } = expanded(`${networks}${text}`);
    return { volumes, machine: Object.values(machines)[0], installer: Object.values(installers)[0] };
  };
  const interfaces = (machine: string) => {
    const { installer } = at(`machines: { web: { install: debian:13, ${machine} } }`);
    return (installer?.["system"] as { network?: { interfaces: unknown } }).network?.interfaces;
  };
  const guests: readonly (readonly [what: string, machine: string, interfaces: unknown])[] = [
    ["DHCP by itself", "network: dhcp", undefined],
    ["the prefix that is written", "network: other, address: 10.9.0.1/16", [{ addresses: ["10.9.0.1/16"] }]],
    [
      "both families, with the host's own address and without its DNS",
      'network: six, address: [10.6.0.5, "2001:db8::5"]',
      [{ addresses: ["10.6.0.5/24", "2001:db8::5/64"], gateway: "10.6.0.254", gateway6: "2001:db8::1" }],
    ],
    [
      "what the network says of its guests",
      "network: routed, address: 10.1.0.5",
      [{ addresses: ["10.1.0.5/24"], gateway: "10.1.0.1", dns: ["9.9.9.9"] }],
    ],
    [
      "a written router in place of the network's",
      "network: lab, address: 172.16.1.5, gateway: 172.16.1.9, dns: [1.1.1.1]",
      [{ addresses: ["172.16.1.5/24"], gateway: "172.16.1.9", dns: ["1.1.1.1"] }],
    ],
    [
      "one default route, names, and nothing for a NIC without any address",
      "nics: [{ network: iso, address: 10.0.0.5 }, { network: lab, address: 172.16.1.5 }, { network: iso }, { network: six, address: 10.6.0.5 }, { network: dhcp }]",
      [
        { name: "eth0", addresses: ["10.0.0.5/24"] },
        { name: "eth1", addresses: ["172.16.1.5/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] },
        { name: "eth3", addresses: ["10.6.0.5/24"] },
        { name: "eth4" },
      ],
    ],
  ];
  for (const [what, machine, expected] of guests)
    it(`gives the guest's interfaces ${what}`, () => assert.deepEqual(interfaces(machine), expected));

  it("names the interfaces by a kernel argument, after those that are written", () => {
    const { installer } = at(
      "machines: { web: { install: debian:13, nics: [{ network: dhcp }, { network: br0 }], system: { kernelArguments: [quiet] } } }",
    );
    assert.deepEqual((installer?.["system"] as Record<string, unknown>)["kernelArguments"], ["quiet", "net.ifnames=0"]);
  });

  it("has its host name and domain from a key with dots, and keeps what is written", () => {
    const system = (text: string) => at(`machines: ${text}`).installer?.["system"];
    assert.deepEqual(system("{ web.x.example: { install: debian:13 } }"), { hostname: "web", domain: "x.example" });
    const written =
      "{ web: { install: debian:13, network: lab, address: 172.16.1.5, system: { hostname: a, domain: b.c, network: { interfaces: [{}] } } } }";
    assert.deepEqual(system(written), { hostname: "a", domain: "b.c", network: { interfaces: [{}] } });
  });

  it("has disks by their names: sizes, volumes, and inputs of both", () => {
    const { volumes, machine } = at(
      "connection: qemu:///session\nvolumes: { old: { size: 1GiB } }\nmachines: { web: { memory: 1GiB, connection: qemu:///system, disk: { size: 8GiB, cache: none, name: w }, disks: { a: old, b: default/b, c: { file: /dev/sdb, format: raw }, data: 1TiB } } }",
    );
    assert.deepEqual(machine?.["disks"], [
      { volume: "web-root", cache: "none" },
      { volume: "old" },
      { volume: "default/b" },
      { file: "/dev/sdb", format: "raw" },
      { volume: "web-data" },
    ]);
    const connection = "qemu:///system";
    assert.deepEqual(volumes, {
      old: { size: "1GiB" },
      "web-root": { connection, pool: "default", size: "8GiB", name: "w" },
      "web-data": { connection, pool: "default", size: "1TiB" },
    });
  });

  it("has the inputs of its installer", () => {
    const { installer } = at(
      'machines: { web: { install: { source: { path: /a.iso, sha256: "' +
        "0".repeat(64) +
        '" }, keep: true, debian: {} } } }',
    );
    assert.deepEqual(installer, {
      source: { path: "/a.iso", sha256: "0".repeat(64) },
      keep: true,
      debian: {},
      system: { hostname: "web" },
    });
  });
});

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

describe("a configuration that is shown", () => {
  const show = (text: string) => shown(load(text), inputSchemas);

  it("means the same", () => {
    for (const name of ["example2", "example3", "fedora-kickstart"]) {
      const document = loadDocument(path.join(root, `examples/${name}/${name}.yaml`), { read: readTextSync });
      const text = shown(document, inputSchemas).replaceAll('"[hidden]"', "change this passphrase");
      const again = parse(text);
      const { data, ...others } = parseConfiguration(document, inputSchemas, () => true);
      const scripts = (installers: object) =>
        JSON.stringify(installers).replaceAll("dnf --assumeyes upgrade", "change this passphrase");
      assert.deepEqual(
        { ...again, installers: scripts(again.installers), data },
        { ...others, installers: scripts(others.installers), data },
      );
    }
  });

  it("says where each value comes from", () => {
    const text = show("machines:\n  web: { install: debian:13, disk: 8GiB }");
    assert.match(text, /^ {4}size: "8GiB" {2}# c\.yaml:2:36$/m);
    assert.match(text, /^ {4}pool: default {2}# default of machines\.web\.disk, c\.yaml:2:36$/m);
    assert.match(text, /^ {6}hostname: web {2}# follows from machines\.web, c\.yaml:2:8$/m);
  });

  it("hides what is always kept secret, and names secrets of the stack", () => {
    const text = show(
      'data: { a: [hunter2] }\nmachines: { web: { install: debian:13, system: { rootPassword: !secret r, proxy: "http://u:hunter2@p:1", users: [{ name: ann, password: hunter2 }] } } }',
    );
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /rootPassword: !secret r /);
    assert.match(text, /name: ann/);
  });

  it("stays YAML whatever the keys are", () => {
    const text = show('volumes: { "a: #\\nb": { name: a, size: 1GiB }, "no": { name: n, size: 1GiB } }');
    assert.deepEqual(Object.keys(parse(text).volumes), ["a: #\nb", "no"]);
  });
});

describe("the compact form's keys", () => {
  it("are none of Machine's, and those of disks and volumes are all", () => {
    const machine = keysAt(inputSchemas.machines, []);
    assert.deepEqual(
      compactKeys.filter((each) => machine.includes(each)),
      [],
    );
    assert.deepEqual([...volumeKeys, "connection"].sort(), [...keysAt(inputSchemas.volumes, [])].sort());
    assert.deepEqual(
      [...existingKeys, ...diskKeys, "format"].sort(),
      [...keysAt(inputSchemas.machines, ["disks", 0])].sort(),
    );
  });
});
