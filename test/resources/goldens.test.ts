import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { type Element, render } from "../../provider/format/xml";
import { parseYaml } from "../../provider/format/yaml/load";
import type { Kind } from "../../provider/libvirt/client";
import { machineXml } from "../../provider/resources/machine/xml";
import { networkXml } from "../../provider/resources/network/definition";
import { networkInputs } from "../../provider/resources/network/schema";
import { storagePoolXml } from "../../provider/resources/storage-pool/places";
import { storagePoolInputs } from "../../provider/resources/storage-pool/schema";
import { backingIn } from "../../provider/resources/volume/observe";
import { volumeXml } from "../../provider/resources/volume/places";
import { volumeInputs } from "../../provider/resources/volume/schema";
import { KvmError } from "../../provider/values/errors";
import { parseSize } from "../../provider/values/units";
import { expectGolden } from "../golden/expect";
import { root, site } from "../site";
import { machineOf } from "./machine/golden";

const { libvirt } = site().host;

/** The XML of each resource's inputs, as a new thing is made of them. */
const renderers: Readonly<Record<string, (inputs: unknown) => Element>> = {
  machine: (given) => {
    const { inputs, host, media } = machineOf(given);
    return machineXml(inputs, host, media);
  },
  network: (given) => networkXml(networkInputs.parse(given)),
  "storage-pool": (given) => storagePoolXml(storagePoolInputs.parse(given)),
  volume: (given) => {
    const inputs = volumeInputs.parse(given);
    const { name, format, preallocate } = inputs;
    const size = parseSize(inputs.size ?? "") ?? 0;
    const backing = backingIn(inputs, undefined);
    return volumeXml({ name, format, size, preallocate: preallocate ? size : 0, backing });
  },
};

/** libvirt itself takes the XML, checked against its schema. */
async function isAccepted(resource: string, xml: string, name: string): Promise<void> {
  if (resource === "volume") {
    await libvirt.createVolume("default", xml);
    await libvirt.deleteVolume("default", name);
    return;
  }
  const kinds: Readonly<Record<string, Kind>> = { machine: "domain", network: "network", "storage-pool": "pool" };
  const kind = kinds[resource] ?? "domain";
  try {
    await libvirt.define(kind, xml);
  } catch (error) {
    // Said behind the check against the schema, where this libvirt has no driver for that kind of pool.
    if (kind === "pool" && error instanceof KvmError && error.code === "unsupported") return;
    throw error;
  }
  await libvirt.undefine(kind, (await libvirt.find(kind, name))?.uuid ?? "");
}

describe("golden XML", () => {
  const files = globSync(`test/golden/{${Object.keys(renderers).join(",")}}/*.in.yaml`, { cwd: root });

  it("is there for every resource of libvirt's", () => {
    const covered = new Set(files.map((file) => path.basename(path.dirname(file))));
    assert.deepEqual([...covered].sort(), Object.keys(renderers).sort());
  });

  for (const file of files) {
    const resource = path.basename(path.dirname(file));
    const name = path.basename(file, ".in.yaml");
    it(`${resource} ${name} is as it was, and accepted by libvirt`, async () => {
      const inputs = parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as { name: string };
      const xml = render((renderers[resource] ?? assert.fail())(inputs));
      expectGolden(`${resource}/${name}.out.xml`, xml);
      await isAccepted(resource, xml, inputs.name);
    });
  }
});
