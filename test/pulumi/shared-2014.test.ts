import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { site } from "../site";
import { createStack, type TestStack } from "./support";

const { connection, enter, host } = site();
const { libvirt, ledger, files } = host;

const pool = "sh-site";
const network = "sh-iso";

/** A tree of kvm-deploy 2014: two machines in files of their own, which both describe the network and the pool. */
const tree: Readonly<Record<string, string>> = {
  "templates/virsh/network/isolated.template": `<network>
  <name>%%NAME%%</name>
  <bridge name='kd-sh'/>
  <ip address='%%GATEWAY%%' netmask='255.255.255.0'/>
</network>
`,
  "templates/virsh/network/isolated.table": "%%NAME%% net.name\n%%GATEWAY%% net.gateway\n",
  "templates/distro/debian/preseed/server.template": "d-i netcfg/get_hostname string %%NAME%%\n",
  "templates/distro/debian/preseed/server.table": "%%NAME%% config.vm.name\n",
  "includes/net.yaml": `
type: network
name: ${network}
template: isolated
network: 10.250.93.0
netmask: 255.255.255.0
gateway: 10.250.93.1
`,
  ...Object.fromEntries(["one", "two"].map((name, index) => [`${name}.yaml`, machineFile(name, index)])),
};

function machineFile(name: string, index: number): string {
  return `
distro: { type: debian, iso: { path: /iso, file: debian-13.2.0-amd64-netinst.iso }, debian: { preseed: server } }
vm:
  name: sh-${name}
  mem: 64
  cpus: 1
  disk: [{ name: ${name}.img, pool: ${pool}, format: raw, size: 1M }]
  nic: [{ ip: 10.250.93.1${index}, net: !include net.yaml }]
`;
}

/** The machines boot nothing, and the pool is in the stack's own directory. */
const program = (name: string, directory: string) => `
  const { installers, machines, pools, ...rest } = kvm.loadConfig("${name}.yaml");
  const { installer, ...machine } = machines["sh-${name}"];
  new kvm.Deployment("site", {
    ...rest, installers: {}, pools: { "${pool}": { ...pools["${pool}"], path: "${directory}" } },
    machines: { "sh-${name}": { ...machine, shutdownTimeout: "1s", forceOff: true } },
  });
`;

describe("two stacks of 2014's files that describe the same network and pool", () => {
  const stacks: Record<string, TestStack> = {};
  let directory = "";

  before(async () => {
    for (const name of ["one", "two"]) {
      const stack = await createStack({ connection, enter });
      stacks[name] = stack;
      directory ||= path.join(stack.folder, "pool");
      for (const [file, text] of Object.entries(tree)) {
        await mkdir(path.dirname(path.join(stack.folder, file)), { recursive: true });
        await writeFile(path.join(stack.folder, file), text);
      }
      await stack.program(program(name, directory));
    }
    // QEMU's user enters the pool's directory.
    await host.run("chmod", ["755", path.dirname(directory)]);
  });
  afterEach(async () => {
    for (const stack of Object.values(stacks)) await stack.destroy();
  });
  after(async () => {
    for (const stack of Object.values(stacks)) await stack.remove();
  });

  const done = async (stack: TestStack | undefined, verb: "up" | "destroy" | "preview" | "refresh") => {
    const outcome = await (stack?.[verb]() ?? assert.fail());
    assert.ok(outcome.ok, outcome.text);
    return outcome.changes;
  };

  for (const [first, second, leaves, stays] of [
    ["one", "two", "one", "two"],
    ["two", "one", "one", "two"],
  ] as const) {
    it(`are deployed in the order ${first}, ${second}; at the destroy of ${leaves} both stay, and go with ${stays}`, async () => {
      await done(stacks[first], "up");
      await done(stacks[second], "up");
      const { uuid } = (await libvirt.find("network", network)) ?? assert.fail();
      await done(stacks[leaves], "destroy");
      assert.deepEqual(await libvirt.find("network", network), { name: network, uuid, isActive: true });
      assert.equal((await libvirt.find("domain", `sh-${stays}`))?.isActive, true);
      assert.equal((await libvirt.find("pool", pool))?.isActive, true);
      assert.deepEqual(Object.keys(await done(stacks[stays], "refresh")), ["same"]);
      assert.deepEqual(Object.keys(await done(stacks[stays], "preview")), ["same"]);
      await done(stacks[stays], "destroy");
      assert.equal(await libvirt.find("network", network), undefined);
      assert.equal(await libvirt.find("pool", pool), undefined);
      assert.equal(await ledger.entry("pool", pool), undefined);
      assert.equal(await files.stat(directory), undefined);
    });
  }
});
