import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { after } from "node:test";
import { storagePool } from "../../../provider/resources/storage-pool/handler";
import { storagePoolInputs, storagePoolOutputs } from "../../../provider/resources/storage-pool/schema";
import { modelOf, objectsIn } from "../../../tools/generate/model";
import { site } from "../../site";
import { fieldCases } from "../fields";

const { connection } = site();
const folder = mkdtempSync("/var/tmp/kvm-deploy-fields-");
after(() => {
  rmSync(folder, { recursive: true });
});

/** What needs storage of its own is read back in storage-pool.test.ts. */
const kinds = ["Fs", "Netfs", "Logical", "Iscsi", "Rbd", "Zfs"];
const keysOfKinds = objectsIn(modelOf("StoragePool", storagePoolInputs)).flatMap(({ name, fields }) =>
  name === "StoragePool"
    ? kinds.map((kind) => `StoragePool.${kind.toLowerCase()}`)
    : fields.map((field) => `${name}.${field.name}`),
);

fieldCases({
  handler: storagePool,
  schema: storagePoolInputs,
  outputs: storagePoolOutputs,
  name: "StoragePool",
  base: { connection, name: "unit-fields", path: path.join(folder, "pool") },
  cases: {
    adopt: { set: { adopt: true }, unread: "it concerns kvm-deploy alone" },
    running: { set: { running: false }, unset: { running: true } },
    shared: { set: { shared: true }, unread: "it concerns kvm-deploy alone" },
    deleteAdopted: { set: { deleteAdopted: true }, unread: "it concerns kvm-deploy alone" },
    path: { set: { path: path.join(folder, "other//") }, removal: "refused" },
    autostart: { set: { autostart: false } },
  },
  without: {
    "StoragePool.connection": "the driver has one",
    "StoragePool.name": "the driver has one",
    ...Object.fromEntries(keysOfKinds.map((key) => [key, "needs storage of its own: storage-pool.test.ts"])),
  },
});
