import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "node:test";
import { diskKeys, existingKeys, volumeKeys } from "../../provider/config/compact/disks";
import { expand } from "../../provider/config/compact/expand";
import { compactKeys } from "../../provider/config/compact/machine";
import { inputSchemas } from "../../provider/config/kinds";
import { loadDocument } from "../../provider/format/yaml/load";
import { readTextSync } from "../../provider/host/program-files";
import { keysAt } from "../../provider/resource/issues";
import { root } from "../site";
import { errorOf, expanded, key, networks, parse } from "./compact";

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

  it("with the installer's own file has the options that are written, and none that follow", () => {
    const nics = "nics: [{ network: lab, address: 172.16.1.5 }, { network: dhcp }]";
    const options = (more: string, file = "site.preseed") =>
      at(`machines: { web.x.example: { install: { source: debian:13, template: ${file} }, ${nics}${more} } }`)
        .installer;
    assert.deepEqual(options(""), { source: "debian:13", template: "site.preseed" });
    const forwarding = { forwarding: { ipv4: true } };
    assert.deepEqual(options(", system: { forwarding: { ipv4: true } }")?.["system"], forwarding);
    assert.equal((options("", "site.cfg.hbs")?.["system"] as Record<string, unknown>)["hostname"], "web");
  });

  it("with the installer's own file takes no options of the guest's network, which that says itself", () => {
    assert.match(
      errorOf(
        `${networks}machines: { web: { install: { source: debian:13, template: site.ks }, disk: 8GiB, network: lab, gateway: 172.16.1.9 } }`,
      ),
      /machines\.web\.gateway: has no effect, because site\.ks is taken as it is; write it there/,
    );
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
