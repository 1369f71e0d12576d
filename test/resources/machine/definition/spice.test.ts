import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Element, parse, render } from "../../../../provider/format/xml";
import { devicesOf } from "../../../../provider/libvirt/domain";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { machineInputs } from "../../../../provider/resources/machine/schema";
import type { OnHost } from "../../../../provider/resources/machine/schema/actual";
import { uuidOf } from "../../../../provider/libvirt/mark";
import { site } from "../../../site";

const { libvirt } = site().host;

const host: OnHost = {
  uuid: uuidOf("domain", "unit-spice"),
  domainType: "qemu",
  macAddresses: [],
  volumePaths: {},
  volumeFormats: {},
  consoleLogPath: "/unit/console.log",
};
const inputsWith = (given: object) => machineInputs.parse({ name: "unit-spice", memory: "64MiB", ...given });
const spice = inputsWith({ graphics: { type: "spice" }, sound: "ich9" });

async function throughLibvirt(domain: Element): Promise<Element> {
  await libvirt.define("domain", render(domain));
  try {
    return parse((await libvirt.definition("domain", host.uuid)) ?? "");
  } finally {
    await libvirt.undefine("domain", host.uuid);
  }
}

/** With what virt-manager adds to a screen of spice. */
const others = `<channel type="spicevmc"><target type="virtio" name="com.redhat.spice.0"/></channel><redirdev bus="usb" type="spicevmc"/>`;
const withOthers = (domain: Element) => parse(render(domain).replace("</devices>", `${others}</devices>`));
const ofSpice = (domain: Element) =>
  devicesOf(domain)
    .filter(({ attributes }) => attributes["type"]?.startsWith("spice"))
    .map(({ name }) => name)
    .toSorted();

describe("a screen of spice", () => {
  for (const [what, given] of [
    ["that is removed", {}],
    ["that becomes one of vnc", { graphics: { type: "vnc" }, sound: "ich9" }],
  ] as const)
    it(`${what} goes with the devices that need it, and libvirt accepts the definition`, async () => {
      const present = await throughLibvirt(withOthers(machineXml(spice, host)));
      assert.deepEqual(ofSpice(present), ["audio", "channel", "graphics", "redirdev"]);
      const after = await throughLibvirt(updated(present, inputsWith(given), host, { inputs: spice, facts: host }));
      assert.deepEqual(ofSpice(after), []);
    });

  for (const [what, previous, given] of [
    ["of the inputs", spice, { graphics: { type: "spice" }, title: "other" }],
    ["that the inputs never had", inputsWith({}), { title: "other" }],
  ] as const)
    it(`${what} keeps them`, async () => {
      const present = await throughLibvirt(withOthers(machineXml(spice, host)));
      const after = updated(present, inputsWith(given), host, { inputs: previous, facts: host });
      assert.deepEqual(ofSpice(after), ["audio", "channel", "graphics", "redirdev"]);
    });

  it("that is removed leaves those that another screen of spice needs", () => {
    const second = withOthers(
      parse(render(machineXml(spice, host)).replace("</devices>", '<graphics type="spice"/></devices>')),
    );
    const after = updated(second, inputsWith({}), host, { inputs: spice, facts: host });
    assert.deepEqual(ofSpice(after), ["channel", "graphics", "redirdev"]);
  });
});
