import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canRunKvm } from "../../provider/libvirt/capabilities";

/** As libvirt tells it: a model, and what the CPU has beyond it. Each AMD model has `svm`, and no Intel model `vmx`. */
const capabilities = (model: string, features: readonly string[], type: string) =>
  `<capabilities><host><cpu><arch>x86_64</arch><model>${model}</model><vendor>AMD</vendor><topology sockets='1' dies='1' cores='32' threads='2'/>${features.map((name) => `<feature name='${name}'/>`).join("")}<pages unit='KiB' size='4'/></cpu></host><guest><os_type>hvm</os_type><arch name='x86_64'><wordsize>64</wordsize><domain type='qemu'/><domain type='${type}'/></arch></guest></capabilities>`;
const epyc = capabilities("EPYC-IBPB", ["ht", "osxsave", "cmp_legacy", "extapic", "skinit", "wdt", "topoext"], "kvm");
const skylake = capabilities("Skylake-Client-IBRS", ["ds", "acpi", "ss", "ht", "vmx", "osxsave"], "kvm");

const cpuInfo = (...flags: string[]) =>
  `processor\t: 0\nmodel name\t: a CPU\nflags\t\t: fpu vme ${flags.join(" ")} lm\nbugs\t\t: spectre_v1\n`;

describe("hardware virtualisation", () => {
  it("needs both the CPU's extension and libvirt's offer", () => {
    assert.equal(canRunKvm(epyc, cpuInfo("pae", "svm", "npt")), true);
    assert.equal(canRunKvm(skylake, cpuInfo("vmx", "ept")), true);
    assert.equal(canRunKvm(epyc, cpuInfo("sse4_2")), false);
    assert.equal(canRunKvm(capabilities("EPYC-IBPB", ["svm"], "qemu"), cpuInfo("svm")), false);
  });

  it("is recognised by its own flag, not by a part of another's name", () => {
    assert.equal(canRunKvm(epyc, cpuInfo("svm_lock", "ibpb")), false);
    assert.equal(canRunKvm(epyc, "model name\t: svm\n"), false);
    assert.equal(canRunKvm(epyc, ""), false);
  });
});
