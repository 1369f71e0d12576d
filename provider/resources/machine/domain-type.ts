import { canRunKvm, offersKvm } from "../../libvirt/capabilities";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import type { MachineInputs } from "./schema/machine";

/** @throws KvmError if hardware virtualisation is requested, but the host has none */
export async function requireDomainType({ libvirt }: Host, { domainType }: MachineInputs): Promise<void> {
  if (domainType !== "kvm" || offersKvm(await libvirt.capabilities())) return;
  throw new KvmError("unsupported", "the host does not offer kvm: it has no /dev/kvm that libvirt can use", {
    property: "domainType",
    remedy: "Load the host's kvm module, or use qemu",
  });
}

export async function defaultDomainType({ libvirt, files }: Host): Promise<"kvm" | "qemu"> {
  const [capabilities, cpuInfo = ""] = await Promise.all([
    libvirt.capabilities(),
    files.readTextIfPresent("/proc/cpuinfo"),
  ]);
  return canRunKvm(capabilities, cpuInfo) ? "kvm" : "qemu";
}

/** Emulation is ten to fifty times slower, so the user gets a warning. */
export async function warnOfEmulation(
  host: Host,
  { name, domainType }: Pick<MachineInputs, "name" | "domainType">,
  context: Context,
): Promise<void> {
  if (domainType !== undefined || (await defaultDomainType(host)) === "kvm") return;
  context.warn(
    `domainType: ${name} is emulated, which is many times slower, because the host offers no hardware virtualisation. ` +
      'Enable it in the host\'s firmware and load kvm_intel or kvm_amd, or set domainType to "qemu" if emulation is intended',
  );
}
