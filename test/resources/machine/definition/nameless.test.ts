import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { merged } from "../../../../provider/format/merge";
import { parse, render } from "../../../../provider/format/xml";
import { hostDevice } from "../../../../provider/resources/machine/definition/host-device";
import { identity } from "../../../../provider/resources/machine/definition/identity";

describe("a device of the host", () => {
  for (const [what, xml, expected] of [
    [
      "of PCI",
      '<hostdev type="pci"><source><address domain="0x0000" bus="0x03" slot="0x00" function="0x1"/></source></hostdev>',
      { pci: "0000:03:00.1" },
    ],
    ["of PCI without an address", '<hostdev type="pci"><source/></hostdev>', undefined],
    [
      "of USB",
      '<hostdev type="usb"><source><vendor id="0x046d"/><product id="0xc52b"/></source></hostdev>',
      { usb: "046d:c52b" },
    ],
    ["of USB by its port", '<hostdev type="usb"><source><address bus="1" device="2"/></source></hostdev>', undefined],
    ["of another kind", '<hostdev type="scsi"><source/></hostdev>', undefined],
  ] as const)
    it(`${what} is ${expected === undefined ? "no input" : "read"}`, () =>
      assert.deepEqual(hostDevice.read(parse(xml)), expected));
});

describe("a controller that has no index in the overlay", () => {
  const mergedWith = (overlay: string) =>
    render(
      merged(
        parse(
          '<devices><controller type="usb" index="0"/><controller type="pci" index="0" model="pcie-root"/></devices>',
        ),
        undefined,
        parse(`<devices>${overlay}</devices>`),
        identity,
      ),
    ).match(/<controller.*>/g);

  it("is the first of its type", () =>
    assert.deepEqual(mergedWith('<controller type="usb" model="none"/>'), [
      '<controller type="usb" index="0" model="none"/>',
      '<controller type="pci" index="0" model="pcie-root"/>',
    ]));

  it("of PCI is never the root", () =>
    assert.deepEqual(mergedWith('<controller type="pci" model="pcie-root-port"/>')?.slice(1), [
      '<controller type="pci" index="0" model="pcie-root"/>',
      '<controller type="pci" model="pcie-root-port"/>',
    ]));
});
