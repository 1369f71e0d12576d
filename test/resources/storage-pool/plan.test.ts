import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planCreate, planLeave, planRemove, planUpdate } from "../../../provider/resources/storage-pool/plan";
import { storagePoolInputs } from "../../../provider/resources/storage-pool/schema";

const inputsOf = (given: object) => storagePoolInputs.parse({ connection: "qemu:///system", name: "a", ...given });
const directory = inputsOf({ path: "/a" });
const kindsOf = (steps: readonly { readonly kind: string }[]) => steps.map(({ kind }) => kind);

describe("the plan of a storage pool", () => {
  const fresh = { uuid: "u", isDefined: false, directoryExists: false };

  it("makes the definition, the directory and the power state", () => {
    assert.deepEqual(kindsOf(planCreate(directory, fresh)), ["define", "build", "autostart", "start"]);
    const off = inputsOf({ path: "/a", running: false });
    assert.deepEqual(kindsOf(planCreate(off, fresh)), ["define", "build", "autostart", "stop"]);
  });

  it("continues with what is defined and built already", () => {
    const steps = planCreate(directory, { uuid: "u", isDefined: true, directoryExists: true });
    assert.deepEqual(kindsOf(steps), ["autostart", "start"]);
  });

  it("never builds storage that exists already", () => {
    for (const kind of [{ logical: { volumeGroup: "vg" } }, { zfs: { dataset: "tank" } }])
      assert.ok(!kindsOf(planCreate(inputsOf(kind), fresh)).includes("build"));
  });

  it("of an update sets what can change", () => {
    assert.deepEqual(planUpdate(inputsOf({ path: "/a", autostart: false })), [
      { kind: "autostart", on: false },
      { kind: "start" },
    ]);
  });

  it("of a removal takes the directory along only where it was made with the pool", () => {
    const made = planRemove(directory, { isDefined: true, madeDirectory: true });
    assert.deepEqual(kindsOf(made), ["stop", "undefine", "remove-directory", "release"]);
    const gone = planRemove(directory, { isDefined: false, madeDirectory: false });
    assert.deepEqual(kindsOf(gone), ["release"]);
    assert.deepEqual(kindsOf(planLeave()), ["release"]);
  });
});
