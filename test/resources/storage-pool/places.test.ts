import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Element, find, parse, render } from "../../../provider/format/xml";
import type { Properties } from "../../../provider/resource/handler";
import { storageKinds } from "../../../provider/resources/storage-pool/kinds";
import { readStoragePool, storagePoolXml } from "../../../provider/resources/storage-pool/places";
import { storagePoolInputs } from "../../../provider/resources/storage-pool/schema";
import { modelOf, type ObjectModel, objectsOf } from "../../../tools/generate/model";
import fc from "../../properties";

const connection = "qemu:///system";
const uuid = "6b0e6f0a-3f0c-4a0e-9d5c-1f4b8a3a7f11";

/** Of a program that says nothing of what is read. */
const unsaid = storagePoolInputs.parse({ connection, name: "unsaid", path: "/unsaid" });

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** As it is read of its own XML, whose text goes to libvirt and comes back. */
function throughXml(given: Properties) {
  const inputs = storagePoolInputs.parse({ connection, name: "pool", ...given });
  const xml = parse(render(storagePoolXml(inputs, uuid)));
  return { inputs: plain(inputs), xml, read: plain(readStoragePool(xml, unsaid, inputs)) };
}

describe("the values of a storage pool, of whatever kind", () => {
  const word = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
  const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,20}$/);
  const path = fc.stringMatching(/^(\/[a-z0-9_.-]*[a-z0-9_-]){1,4}$/);
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  const port = fc.integer({ min: 1, max: 65_535 });
  const auth = fc.record({ username: word, secret: fc.oneof(word, fc.constant(uuid)) });
  const kinds: Readonly<Record<(typeof storageKinds)[number] | "dir", fc.Arbitrary<Properties>>> = {
    dir: fc.record({ path }),
    fs: fc.record({
      path,
      fs: fc.record({ device: path, format: fc.constantFrom("auto", "ext4", "xfs") }, { requiredKeys: ["device"] }),
    }),
    netfs: fc.record({
      path,
      netfs: fc.record(
        {
          host,
          directory: word,
          format: fc.constantFrom("nfs", "cifs", "glusterfs"),
          nfsVersion: fc.constantFrom("3", "4", "4.2"),
        },
        { requiredKeys: ["host", "directory"] },
      ),
    }),
    logical: fc.record({ logical: fc.record({ volumeGroup: name }) }),
    iscsi: fc.record({
      iscsi: fc.record({ host, port, target: word, initiator: word, auth }, { requiredKeys: ["host", "target"] }),
    }),
    rbd: fc.record({
      rbd: fc.record(
        {
          hosts: fc.array(fc.record({ host, port }, { requiredKeys: ["host"] }), { minLength: 1, maxLength: 4 }),
          pool: word,
          auth,
        },
        { requiredKeys: ["hosts", "pool"] },
      ),
    }),
    zfs: fc.record({ zfs: fc.record({ dataset: word }) }),
  };

  for (const [kind, given] of Object.entries(kinds)) {
    it(`${kind}: what is written is read`, () => {
      fc.assert(
        fc.property(name, given, fc.boolean(), fc.boolean(), (poolName, values, running, autostart) => {
          const { inputs, read } = throughXml({ name: poolName, running, autostart, ...values });
          assert.deepEqual(read, inputs);
        }),
      );
    });
  }
});

describe("each field that lies in the XML of a storage pool has its place there", () => {
  const auth = { username: "kvm", secret: "san" };
  /** Every field of every kind, none with its default. */
  const full: Readonly<Record<(typeof storageKinds)[number], Properties>> = {
    fs: { device: "/dev/sdx1", format: "xfs" },
    netfs: { host: "nas", directory: "/export", format: "cifs", nfsVersion: "4.2" },
    logical: { volumeGroup: "vg0" },
    iscsi: {
      host: "san",
      port: 3261,
      target: "iqn.2026-01.org.example:a",
      initiator: "iqn.2026-01.org.example:b",
      auth,
    },
    rbd: { hosts: [{ host: "a", port: 3300 }], pool: "vms", auth },
    zfs: { dataset: "tank/vms" },
  };
  const model = modelOf("StoragePool", storagePoolInputs);
  const fieldNamed = (name: string) => model.fields.find((field) => field.name === name) ?? assert.fail(name);

  for (const kind of storageKinds) {
    it(`those of ${kind}`, () => {
      const path = ["fs", "netfs"].includes(kind) ? { path: "/mnt/a" } : {};
      const { inputs, xml, read } = throughXml({ ...path, [kind]: full[kind] });
      assert.deepEqual(read, inputs);
      const names = ["name", ...Object.keys(path), kind];
      const fields = names.map(fieldNamed);
      const sets = [...fields.map((field) => field.sets ?? ""), ...setsIn(fieldNamed(kind).type, full[kind])];
      for (const at of sets) assert.ok(stands(xml, at), `${at} is empty`);
    });
  }

  /** Where the fields of an object stand; the example has a value for each. */
  function setsIn(type: Parameters<typeof objectsOf>[0], example: unknown): string[] {
    return objectsOf(type).flatMap(({ fields }: ObjectModel) => {
      const values = (Array.isArray(example) ? example[0] : example) as Properties;
      assert.deepEqual(
        Object.keys(values).sort(),
        fields.map(({ name }) => name).sort(),
        "the example has every field",
      );
      return fields.flatMap((field) => [field.sets ?? "", ...setsIn(field.type, values[field.name])]);
    });
  }

  /** @param at such as `source/host/@name`, or `@type="fs"` */
  function stands(xml: Element, at: string): boolean {
    const [path = "", value] = at.replaceAll('"', "").split("=");
    const [elements = "", attribute] = path.split("@");
    const names = elements.split("/").filter((name) => name !== "");
    const found = names.length === 0 ? xml : find(xml, names.join("/"));
    if (attribute === undefined) return found !== undefined && found !== xml;
    return value === undefined ? found?.attributes[attribute] !== undefined : found?.attributes[attribute] === value;
  }
});
