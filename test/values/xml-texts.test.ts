import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseYaml } from "../../provider/format/yaml/load";
import { checkInputs, formatPath, type InputSchema } from "../../provider/resource/check";
import type { Properties } from "../../provider/resource/handler";
import { machineInputs } from "../../provider/resources/machine/schema";
import { networkInputs } from "../../provider/resources/network/schema";
import { storagePoolInputs } from "../../provider/resources/storage-pool/schema";
import { volumeInputs } from "../../provider/resources/volume/schema";
import { root } from "../site";

const schemas: Readonly<Record<string, InputSchema<unknown>>> = {
  machine: machineInputs,
  network: networkInputs,
  "storage-pool": storagePoolInputs,
  volume: volumeInputs,
};

/** What the goldens leave out. */
const more: Readonly<Record<string, readonly Properties[]>> = {
  machine: [
    {
      name: "m",
      memory: "1GiB",
      title: "t",
      description: "d\n\te",
      tags: ["t"],
      xml: { overlay: "<domain>\n\t<a/></domain>" },
    },
    { name: "m", memory: "1GiB", xml: { template: "t.hbs", table: "t.yaml", data: { deep: ["x"] } } },
  ],
};

function samplesOf(resource: string): Properties[] {
  const files = globSync(`test/golden/${resource}/*.in.yaml`, { cwd: root }).sort();
  const goldens = files.map((file) => parseYaml(readFileSync(path.join(root, file), "utf8"), file).value as Properties);
  return [...goldens, ...(more[resource] ?? [])];
}

type Place = readonly (string | number)[];

function textsIn(value: unknown, at: Place = []): Place[] {
  if (typeof value === "string") return [at];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...at, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...at, key]));
}

function withSign(value: unknown, [key, ...rest]: Place, sign: string): unknown {
  if (key === undefined) return `${String(value)}${sign}x`;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? withSign(item, rest, sign) : item));
  return { ...(value as Properties), [key]: withSign((value as Properties)[key], rest, sign) };
}

/** Texts of several lines. */
const isLong = ([field]: Place) => field === "description" || field === "xml";

describe("what XML can't hold, or gives back as another text, is refused at preview", () => {
  for (const [resource, schema] of Object.entries(schemas)) {
    it(`in every text of a ${resource}, with its path`, () => {
      let texts = 0;
      for (const sample of samplesOf(resource)) {
        assert.deepEqual(checkInputs(schema, sample).failures, []);
        for (const place of textsIn(sample)) {
          const signs = ["\0", "\u0007", "\u001b", "\ud800", "\uffff", ...(isLong(place) ? [] : ["\n", "\t"])];
          for (const sign of signs) {
            const { failures } = checkInputs(schema, withSign(sample, place, sign) as Properties);
            const properties = failures.map(({ property }) => property);
            const where = formatPath(place);
            // Of an enumeration's or a name's, its own words are said; and some concern what it is a part of.
            assert.ok(
              properties.some((property) => where.startsWith(property)),
              `${where} with ${JSON.stringify(sign)}: ${properties.join(", ")}`,
            );
          }
          texts += 1;
        }
      }
      assert.ok(texts > 3);
    });
  }

  it("in words that don't repeat the text, which may be a secret", () => {
    const { failures } = checkInputs(machineInputs, {
      ...{ name: "m", memory: "1GiB" },
      graphics: { type: "vnc", password: "s3\u0007cret" },
    });
    assert.deepEqual(failures, [
      {
        property: "graphics.password",
        reason: "has a line break or another character that has no place here (U+0007); leave it out",
      },
    ]);
  });
});
