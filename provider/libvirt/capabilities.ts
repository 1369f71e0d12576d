import { childrenOf, find, parse } from "../format/xml";

/**
 * Whether guests can run by hardware virtualisation. libvirt offers `kvm` wherever /dev/kvm can be opened, also where
 * the host's CPU has no virtualisation extension to offer and ordinary kernels hang; so the CPU's own word counts.
 */
export function canRunKvm(capabilities: string): boolean {
  const features = childrenOf(find(parse(capabilities), "host/cpu"), "feature").map(
    ({ attributes }) => attributes["name"],
  );
  return offersKvm(capabilities) && (features.includes("vmx") || features.includes("svm"));
}

/** Whether libvirt can make such machines at all. */
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
