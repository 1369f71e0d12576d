import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { run } from "../../provider/host/run";
import type { Kind } from "../../provider/libvirt/client";
import { virshAt } from "../../provider/libvirt/virsh/call";
import type { ErrorCode, KvmError } from "../../provider/values/errors";
import { scratchFolder } from "../iso/host";
import { site } from "../site";

const { connection, enter, host } = site();
const { call, callWithXml } = virshAt(connection, host);
const { libvirt } = host;

const folder = scratchFolder();
const fileIn = (name: string) => path.join(folder, name);
const nic = (mac: string, network = "failing", more = "") =>
  `<interface type="network"><mac address="52:54:00:fa:17:${mac}"/><source network="${network}"/><model type="virtio"/>${more}</interface>`;
const disk = (file: string, format = "raw") =>
  `<disk type="file"><driver name="qemu" type="${format}"/><source file="${file}"/><target dev="vda" bus="virtio"/></disk>`;
const cdrom = '<disk type="file" device="cdrom"><target dev="sda" bus="sata"/><readonly/></disk>';
const machineXml = (name: string, devices: string, more = "<memory>65536</memory>") =>
  `<domain type="qemu"><name>${name}</name>${more}<os><type machine="q35">hvm</type></os><devices>${devices}</devices></domain>`;
const networkXml = (name: string, more: string) => `<network><name>${name}</name>${more}</network>`;
const subnet = (third: number) => `<ip address="10.249.${third}.1" netmask="255.255.255.0"/>`;

const define = (kind: Kind, xml: string) => libvirt.define(kind, xml);
/** Defines it, starts it, and forgets it again. */
const starting = (kind: Kind, name: string, xml: string) => async () => {
  await define(kind, xml);
  const { uuid = "" } = (await libvirt.find(kind, name)) ?? {};
  try {
    await libvirt.start(kind, uuid);
  } finally {
    await libvirt.stop(kind, uuid);
    await libvirt.undefine(kind, uuid);
  }
};
const startingMachine = (devices: string, more?: string) =>
  starting("domain", "failing-other", machineXml("failing-other", devices, more));
const startingNetwork = (more: string) => starting("network", "failing-other", networkXml("failing-other", more));
const updatingNetwork = (command: string, section: string, xml: string) => () =>
  callWithXml(xml, (file) => ["net-update", "failing", command, section, file, "--live", "--config"]);
const changing = (command: string, xml: string) => () =>
  callWithXml(xml, (file) => [command, "failing", file, "--live"]);
const asking =
  (...command: string[]) =>
  () =>
    call(command);

/** The call, its temporary file, a UUID. */
const ofNoUse = /virsh -|qemu:\/\/\/|\/kvm-deploy-\w{6}\b|[0-9a-f]{8}-([0-9a-f]{4}-){3}/;

type Case = readonly [what: string, fail: () => Promise<unknown>, code: ErrorCode, message: RegExp];

const ofNetworks: readonly Case[] = [
  [
    "the bridge of another network",
    () => define("network", networkXml("failing-other", '<bridge name="kd-fail"/>')),
    "conflict",
    /bridge name 'kd-fail' already in use\. Choose another bridge name$/,
  ],
  [
    "the subnet of another network",
    startingNetwork(subnet(1)),
    "conflict",
    /^the subnet is in use by the interface kd-fail\. Choose another subnet$/,
  ],
  [
    "a bridge that the host has already",
    startingNetwork('<bridge name="kd-fail-host"/>'),
    "conflict",
    /File exists\. Choose another bridge name$/,
  ],
  [
    "a bridge name that is too long",
    startingNetwork('<bridge name="kd-failing-bridge"/>'),
    "invalid-input",
    /^the bridge name "kd-failing-bridge" is too long\. Choose/,
  ],
  [
    "a range outside the subnet",
    updatingNetwork("add-last", "ip-dhcp-range", '<range start="10.9.0.1" end="10.9.0.2"/>'),
    "invalid-input",
    /^the DHCP range from 10\.9\.0\.1 to 10\.9\.0\.2 is not within the subnet of 10\.249\.1\.1\/24\. Choose/,
  ],
  [
    "a fixed address that another host has",
    updatingNetwork("add-last", "ip-dhcp-host", '<host mac="52:54:00:fa:17:99" ip="10.249.1.5"/>'),
    "conflict",
    /^network "failing" has a fixed address for this MAC \(52:54:00:fa:17:99\), name or address already\. Choose/,
  ],
  [
    "a port group twice",
    updatingNetwork("add-last", "portgroup", '<portgroup name="failing"/>'),
    "conflict",
    /existing portgroup entry.*\. Remove one of the two entries$/,
  ],
  [
    "a fixed address that isn't there",
    updatingNetwork("delete", "ip-dhcp-host", '<host mac="52:54:00:fa:17:98"/>'),
    "not-found",
    /couldn't locate a matching dhcp host.*\. Another program has changed the network/,
  ],
  [
    "what changes only with a restart",
    updatingNetwork("modify", "ip-dhcp-range", '<range start="10.249.1.1" end="10.249.1.9"/>'),
    "unsupported",
    /\. It changes only with a restart of the network/,
  ],
];

const ofStorage: readonly Case[] = [
  [
    "a pool below a file",
    async () => {
      await define(
        "pool",
        `<pool type="dir"><name>failing-below</name><target><path>${fileIn("raw.img")}/p</path></target></pool>`,
      );
      await libvirt.buildPool((await libvirt.find("pool", "failing-below"))?.uuid ?? "");
    },
    "conflict",
    /^\/\S+\/raw\.img is a file, and a directory is to be made there or below it\. Choose another path/,
  ],
  [
    "a smaller size",
    asking("vol-resize", "disk", "4096B", "--pool", "failing"),
    "invalid-input",
    /^the size is below the volume's present one.*\. Keep the present size/,
  ],
  [
    "a volume twice",
    asking("vol-create-as", "failing", "disk", "1M"),
    "conflict",
    /storage volume 'disk' exists already\. Choose another name/,
  ],
  [
    "a volume larger than any file",
    asking("vol-create-as", "failing", "big", "4E"),
    "no-space",
    // Which of the two limits comes first is the file system's.
    /Choose a smaller size|Free space in the pool's file system/,
  ],
  [
    "a volume whose name is a path",
    asking("vol-create-as", "failing", "a/b", "1M"),
    "invalid-input",
    /^the volume's name "a\/b" has a slash in it/,
  ],
  [
    "a volume that isn't there",
    asking("vol-dumpxml", "none", "--pool", "failing"),
    "not-found",
    /^the storage pool has no volume "none"/,
  ],
  [
    "a backing file that isn't there",
    () =>
      libvirt.createVolume(
        "failing",
        '<volume><name>over</name><capacity>4096</capacity><target><format type="qcow2"/></target><backingStore><path>/none.img</path><format type="raw"/></backingStore></volume>',
      ),
    "not-found",
    /^the backing file \/none\.img does not exist/,
  ],
  [
    "the folder of another pool",
    () => define("pool", `<pool type="dir"><name>failing-other</name><target><path>${folder}</path></target></pool>`),
    "conflict",
    /^the folder or device is that of the storage pool "failing"\. Use that pool/,
  ],
  [
    "a folder that isn't there",
    starting(
      "pool",
      "failing-other",
      `<pool type="dir"><name>failing-other</name><target><path>${fileIn("none")}</path></target></pool>`,
    ),
    "not-found",
    /^the folder \/\S+\/none does not exist\. Create it/,
  ],
  ["a pool that isn't there", asking("vol-list", "failing-none"), "not-found", /^the host has no storage pool "fail/],
];

const ofStarts: readonly Case[] = [
  [
    "a disk image that another machine uses",
    startingMachine(disk(fileIn("disk"))),
    "conflict",
    /^the disk image \/\S+\/disk is in use by another process\. Stop the machine that uses it$/,
  ],
  [
    "a disk image that isn't there",
    startingMachine(disk("/none.img")),
    "not-found",
    /^the disk image \/none\.img does not exist\. Create it/,
  ],
  [
    "a disk image of another format",
    startingMachine(disk(fileIn("raw.img"), "qcow2")),
    "invalid-input",
    /^a disk image is not in the format qcow2 that is set for it\. Set the format/,
  ],
  [
    "a network that isn't there",
    startingMachine(nic("02", "failing-none")),
    "not-found",
    /^the host has no network "failing-none"\. Create it/,
  ],
  [
    "a network that isn't active",
    startingMachine(nic("02", "failing-off")),
    "not-found",
    /^network "failing-off" is not active\. Start it: virsh net-start failing-off$/,
  ],
  [
    "a bridge that isn't there",
    startingMachine('<interface type="bridge"><source bridge="kd-none"/></interface>'),
    "not-found",
    /^the host has no bridge or device "kd-none"\. Create it/,
  ],
  [
    "a network filter that isn't there",
    startingMachine(nic("02", "failing", '<filterref filter="failing-none"/>')),
    "not-found",
    /^the host has no network filter "failing-none"\. Choose/,
  ],
  [
    "more memory than the host has",
    startingMachine("", '<memory unit="TiB">8</memory>'),
    "no-space",
    /^the host has not that much free memory\. Give the machine less/,
  ],
  [
    "huge pages that the host hasn't",
    startingMachine("", "<memory>65536</memory><memoryBacking><hugepages/></memoryBacking>"),
    "unsupported",
    /^the host offers no huge pages\. Mount/,
  ],
  [
    "a log in a folder that isn't there",
    startingMachine(`<serial type="file"><source path="${fileIn("none/log")}"/></serial>`),
    "not-found",
    /^the folder of \/\S+\/none\/log does not exist\. Create it/,
  ],
  [
    "a display at an address of another host",
    startingMachine('<graphics type="vnc" port="5999" listen="192.0.2.1"/>'),
    "conflict",
    /^the display can't listen at its address and port\. Choose/,
  ],
  [
    "a target twice",
    () => define("domain", machineXml("failing-other", disk("/a") + disk("/b"))),
    "invalid-input",
    /^two disks have the target vda\. Give each its own$/,
  ],
  [
    "an element that libvirt doesn't know",
    () => define("domain", machineXml("failing-other", "", "<memory>65536</memory><memroy/>")),
    "invalid-input",
    /^libvirt's schema refuses the definition: .*\. Correct the property that it names$/,
  ],
  [
    "the name of another machine",
    () => define("domain", machineXml("failing", "")),
    "conflict",
    /domain 'failing' already exists\. Choose another name/,
  ],
  [
    "a kernel that isn't there",
    starting(
      "domain",
      "failing-other",
      machineXml("failing-other", "").replace("</type>", "</type><kernel>/none/vmlinuz</kernel>"),
    ),
    "not-found",
    /^the file \/none\/vmlinuz, which the machine names, does not exist\. Create it/,
  ],
];

const ofChanges: readonly Case[] = [
  [
    "more CPUs than the maximum",
    asking("setvcpus", "failing", "4", "--live"),
    "invalid-input",
    /^4 CPUs are more than the machine's maximum of 2\. Raise the maximum/,
  ],
  [
    "more memory than the maximum",
    asking("setmem", "failing", "1G", "--live"),
    "invalid-input",
    /can't have more memory than its maximum\. Shut the machine down/,
  ],
  [
    "another model of a NIC",
    changing("update-device", nic("01").replace('type="virtio"', 'type="e1000"')),
    "unsupported",
    /cannot modify network device model.*\. Shut the machine down/,
  ],
  [
    "no CD-ROM drive",
    asking("detach-disk", "failing", "sda", "--live"),
    "unsupported",
    /^a running machine's cdrom drive can't be removed\. Shut the machine down/,
  ],
  [
    "more devices than slots",
    async () => {
      for (const mac of ["03", "04", "05", "06"]) await changing("attach-device", nic(mac))();
    },
    "unsupported",
    /^the running machine has no free PCI slot.*\. Shut the machine down/,
  ],
  [
    "a NIC that isn't there",
    changing("update-device", nic("77")),
    "not-found",
    /\. Another program has changed the machine: run `pulumi refresh`/,
  ],
  [
    "a guest agent without a channel",
    asking("domifaddr", "failing", "--source", "agent"),
    "unsupported",
    /^the machine has no channel to a guest agent\. Turn the guest agent on/,
  ],
  [
    "a disk that is being copied",
    async () => {
      await call(["blockcopy", "failing", "vda", "--dest", fileIn("copy"), "--format", "raw", "--transient-job"]);
      try {
        const { uuid = "" } = (await libvirt.find("domain", "failing")) ?? {};
        await libvirt.resizeBlock(uuid, fileIn("disk"), 2 * 1024 ** 2);
      } finally {
        await call(["blockjob", "failing", "vda", "--abort"]);
      }
    },
    "conflict",
    /^the disk can't grow while a copy of it, .* Wait until/,
  ],
  [
    "what is not known",
    async () => {
      const { uuid = "" } = (await libvirt.find("domain", "failing")) ?? {};
      await callWithXml("<domainsnapshot><name>a/b</name></domainsnapshot>", (file) => [
        "snapshot-create",
        uuid,
        file,
        "--disk-only",
        "--quiesce",
      ]);
    },
    "command-failed",
    /^libvirt: /,
  ],
  ["a start of a running machine", asking("start", "failing"), "conflict", /was started or stopped meanwhile: run/],
  ["a machine that isn't there", asking("start", "failing-none"), "not-found", /^the host has no machine "failing-no/],
];

describe("libvirt's real failures have a text of their own:", () => {
  before(async () => {
    await run(enter[0] ?? "ip", [...enter.slice(1), "ip", "link", "add", "kd-fail-host", "type", "bridge"]);
    await define("pool", `<pool type="dir"><name>failing</name><target><path>${folder}</path></target></pool>`);
    await call(["pool-start", "failing"]);
    await call(["vol-create-as", "failing", "disk", "1M", "--allocation", "0"]);
    writeFileSync(fileIn("raw.img"), Buffer.alloc(4096));
    const dhcp =
      '<dhcp><range start="10.249.1.1" end="10.249.1.4"/><host mac="52:54:00:fa:17:01" ip="10.249.1.5"/></dhcp>';
    const ip = subnet(1).replace("/>", `>${dhcp}</ip>`);
    await define("network", networkXml("failing", `<bridge name="kd-fail"/><portgroup name="failing"/>${ip}`));
    await define("network", networkXml("failing-off", ""));
    await call(["net-start", "failing"]);
    const more = '<memory>65536</memory><vcpu current="1">2</vcpu><features><acpi/></features>';
    await define("domain", machineXml("failing", disk(fileIn("disk")) + nic("01") + cdrom, more));
    await call(["start", "failing"]);
  });
  after(async () => {
    for (const kind of ["domain", "network", "pool"] as const) {
      const left = (await libvirt.list(kind)).filter(({ name }) => name.startsWith("failing"));
      for (const { uuid } of left) {
        await libvirt.stop(kind, uuid);
        await libvirt.undefine(kind, uuid);
      }
    }
    await run(enter[0] ?? "ip", [...enter.slice(1), "ip", "link", "delete", "kd-fail-host"]);
  });

  for (const [subject, cases] of Object.entries({
    "of networks": ofNetworks,
    "of storage": ofStorage,
    "at the definition or start of a machine": ofStarts,
    "of a running machine": ofChanges,
  })) {
    describe(subject, () => {
      for (const [what, fail, code, message] of cases) {
        it(what, () =>
          assert.rejects(fail, (error: KvmError) => {
            assert.deepEqual([error.name, error.code], ["KvmError", code], error.message);
            assert.match(error.message, message);
            assert.doesNotMatch(error.message, ofNoUse);
            return true;
          }),
        );
      }
    });
  }
});
