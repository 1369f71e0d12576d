import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attributeOf, type Element, find, parse, render } from "../../../../provider/format/xml";
import { disksOf } from "../../../../provider/libvirt/domain";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { readMachine } from "../../../../provider/resources/machine/definition/read";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { machineInputs } from "../../../../provider/resources/machine/schema";
import type { OnHost } from "../../../../provider/resources/machine/schema/actual";

const path = "/pool/root.img";
const host = (given: Partial<OnHost> = {}): OnHost => ({
  uuid: "00000000-0000-8000-a000-000000000001",
  domainType: "qemu",
  macAddresses: [],
  volumePaths: { "p/root": path },
  volumeFormats: { "p/root": "qcow2" },
  consoleLogPath: "/logs/own.log",
  ...given,
});
const asFile: OnHost = host({ volumePaths: {}, volumeFormats: {}, namedVolumes: { "p/root": path } });
const inputsWith = (...disks: readonly object[]) =>
  machineInputs.parse({ name: "named", memory: "64MiB", guestAgent: false, rng: "none", disks });

const byNames = '<source pool="p" volume="root"/>';
/** As terraform-provider-libvirt and virt-manager write it. */
function definitionWith(source = byNames, more = ""): Element {
  const written = render(machineXml(inputsWith(), host()));
  const disk = `<disk type="volume" device="disk"><driver name="qemu" type="qcow2"/>${source}<target dev="vda" bus="virtio"/></disk>`;
  return parse(written.replace("<devices>", `<devices>${disk}${more}`));
}
const sourcesOf = (domain: Element) =>
  disksOf(domain).map((disk) => [disk.attributes["type"], find(disk, "source")?.attributes]);
const named = ["volume", { pool: "p", volume: "root" }];

describe("a disk that is defined by its pool and volume", () => {
  for (const [how, disk, actual] of [
    ["its volume", { volume: "p/root" }, host()],
    [
      "its path as a volume of another pool",
      { volume: "q/same" },
      host({ volumePaths: { "q/same": path }, namedVolumes: { "p/root": path } }),
    ],
    ["its file", { file: path, format: "qcow2" }, asFile],
  ] as const) {
    it(`is the one that the inputs give by ${how}: an update keeps its source, and adds no second one`, () => {
      const inputs = inputsWith(disk);
      const last = { inputs, facts: actual };
      for (const previous of [undefined, last]) {
        const after = updated(definitionWith(), inputs, actual, previous);
        assert.deepEqual(sourcesOf(after), [named]);
        assert.equal(attributeOf(disksOf(after)[0], "target", "dev"), "vda");
      }
      const [found] = readMachine(definitionWith(), last, false).disks;
      assert.deepEqual(
        [found?.volume, found?.file],
        ["volume" in disk ? disk.volume : undefined, "file" in disk ? path : undefined],
      );
    });
  }

  it("is removed with its input, also where the volume no longer exists", () => {
    for (const facts of [host(), host({ volumePaths: {} })]) {
      const previous = { inputs: inputsWith({ volume: "p/root" }), facts };
      assert.deepEqual(sourcesOf(updated(definitionWith(), inputsWith(), facts, previous)), []);
    }
  });

  it("is read as a volume if no input names it", () => {
    const [found] = readMachine(
      definitionWith(),
      { inputs: inputsWith(), facts: host({ volumePaths: {} }) },
      false,
    ).disks;
    assert.deepEqual([found?.volume, found?.file], ["p/root", undefined]);
  });

  it("on another bus is not added as a second one", () => {
    const inputs = inputsWith({ volume: "p/root", bus: "sata" });
    assert.throws(() => updated(definitionWith(), inputs, host(), undefined), {
      message:
        /^disks: \/pool\/root\.img would be two disks of named, vda and sda\. Name it once; .*virsh detach-disk named vda --config/,
    });
    const moved = updated(definitionWith(), inputs, host(), {
      inputs: inputsWith({ volume: "p/root" }),
      facts: host(),
    });
    assert.deepEqual(
      disksOf(moved).map((disk) => attributeOf(disk, "target", "dev")),
      ["sda"],
    );
  });

  it("that another program has added twice stays so", () => {
    const second = `<disk type="volume" device="disk">${byNames}<target dev="vdb" bus="virtio"/></disk>`;
    const after = updated(definitionWith(byNames, second), inputsWith({ volume: "p/root" }), host());
    assert.deepEqual(sourcesOf(after), [named, named]);
  });
});

describe("the medium of a drive that is defined by its pool and volume", () => {
  const drive =
    '<disk type="volume" device="cdrom"><source pool="p" volume="seed.iso"/><target dev="sda" bus="sata"/></disk>';
  const facts = host({ volumePaths: {}, namedVolumes: { "p/seed.iso": "/pool/seed.iso" } });
  const inputs = machineInputs.parse({ ...inputsWith(), cdroms: [{ medium: "/pool/seed.iso" }] });
  const definition = parse(render(machineXml(inputsWith(), host())).replace("<devices>", `<devices>${drive}`));

  it("is read as its path, and stays", () => {
    const [found] = readMachine(definition, { inputs, facts }, false).cdroms;
    assert.equal(found?.medium, "/pool/seed.iso");
    assert.deepEqual(sourcesOf(updated(definition, inputs, facts)), [["volume", { pool: "p", volume: "seed.iso" }]]);
  });

  it("is replaced by another one, given by its path", () => {
    const other = { ...inputs, cdroms: [{ medium: "/pool/other.iso", bus: "sata" as const }] };
    const after = updated(definition, other, facts, { inputs, facts });
    assert.deepEqual(sourcesOf(after), [["file", { file: "/pool/other.iso" }]]);
  });
});
