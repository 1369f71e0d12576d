import type { Libvirt } from "../client";
import { type Tools, virshAt } from "./call";
import { domainVerbs } from "./domains";
import { networkVerbs } from "./networks";
import { objectVerbs } from "./objects";
import { storageVerbs } from "./storage";

/** Libvirt through the virsh program. */
export function openVirsh(uri: string, tools: Tools): Libvirt {
  const virsh = virshAt(uri, tools);
  const objects = objectVerbs(virsh);
  return {
    ...objects,
    ...domainVerbs(virsh, objects),
    ...networkVerbs(virsh, (uuid) => objects.isActive("network", uuid)),
    ...storageVerbs(virsh, async (pool) => (await objects.find("pool", pool))?.isActive === true),
    capabilities: () => virsh.read(["capabilities"]),
  };
}
