import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canRunKvm } from "../../provider/libvirt/capabilities";

describe("hardware virtualisation", () => {
  const capabilities = (feature: string, type: string) =>
    `<capabilities><host><cpu><arch>x86_64</arch><feature name='${feature}'/></cpu></host><guest><arch name='x86_64'><domain type='qemu'/><domain type='${type}'/></arch></guest></capabilities>`;
  it("needs both the CPU's extension and libvirt's offer", () => {
    assert.equal(canRunKvm(capabilities("svm", "kvm")), true);
    assert.equal(canRunKvm(capabilities("vmx", "kvm")), true);
    assert.equal(canRunKvm(capabilities("sse4.2", "kvm")), false);
    assert.equal(canRunKvm(capabilities("vmx", "qemu")), false);
  });
});
