import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Network, Server, Volume } from "../../sdk/index";

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registered = new Map<string, Registered>();

describe("Server", () => {
  before(async () => {
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        registered.set(name, { type, inputs: inputs as Record<string, unknown> });
        return { id: `id-of-${name}`, state: { ...(inputs as object), sshCommand: `ssh ${name}` } };
      },
      call: () => ({}),
    });
    const ipv4 = pulumi.output({ subnet: "172.16.1.0/24" });
    const lab = new Network("lab", { name: "lab-net", domain: { name: "lab.example" }, ipv4 });
    const iso = new Network("iso", { mode: "isolated", ipv4: { subnet: "10.0.0.0/24" } });
    const old = new Volume("old", { size: "1GiB" });
    new Server("web", {
      install: pulumi.output("debian:13"),
      disk: pulumi.output("8GiB" as const),
      network: lab,
      address: pulumi.output("172.16.1.10"),
      keys: [pulumi.output("ssh-ed25519 AAAA a")],
      system: { rootPassword: pulumi.secret("$6$x"), timezone: "Europe/Berlin" },
      connection: "qemu:///session",
      vcpus: 2,
    });
    new Server("db", {
      install: { source: "debian:13", keep: true },
      disks: { root: { size: "8GiB", cache: "none" }, old: { volume: old.id } },
      nics: [
        { network: iso, address: "10.0.0.5" },
        { network: lab, address: "172.16.1.11" },
      ],
    });
    new Server("plain", {
      memory: "1GiB",
      network: "of-the-host",
      installer: "/srv/a.iso",
      disks: [{ volume: old.id }],
    });
    await pulumi.runtime.disconnect();
  });

  const inputs = (name: string) => registered.get(name)?.inputs ?? {};
  // A secret within them makes the options a secret, which mocks receive with its mark.
  const plain = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (_key, part: { value?: unknown } | null) =>
      typeof part === "object" && part !== null && pulumi.runtime.specialSigKey in part ? part.value : part,
    ) as Record<string, unknown>;

  it("has an installer, a volume and a machine by its name", () => {
    const kinds = [...registered].map(([name, { type }]) => `${type.replace(/.*[:/]/, "")} ${name}`).sort();
    assert.deepEqual(kinds, [
      ...["InstallerIso db-installer", "InstallerIso web-installer", "Machine db", "Machine plain", "Machine web"],
      ...["Network iso", "Network lab", "Volume db-root", "Volume old"],
      "Volume web-root",
    ]);
  });

  it("gives the guest its network, of which the subnet is an output", () => {
    const { source, system, connection } = plain(inputs("web-installer"));
    const { hostname, domain, network, rootKeys } = system as Record<string, unknown>;
    assert.deepEqual(
      [source, hostname, domain, rootKeys, connection],
      ["debian:13", "web", "lab.example", ["ssh-ed25519 AAAA a"], "qemu:///session"],
    );
    assert.deepEqual(network, {
      interfaces: [{ addresses: ["172.16.1.10/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] }],
    });
  });

  it("gives each of several interfaces what is its own", () => {
    const { system, keep } = plain(inputs("db-installer"));
    assert.deepEqual((system as Record<string, unknown>)["network"], {
      interfaces: [
        { name: "eth0", addresses: ["10.0.0.5/24"] },
        { name: "eth1", addresses: ["172.16.1.11/24"], gateway: "172.16.1.1", dns: ["172.16.1.1"] },
      ],
    });
    assert.equal(keep, true);
  });

  it("refers to its parts, and to networks by their names", () => {
    const web = plain(inputs("web"));
    assert.deepEqual(
      [web["disks"], web["nics"], web["installer"], web["memory"], web["vcpus"]],
      [
        [{ volume: "id-of-web-root" }],
        [{ network: "lab-net", address: "172.16.1.10" }],
        "id-of-web-installer",
        "2GiB",
        2,
      ],
    );
    const { disks, installer } = plain(inputs("db"));
    assert.deepEqual(
      [disks, installer],
      [[{ volume: "id-of-db-root", cache: "none" }, { volume: "id-of-old" }], "id-of-db-installer"],
    );
    assert.deepEqual(plain(inputs("web-root"))["size"], "8GiB");
    const other = plain(inputs("plain"));
    assert.deepEqual([other["nics"], other["installer"]], [[{ network: "of-the-host" }], "/srv/a.iso"]);
  });

  it("reports what is wrong with the argument's path", () => {
    const make = () =>
      new Server("x", {
        install: "debian:13",
        network: "lab",
        address: "10.0.0.1",
        gateway: "10.0.0.2",
        system: { network: { interfaces: [] } },
      });
    assert.throws(
      make,
      (error) => pulumi.RunError.isInstance(error) && /^x: gateway: has no effect/.test(error.message),
    );
  });
});
