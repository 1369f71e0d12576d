import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../../../provider/format/xml";
import type { Lease } from "../../../../provider/libvirt/client";
import type { Host } from "../../../../provider/resource/host";
import { addressesOf } from "../../../../provider/resources/machine/guest/addresses";
import type { MachineNic } from "../../../../provider/resources/machine/schema/machine";
import { KvmError } from "../../../../provider/values/errors";

const [macA, macB] = ["52:54:00:00:00:0a", "52:54:00:00:00:0b"];

interface Sources {
  readonly leases?: readonly Lease[];
  readonly agent?: readonly Lease[] | "silent";
  readonly arp?: readonly Lease[];
}

function hostWith({ leases = [], agent = [], arp = [] }: Sources): Host {
  const table = ["IP address HW type Flags HW address Mask Device"];
  for (const { mac, address } of arp) table.push(`${address}   0x1   0x2   ${mac}   *   virbr0`);
  const libvirt = {
    find: () => Promise.resolve({ name: "lab", uuid: "n", isActive: true }),
    leases: () => Promise.resolve(leases),
    agentAddresses: () => (agent === "silent" ? Promise.reject(new KvmError("timeout", "no")) : Promise.resolve(agent)),
  };
  return { libvirt, files: { readTextIfPresent: () => Promise.resolve(table.join("\n")) } } as unknown as Host;
}

const live = (state: string) =>
  parse(
    `<domain id="1"><uuid>u</uuid><devices><channel><target name="org.qemu.guest_agent.0" state="${state}"/></channel></devices></domain>`,
  );
const nic = (address?: string) => ({ network: "lab", address }) as MachineNic;
const [lease, agent, arp] = ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((address) => [{ mac: macA, address }]);

describe("the address of a NIC is", () => {
  for (const [name, address, sources, isRunning, expected] of [
    ["the fixed one, before all", "10.0.0.9", { leases: lease, agent, arp }, "connected", ["10.0.0.9"]],
    ["what DHCP gave, before what the guest says", undefined, { leases: lease, agent, arp }, "connected", ["10.0.0.1"]],
    ["what the guest agent says, before the ARP table", undefined, { agent, arp }, "connected", ["10.0.0.2"]],
    ["in the ARP table, where no agent is connected", undefined, { agent, arp }, "disconnected", ["10.0.0.3"]],
    ["in the ARP table, where the agent is silent", undefined, { agent: "silent", arp }, "connected", ["10.0.0.3"]],
    ["not known of a machine that is off", undefined, { agent, arp }, undefined, []],
    ["not one that only holds on its link", undefined, { agent: [{ mac: macA, address: "fe80::1" }] }, "connected", []],
  ] as const) {
    it(name, async () => {
      const running = isRunning === undefined ? undefined : live(isRunning);
      const host = hostWith(sources as Sources);
      const addresses = await addressesOf(host, { nics: [nic(address)] }, { macAddresses: [macA], live: running });
      assert.deepEqual(addresses, expected);
    });
  }

  it("listed before those of IPv6, whatever the NIC's place", async () => {
    const leases = [
      { mac: macA, address: "fd00::1" },
      { mac: macB, address: "10.0.0.4" },
    ];
    const machine = { macAddresses: [macA, macB], live: undefined };
    assert.deepEqual(await addressesOf(hostWith({ leases }), { nics: [nic(), nic()] }, machine), [
      "10.0.0.4",
      "fd00::1",
    ]);
  });
});
