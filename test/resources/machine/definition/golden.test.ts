import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { type Element, parse, render, textOf } from "../../../../provider/format/xml";
import { updated } from "../../../../provider/resources/machine/definition/edit";
import { readMachine } from "../../../../provider/resources/machine/definition/read";
import { machineXml } from "../../../../provider/resources/machine/definition/xml";
import { root, site } from "../../../site";
import { type GoldenMachine, goldenMachine } from "../golden";

const { libvirt } = site().host;

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
function readBack(domain: Element, { inputs, host }: GoldenMachine): unknown {
  return readMachine(domain, { inputs, facts: host }, inputs.autostart);
}

/** As it looks after a journey through the state. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("of every golden machine", () => {
  for (const file of globSync("test/golden/machine/*.in.yaml", { cwd: root })) {
    const name = path.basename(file, ".in.yaml");

    it(`${name}: what libvirt keeps reads back as what was asked for, and an update without a change leaves it`, async () => {
      const wanted = goldenMachine(name);
      const { inputs, host, media } = wanted;
      const kept = await throughLibvirt(machineXml(inputs, host, media));
      assert.deepEqual(plain(readBack(kept, wanted)), plain(inputs));
      if (media === undefined) assert.equal(render(updated(kept, inputs, host, { inputs, facts: host })), render(kept));
    });
  }
});
