import { childrenOf, find, parse } from "../format/xml";

/**
 * Whether guests can run with hardware virtualisation. libvirt offers `kvm` if /dev/kvm can be opened, even if the
 * host's CPU has no virtualisation extension and ordinary kernels hang; so the CPU's own flags count. libvirt doesn't
 * list them: it names a CPU model, and only the features beyond that model.
 * @param cpuInfo the host's /proc/cpuinfo
 */
export function canRunKvm(capabilities: string, cpuInfo: string): boolean {
  return offersKvm(capabilities) && /^flags\s*:.*\b(?:vmx|svm)\b/m.test(cpuInfo);
}

/** Whether libvirt can create machines of this kind at all. */
export function offersKvm(capabilities: string): boolean {
  return childrenOf(parse(capabilities), "guest").some((guest) =>
    childrenOf(find(guest, "arch"), "domain").some(({ attributes }) => attributes["type"] === "kvm"),
  );
}

/** Whether libvirt has the driver of that kind of storage pool. */
export function supportsPool(poolCapabilities: string, type: string): boolean {
  const pools = childrenOf(parse(poolCapabilities), "pool").map(({ attributes }) => attributes);
  return pools.some((pool) => pool["type"] === type && pool["supported"] === "yes");
}
