import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { childrenOf, el, type Element, find } from "../../../../provider/format/xml";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { machineInputs } from "../../../../provider/resources/machine/schema";
import type { MachineInputs } from "../../../../provider/resources/machine/schema/machine";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { readMachine } from "../../../../provider/resources/machine/definition/read";
import { withChild } from "../../../../provider/format/xml";

const host = {
  uuid: "7c1f8a30-1111-4222-8333-444455556667",
  domainType: "qemu",
  macAddresses: [],
  volumePaths: {},
  volumeFormats: {},
  consoleLogPath: "/var/log/unit.log",
} as const;
const inputsWith = (watchdog: MachineInputs["watchdog"]): MachineInputs =>
  machineInputs.parse({ name: "unit", memory: "64MiB", watchdog });
const madeOf = (watchdog: MachineInputs["watchdog"]) => ({ inputs: inputsWith(watchdog), facts: host });

const itco = (action = "reset") => el("watchdog", { model: "itco", action });
const own = (action: string) => el("watchdog", { model: "i6300esb", action });

/** A definition with these watchdogs, as libvirt 9.1 and later keep it. */
function domainWith(...watchdogs: readonly Element[]): Element {
  const bare = machineXml(inputsWith(undefined), host);
  const devices = find(bare, "devices") ?? el("devices");
  return withChild(bare, "devices", { ...devices, children: [...devices.children, ...watchdogs] });
}

function watchdogIn(domain: Element): MachineInputs["watchdog"] {
  return readMachine(domain, madeOf(undefined), true).watchdog;
}

function watchdogsAfter(present: Element, from: MachineInputs["watchdog"], to: MachineInputs["watchdog"]): string[] {
  const after = updated(present, inputsWith(to), host, madeOf(from));
  return childrenOf(find(after, "devices"), "watchdog").map(({ attributes }) =>
    [attributes["model"], attributes["action"]].join(" "),
  );
}

describe("the chipset's watchdog, which libvirt adds by itself", () => {
  it("is none of the machine's own when it is read", () => {
    assert.equal(watchdogIn(domainWith(itco())), undefined);
    for (const both of [domainWith(itco("poweroff"), own("poweroff")), domainWith(own("poweroff"), itco("poweroff"))])
      assert.deepEqual(watchdogIn(both), { model: "i6300esb", action: "poweroff" });
  });

  const given = (action: "reset" | "poweroff") => ({ model: "i6300esb", action }) as const;
  for (const [what, present, from, to, expected] of [
    ["stays when nothing is asked for", [itco()], undefined, undefined, ["itco reset"]],
    ["does what others chose", [itco("none")], undefined, undefined, ["itco none"]],
    ["does what one that comes does", [itco()], undefined, given("poweroff"), ["itco poweroff", "i6300esb poweroff"]],
    [
      "does what one that changes does",
      [own("reset"), itco()],
      given("reset"),
      given("poweroff"),
      ["i6300esb poweroff", "itco poweroff"],
    ],
    [
      "does it wherever it stands",
      [itco(), own("reset")],
      given("reset"),
      given("poweroff"),
      ["itco poweroff", "i6300esb poweroff"],
    ],
    ["resets again when the other goes", [own("none"), itco("none")], given("reset"), undefined, ["itco reset"]],
  ] as const) {
    it(what, () => assert.deepEqual(watchdogsAfter(domainWith(...present), from, to), expected));
  }
});
