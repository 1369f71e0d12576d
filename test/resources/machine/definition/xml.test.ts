import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  parse,
  render,
  textOf,
} from "../../../../provider/format/xml";
import type { OnHost } from "../../../../provider/resources/machine/schema/actual";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { installed } from "../../../../provider/resources/machine/definition/installation";
import { uuidOf } from "../../../../provider/libvirt/mark";
import { readMachine } from "../../../../provider/resources/machine/definition/read";
import { machineInputs } from "../../../../provider/resources/machine/schema";
import type { MachineInputs } from "../../../../provider/resources/machine/schema/machine";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { site } from "../../../site";

const { host } = site();
const { libvirt } = host;

const urn = "urn:pulumi:test::test::kvm::machine-unit";
const volumesOf = (count: number, valueOf: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p/disk${index}`, valueOf(index)]));
const surroundings = (name: string, disks = 1, macAddresses = ["52:54:00:00:00:01"]): OnHost => ({
  uuid: uuidOf("domain", `${urn}-${name}`),
  domainType: "qemu",
  macAddresses,
  volumePaths: volumesOf(disks, (index) => `/unit/disk${index}.img`),
  volumeFormats: volumesOf(disks, () => "raw"),
  consoleLogPath: "/unit/console.log",
});
const base = { memory: "1GiB", disks: [{ volume: "p/disk0" }], nics: [{ network: "unit" }] };
const media = { iso: "/unit/installer.iso", log: "/unit/installer.log" };

/** As it looks after a journey through the state. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** What libvirt keeps of a definition: addresses, defaults and all. */
async function throughLibvirt(domain: Element): Promise<Element> {
  const uuid = textOf(domain, "uuid") ?? "";
  await libvirt.define("domain", render(domain));
  try {
    return parse((await libvirt.definition("domain", uuid)) ?? "");
  } finally {
    await libvirt.undefine("domain", uuid);
  }
}

/** What a refresh takes for the inputs. */
function readBack(domain: Element, inputs: MachineInputs, facts: OnHost): unknown {
  return plain(readMachine(domain, { inputs, facts }, inputs.autostart));
}

const devicesOf = (domain: Element, name: string) => childrenOf(find(domain, "devices"), name);

describe("a machine's definition", () => {
  const cases = {
    plain: base,
    uefi: { ...base, firmware: "uefi" },
    "many devices": {
      ...base,
      vcpus: 4,
      disks: [
        { volume: "p/disk0", cache: "none" },
        { volume: "p/disk1", bus: "sata" },
        { volume: "p/disk2", bus: "scsi" },
      ],
      nics: [{ network: "unit" }, { network: "unit", mac: "52:54:00:00:00:02" }],
      domainType: "qemu",
    },
    "nothing but memory": { memory: "64MiB" },
  };
  for (const [name, given] of Object.entries(cases)) {
    it(`of ${name} is accepted by libvirt, and reads back as what was asked for`, async () => {
      const inputs = machineInputs.parse({ ...given, name: `unit-${name.replaceAll(" ", "-")}` });
      const macs = inputs.nics.map((_, index) => `52:54:00:00:00:0${index + 1}`);
      const around = surroundings(name, inputs.disks.length, macs);
      const kept = await throughLibvirt(machineXml(inputs, around));
      assert.deepEqual(readBack(kept, inputs, around), JSON.parse(JSON.stringify(inputs)));
    });
  }

  it("of all the disks and drives that there may be has a name for each", async () => {
    const disks = Array.from({ length: 20 }, (_, index) => ({ volume: `p/disk${index}`, bus: "sata" }));
    const cdroms = Array.from({ length: 6 }, () => ({}));
    const inputs = machineInputs.parse({ ...base, name: "unit-drives", disks, cdroms });
    const kept = await throughLibvirt(machineXml(inputs, surroundings("drives", 20), media));
    const names = devicesOf(kept, "disk").map((device) => attributeOf(device, "target", "dev"));
    assert.deepEqual(names, [...Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `sd${letter}`), "sdaa"]);
  });

  it("while it is installed boots the medium first, ends at a reboot and has a port for the log", async () => {
    const inputs = machineInputs.parse({ ...base, name: "unit-installing" });
    const domain = await throughLibvirt(machineXml(inputs, surroundings("installing"), media));
    const boots = devicesOf(domain, "disk").map((disk) => [
      disk.attributes["device"],
      attributeOf(disk, "boot", "order"),
    ]);
    assert.deepEqual(boots, [
      ["disk", "2"],
      ["cdrom", "1"],
    ]);
    assert.equal(textOf(domain, "on_reboot"), "destroy");
    assert.deepEqual(
      devicesOf(domain, "serial").map((serial) => [
        attributeOf(serial, "log", "file"),
        attributeOf(serial, "source", "path"),
      ]),
      [
        ["/unit/console.log", undefined],
        [undefined, media.log],
      ],
    );
  });

  it("after the installation has the medium out, and its devices where they were", async () => {
    const inputs = machineInputs.parse({ ...base, name: "unit-installed" });
    const before = await throughLibvirt(machineXml(inputs, surroundings("installed"), media));
    const after = await throughLibvirt(installed(updated(before, inputs, surroundings("installed"))));
    const [disk, cdrom] = devicesOf(after, "disk");
    assert.equal(attributeOf(disk, "boot", "order"), "1");
    assert.equal(find(cdrom, "source"), undefined);
    assert.equal(textOf(after, "on_reboot"), "restart");
    assert.equal(devicesOf(after, "serial").length, 1);
    assert.deepEqual(
      find(devicesOf(after, "interface")[0], "address"),
      find(devicesOf(before, "interface")[0], "address"),
    );
  });
});

describe("an update edits the present definition", () => {
  const inputs = machineInputs.parse({ ...base, name: "unit-edit" });
  const change = (given: object, images = 1, macs?: string[]) =>
    updated(
      machineXml(inputs, surroundings("edit")),
      machineInputs.parse({ ...inputs, ...given }),
      surroundings("edit", images, macs),
      { inputs, facts: surroundings("edit") },
    );

  it("of memory, processors and type", () => {
    const domain = change({ memory: "2GiB", vcpus: 3, domainType: "kvm" });
    assert.deepEqual(
      [textOf(domain, "memory"), textOf(domain, "currentMemory"), textOf(domain, "vcpu")],
      ["2097152", "2097152", "3"],
    );
    assert.equal(domain.attributes["type"], "kvm");
  });

  it("adds a disk under the next free name", () => {
    const domain = change({ disks: [...inputs.disks, { volume: "p/disk1" }] }, 2);
    assert.deepEqual(
      devicesOf(domain, "disk").map((disk) => attributeOf(disk, "target", "dev")),
      ["vda", "vdb"],
    );
  });

  it("takes a disk away", () => assert.deepEqual(devicesOf(change({ disks: [] }, 0), "disk"), []));

  it("puts a disk on another bus", () => {
    const [disk] = devicesOf(change({ disks: [{ volume: "p/disk0", bus: "sata" }] }), "disk");
    assert.deepEqual(find(disk, "target")?.attributes, { dev: "sda", bus: "sata" });
  });

  it("adds and takes away NICs by their MAC addresses", () => {
    const nics = [{ network: "unit" }, { network: "other" }];
    assert.equal(devicesOf(change({ nics }, 1, ["52:54:00:00:00:01", "52:54:00:00:00:09"]), "interface").length, 2);
    assert.equal(devicesOf(change({ nics: [] }, 1, []), "interface").length, 0);
  });

  it("keeps what isn't modelled", () => {
    const present = machineXml(inputs, surroundings("edit"));
    const foreign = { ...present, children: [...present.children, el("description", {}, "by hand")] };
    assert.equal(textOf(updated(foreign, inputs, surroundings("edit")), "description"), "by hand");
  });

  it("takes out what was set, and leaves what others wrote: metadata, devices, settings", async () => {
    const olds = machineInputs.parse({
      ...base,
      name: "unit-others",
      tags: ["one"],
      xml: { overlay: "-", text: "<domain><memtune><hard_limit>2097152</hard_limit></memtune></domain>" },
    });
    const last = { inputs: olds, facts: surroundings("others") };
    const present = machineXml(olds, last.facts);
    const others = [
      el("metadata", {}, ...childrenOf(find(present, "metadata")), el("o:other", { "xmlns:o": "urn:other" })),
      el("cputune", {}, el("shares", {}, "512")),
    ];
    const kept = present.children.filter((child) => typeof child === "string" || child.name !== "metadata");
    const domain = await throughLibvirt({ ...present, children: [...kept, ...others] });
    const after = await throughLibvirt(
      updated(domain, machineInputs.parse({ ...base, name: "unit-others", nics: [] }), last.facts, last),
    );
    assert.deepEqual(
      childrenOf(find(after, "metadata")).map(({ name }) => name),
      ["o:other"],
    );
    assert.equal(textOf(after, "cputune/shares"), "512");
    assert.equal(find(after, "memtune"), undefined);
    assert.deepEqual(devicesOf(after, "interface"), []);
  });

  it("numbers further PCIe ports after all that are there", async () => {
    const olds = machineInputs.parse({ ...base, name: "unit-ports", pciePorts: 1 });
    const last = { inputs: olds, facts: surroundings("ports") };
    const present = await throughLibvirt(machineXml(olds, last.facts));
    const news = machineInputs.parse({ ...base, name: "unit-ports", pciePorts: 12 });
    const after = await throughLibvirt(updated(present, news, last.facts, last));
    const ports = devicesOf(after, "controller").filter(({ attributes }) => attributes["model"] === "pcie-root-port");
    assert.equal(ports.length, 12);
    assert.equal(
      readMachine(after, { inputs: news, facts: { volumePaths: {}, macAddresses: [] } }, true).pciePorts,
      12,
    );
  });

  it("leaves an older type of machine as it is, which has no PCIe ports", async () => {
    const present = await throughLibvirt(
      parse(
        `<domain type="qemu"><name>unit-old</name><uuid>${surroundings("old").uuid}</uuid><memory>65536</memory><os><type machine="pc">hvm</type></os></domain>`,
      ),
    );
    const inputs = machineInputs.parse({ name: "unit-old", memory: "64MiB" });
    const after = await throughLibvirt(updated(present, inputs, surroundings("old", 0, [])));
    assert.equal(attributeOf(after, "os/type", "machine"), attributeOf(present, "os/type", "machine"));
    assert.equal(readMachine(after, { inputs, facts: { volumePaths: {}, macAddresses: [] } }, true).pciePorts, 10);
  });

  it("puts several disks on a bus where the installer's drive is already, each under a name of its own", async () => {
    const two = machineInputs.parse({
      ...base,
      name: "unit-buses",
      disks: [{ volume: "p/disk0" }, { volume: "p/disk1" }],
    });
    const around = surroundings("buses", 2);
    const present = await throughLibvirt(installed(machineXml(two, around, media)));
    const moved = { ...two, disks: two.disks.map((disk) => ({ ...disk, bus: "sata" as const })) };
    const after = await throughLibvirt(updated(present, moved, around, { inputs: two, facts: around }));
    assert.deepEqual(
      devicesOf(after, "disk").map((disk) => [attributeOf(disk, "target", "dev"), attributeOf(disk, "source", "file")]),
      [
        ["sda", undefined],
        ["sdb", "/unit/disk0.img"],
        ["sdc", "/unit/disk1.img"],
      ],
    );
    assert.deepEqual(readBack(after, moved, around), plain(moved));
  });

  it("takes disks and NICs in front of those that are there, and reads them back in the order asked for", async () => {
    const olds = machineInputs.parse({ ...base, name: "unit-front" });
    const present = await throughLibvirt(machineXml(olds, surroundings("front")));
    const news = machineInputs.parse({
      ...olds,
      disks: [{ volume: "p/new" }, { volume: "p/disk0" }],
      nics: [{ network: "front" }, { network: "unit" }],
    });
    const both = surroundings("front", 1, ["52:54:00:00:00:09", "52:54:00:00:00:01"]);
    const around = { ...both, volumePaths: { ...both.volumePaths, "p/new": "/unit/new.img" } };
    const last = { inputs: olds, facts: surroundings("front") };
    const after = await throughLibvirt(updated(present, news, around, last));
    const places = devicesOf(after, "disk").map((disk) => [
      attributeOf(disk, "source", "file"),
      attributeOf(disk, "boot", "order"),
    ]);
    assert.deepEqual(places, [
      ["/unit/disk0.img", "2"],
      ["/unit/new.img", "1"],
    ]);
    assert.deepEqual(readBack(after, news, around), plain(news));
  });
});
