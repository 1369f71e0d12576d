import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Element, find, parse, render } from "../../../provider/format/xml";
import { backingIn } from "../../../provider/resources/volume/observe";
import { formatIn, readVolume, volumeXml } from "../../../provider/resources/volume/places";
import { type VolumeInputs, volumeInputs } from "../../../provider/resources/volume/schema";
import { formatSize, parseSize } from "../../../provider/values/units";
import { modelOf, objectsOf } from "../../../tools/generate/model";
import fc from "../../properties";

const inputsOf = (given: object) => volumeInputs.parse({ connection: "qemu:///system", name: "volume", ...given });

/** As libvirt would get it, and give it back. */
function xmlOf(inputs: VolumeInputs): Element {
  const { name, format, preallocate } = inputs;
  const size = parseSize(inputs.size ?? "") ?? 0;
  const backing = backingIn(inputs, undefined);
  return parse(render(volumeXml({ name, format, size, preallocate: preallocate ? size : 0, backing })));
}

describe("the values of a volume", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/);
  const size = fc.integer({ min: 1, max: 2 ** 40 }).map(formatSize);
  const format = fc.constantFrom("qcow2", "raw");
  const path = fc.stringMatching(/^(\/[a-z0-9_.-]*[a-z0-9_-]){1,4}$/);
  const volumes = fc.oneof(
    fc.record({ name, size, format, preallocate: fc.boolean() }),
    fc.record({ name, size, backing: fc.record({ path, format }) }),
  );

  it("are read as they were written", () => {
    fc.assert(
      fc.property(volumes, (given) => {
        const inputs = inputsOf(given);
        const { backing, ...others } = inputs;
        const xml = xmlOf(inputs);
        // Of a program that says other things: larger than any size here, so that nothing counts as rounded.
        const read = readVolume(xml, { ...others, name: "other", size: "8TiB" }, undefined);
        const bytes = parseSize(inputs.size ?? "") ?? 0;
        assert.deepEqual(read, { ...others, size: formatSize(bytes), ...(backing === undefined ? {} : { backing }) });
        assert.equal(formatIn(xml), inputs.format);
      }),
    );
  });

  it("that libvirt has rounded up are as they are given", () => {
    const inputs = inputsOf({ size: "1000B", format: "raw" });
    const rounded = parse("<volume><name>volume</name><capacity>1024</capacity><physical>1024</physical></volume>");
    assert.equal(readVolume(rounded, inputs, undefined).size, inputs.size);
    const grown = parse("<volume><name>volume</name><capacity>4096</capacity><physical>4096</physical></volume>");
    assert.equal(readVolume(grown, inputs, undefined).size, "4KiB");
  });

  it("of a base stay named by its volume, as long as that lies there", () => {
    const inputs = inputsOf({ size: "1MiB", backing: { volume: "default/base" } });
    const xml = xmlOf({ ...inputs, backing: { path: "/pool/base", format: "qcow2" } });
    const expected = (path: string) => ({ path, format: "qcow2" }) as const;
    assert.deepEqual(readVolume(xml, inputs, expected("/pool/base")).backing, inputs.backing);
    assert.deepEqual(readVolume(xml, inputs, expected("/pool/other")).backing, expected("/pool/base"));
    const empty = parse("<volume><capacity>1</capacity><backingStore><path></path></backingStore></volume>");
    assert.equal(readVolume(empty, inputs, undefined).backing, undefined);
  });
});

describe("each field that lies in the XML of a volume", () => {
  /** Every field with a value of its own. */
  const full = inputsOf({ size: "1MiB", preallocate: false, backing: { path: "/base", format: "raw" } });
  const xml = { name: "all", attributes: {}, children: [xmlOf(full)] };
  const { fields } = modelOf("Volume", volumeInputs);
  const sets = [...fields, ...fields.flatMap(({ type }) => objectsOf(type).flatMap((object) => object.fields))]
    .map((field) => field.sets ?? "")
    .filter((at) => at.startsWith("volume/"));

  it("is known by what it sets", () => assert.equal(sets.length, 8));

  for (const at of new Set(sets)) {
    it(`${at} has its place there`, () => {
      const [path = "", attribute] = at.split("/@");
      const found = find(xml, path) ?? assert.fail(`${path} is not there`);
      if (attribute !== undefined) assert.notEqual(found.attributes[attribute], undefined);
    });
  }
});
