import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before } from "node:test";
import { volume } from "../../../provider/resources/volume/handler";
import { volumeInputs, volumeOutputs } from "../../../provider/resources/volume/schema";
import { fieldCases } from "../fields";
import { connection, made } from "./site";

const folder = mkdtempSync(path.join(tmpdir(), "kvm-deploy-fields-"));
const [one, other] = [path.join(folder, "one.raw"), path.join(folder, "other.raw")];
const sha256 = createHash("sha256")
  .update(Buffer.alloc(2 ** 20))
  .digest("hex");
for (const file of [one, other]) {
  writeFileSync(file, "");
  truncateSync(file, 2 ** 20);
}

let base: Awaited<ReturnType<typeof made>> | undefined;
before(async () => {
  base = await made({ name: "unit-fields-base", size: "1MiB", format: "raw" });
});
after(async () => {
  await base?.remove();
  rmSync(folder, { recursive: true });
});

const raw = { format: "raw", size: undefined };

fieldCases({
  handler: volume,
  schema: volumeInputs,
  outputs: volumeOutputs,
  name: "Volume",
  base: { connection, name: "unit-fields", size: "4MiB" },
  cases: {
    adopt: { set: { adopt: true }, unread: "it concerns kvm-deploy alone" },
    deleteAdopted: { set: { deleteAdopted: true }, unread: "it concerns kvm-deploy alone" },
    format: { set: { format: "raw" }, removal: "refused" },
    size: { set: { size: "6MiB" }, unset: { size: "4MiB" }, removal: "refused" },
    preallocate: { set: { preallocate: true }, removal: "refused" },
    "source by its sum": {
      set: { ...raw, source: { path: one, sha256 } },
      unset: { ...raw, source: { path: other } },
      removal: "refused",
    },
    "source in another place": {
      set: { ...raw, source: { path: one, sha256 } },
      unset: { ...raw, source: { path: other, sha256 } },
      removal: "nothing",
    },
    "source of another kind": {
      set: { ...raw, source: { path: one } },
      unset: { ...raw, source: { volume: "default/unit-fields-base" } },
      removal: "refused",
    },
    "a source that is no more": {
      set: { ...raw, source: { path: one } },
      unset: { ...raw, size: "1MiB" },
      removal: "nothing",
    },
    "backing volume": {
      set: { backing: { volume: "default/unit-fields-base", format: "raw" } },
      unset: { backing: { path: one, format: "qcow2" } },
      removal: "refused",
    },
    "backing file": { set: { backing: { path: one, format: "raw" } }, removal: "refused" },
  },
  without: {
    "Volume.connection": "the driver has one",
    "Volume.name": "the driver has one",
    "Volume.pool": "there is one pool; its change is refused in volume.test.ts",
    "VolumeSource.format": "concerns volumes of others: formats.test.ts",
    "VolumeSource.url": "needs a server: content.test.ts",
  },
});
