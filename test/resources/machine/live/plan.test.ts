import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "../../../../provider/format/xml";
import { liveChanges, type LiveStep } from "../../../../provider/resources/machine/live/plan";

const disk = (file: string, name: string, more = "") =>
  `<disk type="file" device="disk"><driver name="qemu" type="raw"/><source file="${file}"/><target dev="${name}" bus="virtio"/>${more}</disk>`;
const place = (order: number) => `<boot order="${order}"/>`;
const cdrom = (source: string) =>
  `<disk type="file" device="cdrom"><driver name="qemu" type="raw"/>${source}<target dev="sda" bus="sata"/></disk>`;
const nic = (mac: string, inner: string, network = "lab") =>
  `<interface type="network"><mac address="${mac}"/><source network="${network}"/><model type="virtio"/>${inner}</interface>`;
const slot = (bus: string) => `<address type="pci" domain="0x0000" bus="${bus}" slot="0x00" function="0x0"/>`;
const port = '<controller type="pci" index="5" model="pcie-root-port"/>';

const scsi = '<controller type="scsi" index="0" model="virtio-scsi"/>';
const usb = '<controller type="usb" index="0" model="qemu-xhci"/>';

interface Parts {
  readonly memory?: number;
  readonly current?: number;
  readonly vcpu?: string;
  readonly title?: string;
  readonly metadata?: string;
  readonly cpu?: string;
  readonly devices?: string;
}

function domain({
  memory = 100,
  current = memory,
  vcpu = "<vcpu>2</vcpu>",
  title,
  metadata,
  cpu = "",
  devices = "",
}: Parts) {
  const titled = title === undefined ? "" : `<title>${title}</title>`;
  const known = metadata === undefined ? "" : `<metadata>${metadata}</metadata>`;
  const sizes = `<memory unit="KiB">${memory}</memory><currentMemory unit="KiB">${current}</currentMemory>`;
  return parse(
    `<domain type="qemu"><name>d</name>${titled}${known}${sizes}${vcpu}${cpu}<devices>${devices}</devices></domain>`,
  );
}

/** A step in short: its kind, and what it is about. */
function shortOf(step: LiveStep): string {
  if ("key" in step) return `${step.kind} ${step.key}`;
  if (step.kind === "vcpus") return `vcpus ${step.count}`;
  if (step.kind === "memory") return `memory ${step.kibibytes}`;
  return step.kind === "metadata"
    ? `metadata ${step.namespace} ${step.element === undefined ? "away" : "set"}`
    : `${step.kind} "${step.text}"`;
}

const [macA, macB] = ["52:54:00:00:00:0a", "52:54:00:00:00:0b"];
const tags = (text: string) => `<kvm-deploy:tags xmlns:kvm-deploy="urn:t">${text}</kvm-deploy:tags>`;

/** @param live what is in force, where that isn't the definition before */
interface Case {
  readonly live?: Parts;
  readonly before?: Parts;
  readonly after: Parts;
  readonly steps?: readonly string[];
  readonly restart?: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "nothing changes, though libvirt has added to what is in force": {
    live: {
      devices:
        nic(macA, '<target dev="vnet0"/><alias name="net0"/>').replace("<source ", '<source portid="p" bridge="b" ') +
        disk("/a", "vda", '<alias name="d"/>').replace("<source ", '<source index="1" '),
    },
    before: { devices: nic(macA, "") + disk("/a", "vda") },
    after: { devices: nic(macA, "") + disk("/a", "vda") },
  },
  "a disk and a NIC come": {
    after: { devices: disk("/a", "vda") + nic(macA, "") },
    steps: ["attach-device disk /a", `attach-device interface ${macA}`],
  },
  "a disk takes the name of one that goes: that one goes first": {
    before: { devices: disk("/a", "vda") },
    after: { devices: disk("/b", "vda") },
    steps: ["detach-device disk /a", "attach-device disk /b"],
  },
  "a disk gets a place in the boot order, after the one before it": {
    before: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb") },
    after: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(2)) },
  },
  "a disk takes the place in the boot order of one that goes": {
    before: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(2)) + disk("/c", "vdc", place(3)) },
    after: { devices: disk("/a", "vda", place(1)) + disk("/c", "vdc", place(2)) },
    steps: ["detach-device disk /b"],
  },
  "a disk comes between two others": {
    before: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(2)) },
    after: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(3)) + disk("/c", "vdc", place(2)) },
    steps: ["attach-device disk /c"],
  },
  "the first disk goes: the machine boots from another one": {
    before: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(2)) },
    after: { devices: disk("/b", "vdb", place(1)) },
    steps: ["detach-device disk /a"],
    restart: ["devices/disk"],
  },
  "disks get the user's boot order": {
    before: { devices: disk("/a", "vda", place(1)) + disk("/b", "vdb", place(2)) },
    after: { devices: disk("/a", "vda", place(2)) + disk("/b", "vdb", place(1)) },
    restart: ["devices/disk"],
  },
  "a disk on SCSI comes, and its controller before it": {
    after: { devices: disk("/a", "sda").replace("virtio", "scsi") + scsi },
    steps: ["attach-device controller scsi 0", "attach-device disk /a"],
  },
  "a disk on SCSI comes where there is a controller": {
    before: { devices: scsi },
    after: { devices: disk("/a", "sda").replace("virtio", "scsi") + scsi },
    steps: ["attach-device disk /a"],
  },
  "the last disk on SCSI goes; its controller stays": {
    before: { devices: disk("/a", "sda").replace("virtio", "scsi") + scsi },
    after: {},
    steps: ["detach-device disk /a"],
  },
  "a disk on USB comes": {
    before: { devices: usb },
    after: { devices: disk("/a", "sda").replace("virtio", "usb") + usb },
    steps: ["attach-device disk /a"],
  },
  "a disk on USB comes where there is no controller, which can't be attached": {
    after: { devices: disk("/a", "sda").replace("virtio", "usb") + usb },
    restart: ["devices/disk", "devices/controller"],
  },
  "a disk on a bus that is wired for good comes": {
    after: { devices: disk("/a", "sda").replace("virtio", "sata") },
    restart: ["devices/disk"],
  },
  "what another program has attached stays": {
    live: { devices: disk("/theirs", "vdb") },
    before: {},
    after: {},
  },
  "a link goes down": {
    before: { devices: nic(macA, "") + nic(macB, '<link state="down"/>') },
    after: { devices: nic(macA, '<link state="down"/>') + nic(macB, '<link state="down"/>') },
    steps: [`update-device interface ${macA}`],
  },
  "an up link is what a link is by default": {
    before: { devices: nic(macA, "") },
    after: { devices: nic(macA, '<link state="up"/>') },
  },
  "a NIC moves to another network": {
    before: { devices: nic(macA, "") },
    after: { devices: nic(macA, "", "other") },
    steps: [`update-device interface ${macA}`],
  },
  "a NIC's bandwidth and model change: only one of them at once": {
    before: { devices: nic(macA, "") },
    after: { devices: nic(macA, '<bandwidth><inbound average="1"/></bandwidth>').replace("virtio", "e1000") },
    steps: [`update-device interface ${macA}`],
    restart: ["devices/interface"],
  },
  "a medium is put in": {
    before: { devices: cdrom("") },
    after: { devices: cdrom('<source file="/m.iso"/>') },
    steps: ["update-device disk sda"],
  },
  "a medium that is in, by whatever index": {
    live: { devices: cdrom('<source file="/m.iso" index="3"/>') },
    before: { devices: cdrom('<source file="/m.iso"/>') },
    after: { devices: cdrom('<source file="/m.iso"/>') },
  },
  "a disk moves to another bus": {
    before: { devices: disk("/a", "vda") },
    after: { devices: disk("/a", "sda").replace("virtio", "scsi") },
    restart: ["devices/disk"],
  },
  "a NIC moves from a network to a bridge of the host's": {
    before: { devices: nic(macA, "") },
    after: { devices: nic(macA, "").replace('type="network"', 'type="bridge"').replace("network=", "bridge=") },
    steps: [`update-device interface ${macA}`],
  },
  "a screen's password becomes another": {
    before: { devices: '<graphics type="vnc" passwd="a"/>' },
    after: { devices: '<graphics type="vnc" passwd="b"/>' },
    steps: ["update-device graphics vnc"],
  },
  "a screen gets a password": {
    before: { devices: '<graphics type="vnc"/>' },
    after: { devices: '<graphics type="vnc" passwd="b"/>' },
    restart: ["devices/graphics"],
  },
  "a drive comes": { after: { devices: cdrom("") }, restart: ["devices/disk"] },
  "processors are added, within the maximum": {
    before: { vcpu: '<vcpu current="1">4</vcpu>' },
    after: { vcpu: '<vcpu current="3">4</vcpu>' },
    steps: ["vcpus 3"],
  },
  "processors are taken away": {
    before: { vcpu: '<vcpu current="3">4</vcpu>' },
    after: { vcpu: '<vcpu current="1">4</vcpu>' },
    restart: ["vcpu"],
  },
  "the most of processors changes": {
    before: { vcpu: "<vcpu>2</vcpu>" },
    after: { vcpu: '<vcpu current="2">4</vcpu>' },
    restart: ["vcpu"],
  },
  "memory within the maximum": {
    before: { memory: 100, current: 80 },
    after: { memory: 100, current: 60 },
    steps: ["memory 60"],
  },
  "memory and its maximum": {
    before: { memory: 100 },
    after: { memory: 80 },
    restart: ["memory", "currentMemory"],
  },
  "a title, and tags": {
    before: { metadata: tags("a") },
    after: { title: "web", metadata: tags("b") },
    steps: ['title "web"', "metadata urn:t set"],
  },
  "tags go; the list of what waits, and other programs' metadata, stay": {
    live: {
      title: "web",
      metadata: `${tags("a")}<kvm-deploy:waiting xmlns:kvm-deploy="urn:w"/><o:x xmlns:o="urn:o"/>`,
    },
    before: { title: "web", metadata: tags("a") },
    after: {},
    steps: ['title ""', "metadata urn:t away"],
  },
  "a part that nothing can change while it runs": {
    before: { cpu: '<cpu mode="host-model"/>' },
    after: { cpu: '<cpu mode="host-passthrough"/>' },
    restart: ["cpu"],
  },
  "what an earlier update didn't reach": {
    live: { memory: 100, current: 100, devices: disk("/a", "vda") },
    before: { memory: 100, current: 60 },
    after: { memory: 100, current: 60, devices: nic(macA, "") },
    steps: ["detach-device disk /a", `attach-device interface ${macA}`, "memory 60"],
  },
};

describe("how a running machine follows its definition when", () => {
  for (const [name, { before = {}, live = before, after, steps = [], restart = [] }] of Object.entries(cases)) {
    it(name, () => {
      const plan = liveChanges(domain(live), domain(before), domain(after), ["disk /a"]);
      assert.deepEqual(plan.steps.map(shortOf), steps);
      assert.deepEqual(plan.restart, restart);
    });
  }

  it("a device comes to an address that is free and has a slot there, and elsewhere to one of libvirt's choice", () => {
    const addressOf = (present: string, bus: string) => {
      const after = domain({ devices: present + disk("/new", "vdb", slot(bus)) });
      const [step] = liveChanges(domain({ devices: present }), domain({ devices: present }), after).steps;
      return (
        step !== undefined &&
        "device" in step &&
        step.device.children.some((child) => typeof child !== "string" && child.name === "address")
      );
    };
    assert.equal(addressOf(port, "0x05"), true);
    assert.equal(addressOf(port, "0x06"), false);
    assert.equal(addressOf(port + disk("/a", "vda", slot("0x05")), "0x05"), false);
  });
});
