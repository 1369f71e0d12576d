import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { childrenOf, el, type Element, find, mapChildren, parse, render } from "../../../provider/format/xml";
import { changesBetween } from "../../../provider/resource/diff";
import type { Properties } from "../../../provider/resource/handler";
import { updated } from "../../../provider/resources/machine/definition/edit";
import { identity } from "../../../provider/resources/machine/definition/identity";
import { readMachine } from "../../../provider/resources/machine/definition/read";
import { machineXml } from "../../../provider/resources/machine/definition/xml";
import { machinePolicies } from "../../../provider/resources/machine/policy";
import { machineInputs } from "../../../provider/resources/machine/schema";
import type { OnHost } from "../../../provider/resources/machine/schema/actual";
import type { MachineInputs } from "../../../provider/resources/machine/schema/machine";
import { modelOf, objectsIn } from "../../../tools/generate/model";
import fc from "../../properties";
import { keysFound } from "../keys-found";
import { validInputs } from "./inputs";

/** As it looks after a journey through the state. */
const plain = (value: object) => JSON.parse(JSON.stringify(value)) as Properties;
const afterLibvirt = (domain: Element) => parse(render(domain));

function hostOf({ nics, domainType = "qemu", consoleLog = "/logs/own.log" }: MachineInputs): OnHost {
  return {
    uuid: "00000000-0000-8000-a000-000000000001",
    domainType,
    macAddresses: nics.map(({ mac = "" }) => mac),
    volumePaths: { "p/one": "/pool/one", "p/two": "/pool/two" },
    volumeFormats: { "p/one": "raw", "p/two": "qcow2" },
    consoleLogPath: consoleLog,
  };
}

const xmlOf = (inputs: MachineInputs) => machineXml(inputs, hostOf(inputs));

function readBack(domain: Element, inputs: MachineInputs): Properties {
  return plain(readMachine(afterLibvirt(domain), { inputs, facts: hostOf(inputs) }, inputs.autostart));
}

function changed(domain: Element, from: MachineInputs, to: MachineInputs): Element {
  return updated(domain, to, hostOf(to), { inputs: from, facts: hostOf(from) });
}

describe("the definition of a machine", () => {
  it("reads back as the inputs that it was written from", () => {
    fc.assert(
      fc.property(validInputs, (inputs) => {
        assert.deepEqual(readBack(xmlOf(inputs), inputs), plain(inputs));
      }),
    );
  });

  it("reads back as the inputs that it was updated to, whatever it was before; an update without a change leaves it", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, given) => {
        const after = { ...given, firmware: before.firmware, secureBoot: before.secureBoot };
        const updated = changed(xmlOf(before), before, after);
        assert.deepEqual(changesBetween(machineInputs, machinePolicies, readBack(updated, after), plain(after)), []);
        assert.equal(render(changed(updated, after, after)), render(updated));
      }),
    );
  });

  it("keeps what others have written into it, wherever that is", () => {
    fc.assert(
      fc.property(validInputs, (inputs) => {
        const decorated = withForeign(xmlOf(inputs));
        assert.equal(render(changed(decorated, inputs, inputs)), render(decorated));
      }),
    );
  });

  it("keeps that in a change, too, and the devices of others", () => {
    fc.assert(
      fc.property(validInputs, validInputs, (before, after) => {
        const decorated = withForeign(xmlOf(before));
        const updated = changed(decorated, before, after);
        const is = new Map(elementsIn(updated));
        for (const [path, element] of elementsIn(decorated)) {
          const same = is.get(path);
          if (same !== undefined) assert.deepEqual(foreignIn(same), foreignIn(element), path);
        }
        const rendered = childrenOf(find(updated, "devices")).map(render);
        for (const device of othersDevices) assert.ok(rendered.includes(render(device)), render(device));
      }),
    );
  });
});

const othersDevices = [
  '<interface type="network"><mac address="52:54:00:ff:00:01"/><source network="others"/></interface>',
  '<disk type="file" device="disk"><source file="/others.img"/><target dev="vdz" bus="virtio"/></disk>',
  '<channel type="unix"><target type="virtio" name="org.others.0"/></channel>',
  '<controller type="usb" index="0" model="qemu-xhci"/>',
  '<filesystem type="mount"><source dir="/others"/><target dir="others"/></filesystem>',
  '<hostdev mode="subsystem" type="usb"><source><address bus="1" device="2"/></source></hostdev>',
  '<panic model="isa"/>',
].map(parse);

/** With an attribute and an element of others in each element, and with devices of others. */
function withForeign(domain: Element): Element {
  return mapChildren(decorated(domain), (child) =>
    child.name === "devices" ? { ...child, children: [...child.children, ...othersDevices] } : child,
  );
}

/** What holds a text has no elements, and a device of the host is known by all that is in its source. */
function decorated({ name, attributes, children }: Element): Element {
  const isLeaf = name === "source" || children.some((child) => typeof child === "string");
  const inner = children.map((child) => (typeof child === "string" || isLeaf ? child : decorated(child)));
  return el(name, { ...attributes, others: "1" }, ...inner, isLeaf ? undefined : el("others"));
}

function foreignIn(element: Element): unknown {
  return [element.attributes["others"], childrenOf(element, "others").length];
}

/** Each element with its path, by what it is known by. */
function elementsIn(element: Element, path = ""): (readonly [string, Element])[] {
  const steps = new Map<string, number>();
  const inner = childrenOf(element).flatMap((child) => {
    const step = `${child.name} ${identity.keyOf(child) ?? ""}`;
    const nth = steps.get(step) ?? 0;
    steps.set(step, nth + 1);
    return elementsIn(child, `${path}/${step} ${nth} ${identity.kindOf(child) ?? ""}`);
  });
  return [[path, element], ...inner];
}

/** Not in the definition: what is kept beside it, and what kvm-deploy may do. */
const elsewhere = [
  ...[
    "connection",
    "xml",
    "installer",
    "reinstall",
    "overwrite",
    "wait",
    "maxInstallations",
    "installTimeout",
    "stallTimeout",
    "sshTimeout",
    "running",
  ],
  ...["allowRestart", "shutdownTimeout", "forceOff", "autostart", "adopt", "deleteAdopted"],
].map((field) => `Machine.${field}`);

/** The overlay may be anything there; an address is the network's; of watchdogs there is only one model. */
const unread = [
  ...["overlay", "template", "table", "data"].map((field) => `MachineXml.${field}`),
  ...["MachineNic.address", "MachineWatchdog.model"],
];

describe("each field of a machine has a place", () => {
  const model = modelOf("Machine", machineInputs);

  it("where its value is found, whatever it was at the last deployment", () => {
    const samples = fc.sample(fc.tuple(validInputs, validInputs), 300);
    const found = new Set(
      samples.flatMap(([given, after]) => {
        const before = { ...given, connection: "qemu:///session", deleteAdopted: true };
        const seen = readMachine(xmlOf(after), { inputs: before, facts: hostOf(after) }, before.autostart);
        return keysFound(model, seen, after);
      }),
    );
    const fields = objectsIn(model).flatMap((object) => object.fields.map((field) => `${object.name}.${field.name}`));
    assert.deepEqual(fields.filter((field) => !found.has(field)).sort(), [...elsewhere, ...unread].sort());
  });
});
