import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { Configuration } from "../../sdk/config";
import { Deployment } from "../../sdk/deployment";

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

const registered = new Map<string, Registered>();

const configuration: Configuration = {
  connection: "qemu+ssh://root@kvm1/system",
  networks: { lab: { name: "lab-net", ipv4: { subnet: "172.16.1.0/24" } } },
  pools: { images: { path: "/srv/images" } },
  volumes: {
    copy: { source: { volume: "root" } },
    itself: { size: "1GiB", backing: { volume: "itself" } },
    root: { pool: "images", size: "4GiB" },
    other: { size: "1GiB", connection: "qemu:///system" },
  },
  installers: {
    typed: { source: {}, system: { hostname: "web" } },
    own: { source: {}, template: "conf/web.hbs", data: { data: "the installer's own" } },
  },
  machines: {
    web: {
      memory: "1GiB",
      disks: [{ volume: "root", cache: "none" }, { volume: "default/of-the-host" }],
      nics: [{ network: "lab", address: "172.16.1.10" }, { network: "of-the-host" }],
      installer: "own",
    },
  },
  data: { greeting: "hello" },
};

/** What the engine would compute: an id, and a machine's outputs. */
async function mockEngine(): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.set(name, { type, inputs: inputs as Record<string, unknown> });
      return {
        id: `id-of-${name}`,
        state: { ...(inputs as object), sshCommand: `ssh ${name}`, addresses: ["172.16.1.10"] },
      };
    },
    call: () => ({}),
  });
}

describe("Deployment", () => {
  let deployment: Deployment;
  before(async () => {
    await mockEngine();
    deployment = new Deployment("test", configuration);
    await pulumi.runtime.disconnect();
  });

  it("makes a resource of every entry, named by its key", () => {
    assert.deepEqual([...registered].map(([name, { type }]) => `${type} ${name}`).sort(), [
      "kvm:index:Deployment test",
      "pulumi-nodejs:dynamic/kvm:InstallerIso own",
      "pulumi-nodejs:dynamic/kvm:InstallerIso typed",
      "pulumi-nodejs:dynamic/kvm:Machine web",
      "pulumi-nodejs:dynamic/kvm:Network lab",
      "pulumi-nodejs:dynamic/kvm:StoragePool images",
      "pulumi-nodejs:dynamic/kvm:Volume copy",
      "pulumi-nodejs:dynamic/kvm:Volume itself",
      "pulumi-nodejs:dynamic/kvm:Volume other",
      "pulumi-nodejs:dynamic/kvm:Volume root",
    ]);
  });

  it("puts what the other resource is in the place of its key, and leaves the host's own things", () => {
    const { disks, nics, installer } = registered.get("web")?.inputs ?? {};
    assert.deepEqual(disks, [{ volume: "id-of-root", cache: "none" }, { volume: "default/of-the-host" }]);
    assert.deepEqual(nics, [{ network: "lab-net", address: "172.16.1.10" }, { network: "of-the-host" }]);
    assert.equal(installer, "id-of-own");
    assert.equal(registered.get("root")?.inputs["pool"], "images");
  });

  it("finds an entry that stands further down, and leaves one that refers to itself to its own error", () => {
    assert.deepEqual(registered.get("copy")?.inputs["source"], { volume: "id-of-root" });
    assert.deepEqual(registered.get("itself")?.inputs["backing"], { volume: "itself" });
  });

  it("gives every entry the configuration's connection, unless it has its own", () => {
    assert.equal(registered.get("root")?.inputs["connection"], "qemu+ssh://root@kvm1/system");
    assert.equal(registered.get("other")?.inputs["connection"], "qemu:///system");
  });

  it("gives the whole configuration to an installer with its own template, after the installer's data", () => {
    assert.equal(registered.get("typed")?.inputs["data"], undefined);
    const { value, ...secret } = registered.get("own")?.inputs["data"] as { value: Record<string, unknown> };
    assert.equal(Object.keys(secret).length > 0, true);
    assert.equal(value["data"], "the installer's own");
    assert.deepEqual(value["machines"], configuration.machines);
  });

  it("says how to reach its machines", async () => {
    const { web } = deployment.machines;
    assert.ok(web);
    const [ssh, addresses] = await Promise.all([valueOf(web.sshCommand), valueOf(web.addresses)]);
    assert.deepEqual([ssh, addresses], ["ssh web", ["172.16.1.10"]]);
  });
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}
