import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Release } from "../../../provider/install/family";
import { requireFitting } from "../../../provider/resources/installer-iso/family";
import { installerIsoInputs } from "../../../provider/resources/installer-iso/schema";

const given = {
  name: "web",
  connection: "qemu:///session",
  source: { path: "/a.iso", sha256: "0".repeat(64) },
  redhat: {},
};
const boot: Release = { family: "redhat", title: "CentOS Stream 9", version: "9", hasPackages: false };

function require(more: object, release = boot) {
  requireFitting(installerIsoInputs.parse({ ...given, ...more }), release);
}

describe("what an ISO needs of the options", () => {
  it("is reported with its path", () => {
    assert.throws(
      () => require({}),
      /^KvmError: system\.mirror: is missing: the ISO of CentOS Stream 9 holds no packages/,
    );
  });

  it("may be in an own template", () => {
    assert.doesNotThrow(() => require({ template: "own.hbs" }));
    assert.doesNotThrow(() => require({ system: { mirror: "http://m/" } }));
  });

  it("is first of all its family", () => {
    assert.throws(
      () => require({}, { ...boot, family: "debian" }),
      /redhat: holds options of redhat, but the ISO is of debian/,
    );
  });
});
