import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { attributeOf, childrenOf, find, parse, textOf } from "../../../provider/format/xml";
import { readMark } from "../../../provider/libvirt/mark";
import { machine } from "../../../provider/resources/machine/handler";
import { site } from "../../site";
import { Guest, makeNetwork } from "./guests";

const { connection, host } = site();
const { libvirt } = host;

const uuid = "7c1f8a30-1111-4222-8333-444455556666";
const mac = "52:54:00:be:ef:01";

describe("a machine that others have made", () => {
  let guest: Guest;
  let removeNetwork: () => Promise<void>;
  before(async () => {
    removeNetwork = await makeNetwork("theirs-net");
    guest = await Guest.make("theirs", "polite");
  });
  after(async () => {
    await guest.remove();
    await removeNetwork();
  });

  const given = { nics: [{ network: "theirs-net" }], adopt: true };

  async function madeByHand(os = '<type arch="x86_64" machine="q35">hvm</type>'): Promise<string> {
    const file = guest.fileOf(guest.disk);
    const xml = `<domain type="qemu"><name>theirs</name><uuid>${uuid}</uuid><memory unit="MiB">96</memory><vcpu>2</vcpu>
      <os>${os}</os><features><acpi/></features><devices>
      <disk type="file"><driver name="qemu" type="raw"/><source file="${file}"/><target dev="vda" bus="virtio"/></disk>
      <interface type="network"><mac address="${mac}"/><source network="theirs-net"/><model type="virtio"/></interface>
      <serial type="pty"/></devices></domain>`;
    await libvirt.define("domain", xml);
    return (await libvirt.definition("domain", uuid)) ?? "";
  }

  it("is a conflict at preview and at create, with how to take it over", async () => {
    await madeByHand();
    const message =
      /^name: a machine named "theirs" exists already, and kvm-deploy did not create it\. To take it over as it is, set adopt to true/;
    await assert.rejects(guest.checked({}), { message });
  });

  it("that has no persistent definition can't be taken over, which is reported at preview", async () => {
    const live = "/tmp/kvm-deploy-transient.xml";
    await libvirt.undefine("domain", uuid);
    const xml = `<domain type="qemu"><name>theirs</name><uuid>${uuid}</uuid><memory unit="MiB">96</memory><os><type arch="x86_64" machine="q35">hvm</type></os></domain>`;
    await host.files.write(live, xml);
    try {
      await host.run("virsh", ["-q", "-c", connection, "create", live]);
      await assert.rejects(guest.checked(given), {
        message:
          /^adopt: machine "theirs" has no persistent definition: it disappears when it stops\. Give it one first/,
      });
    } finally {
      await libvirt.stop("domain", uuid);
      await host.files.remove(live);
    }
    await madeByHand();
  });

  it("is announced at preview as taken over as it is", async () => {
    guest.context.said.length = 0;
    await guest.checked(given);
    assert.deepEqual(guest.context.said, ['takes over machine "theirs" as it is, which kvm-deploy did not create']);
  });

  it("is taken over as it is: nothing changes but its mark, and it isn't started", async () => {
    const made = parse((await libvirt.definition("domain", uuid)) ?? "");
    await guest.up(given);
    assert.equal(guest.uuid, uuid);
    const root = parse((await libvirt.definition("domain", uuid)) ?? "");
    assert.equal(readMark(root)?.owner, guest.context.urn);
    assert.deepEqual(
      root.children.filter((child) => typeof child === "string" || child.name !== "metadata"),
      made.children,
    );
    assert.equal(await libvirt.isActive("domain", uuid), false);
    assert.deepEqual(guest.state["macAddresses"], [mac]);
  });

  it("shows its real differences in the next preview, and up applies them", async () => {
    const notes = await guest.preview(given);
    assert.deepEqual(notes.toSorted(), [
      "autostart: changes while it runs",
      "changes",
      "memory, vcpus, rng, disks[0].discard, guestAgent, pciePorts: in force when theirs starts",
      "running: starts theirs",
    ]);
    await guest.up(given);
    assert.deepEqual(await guest.preview(given), []);
    await guest.refresh();
    assert.deepEqual(await guest.preview(given), []);
    assert.deepEqual(guest.state["macAddresses"], [mac]);
    const live = await guest.live();
    assert.equal(textOf(live, "memory"), String(64 * 1024));
    assert.equal(attributeOf(childrenOf(find(live, "devices"), "interface")[0], "mac", "address"), mac);
  });

  it("is taken over again when the take-over was interrupted before the state was written", async () => {
    guest.state = {};
    await guest.up(given);
    assert.equal(guest.uuid, uuid);
    assert.deepEqual(await guest.preview(given), []);
  });

  it("stays when the resource goes, without its mark, and goes with it where the program says so", async () => {
    await machine.delete(uuid, guest.state, guest.context);
    const root = parse((await libvirt.definition("domain", uuid)) ?? "");
    assert.equal(readMark(root), undefined);
    guest.state = {};
    await guest.up({ ...given, deleteAdopted: true });
    await guest.removeMachine();
    assert.equal(await libvirt.find("domain", "theirs"), undefined);
  });
});

describe("the addresses of a machine that others have made", () => {
  const network = "theirs-dhcp";
  const macs = ["52:54:00:be:ef:11", "52:54:00:be:ef:12"];
  let guest: Guest;
  let removeNetwork: () => Promise<void>;
  before(async () => {
    removeNetwork = await makeNetwork(
      network,
      `<ip address="10.250.93.1" prefix="24"><dhcp><range start="10.250.93.100" end="10.250.93.110"/>
        <host mac="${macs[0] ?? ""}" ip="10.250.93.11"/></dhcp></ip>`,
    );
    guest = await Guest.makeEmpty("theirs-too");
    const nics = macs.map(
      (each) => `<interface type="network"><mac address="${each}"/><source network="${network}"/></interface>`,
    );
    await libvirt.define(
      "domain",
      `<domain type="qemu"><name>theirs-too</name><memory unit="MiB">64</memory><os><type arch="x86_64" machine="q35">hvm</type></os><devices>
        <disk type="file"><driver name="qemu" type="raw"/><source file="${guest.fileOf(guest.disk)}"/><target dev="vda" bus="virtio"/></disk>
        ${nics.join("")}</devices></domain>`,
    );
  });
  after(async () => {
    const { uuid: own = "" } = (await libvirt.find("domain", "theirs-too")) ?? {};
    await libvirt.undefine("domain", own);
    await guest.remove();
    await removeNetwork();
  });

  const reserved = async () => {
    const { uuid: id = "" } = (await libvirt.find("network", network)) ?? {};
    return [...((await libvirt.definition("network", id)) ?? "").matchAll(/<host mac='([^']*)'/g)].map(
      ([, each]) => each,
    );
  };

  it("stay where they were reserved before, and are released where that was done for it, when it is no longer managed", async () => {
    const given = {
      adopt: true,
      running: false,
      nics: [11, 12].map((last, index) => ({ network, mac: macs[index], address: `10.250.93.${last}` })),
    };
    await guest.up(given);
    assert.deepEqual(await reserved(), macs.slice(0, 1), "taking over changes nothing");
    await guest.up(given);
    assert.deepEqual(await reserved(), macs);
    assert.deepEqual(await guest.preview(given), []);
    await machine.delete(guest.uuid, guest.state, guest.context);
    guest.state = {};
    assert.deepEqual(await reserved(), macs.slice(0, 1));
    assert.deepEqual(
      (await host.ledger.names("reservation")).filter((each) => each.startsWith(network)),
      [],
    );
  });
});
