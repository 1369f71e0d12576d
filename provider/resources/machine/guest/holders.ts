import { type Element, parse } from "../../../format/xml";
import type { Libvirt } from "../../../libvirt/client";
import { macOf, nicsOf } from "../../../libvirt/domain";

/** A machine of the host, of any owner. */
export interface Holder {
  readonly name: string;
  /** Its persistent definition. */
  readonly root: Element;
}

/** All machines by their MAC addresses, in their definitions or in force. */
export async function holdersByMac(libvirt: Libvirt): Promise<ReadonlyMap<string, Holder>> {
  const holders = (await libvirt.list("domain")).map(async ({ uuid, name }) => {
    const [defined, live] = await Promise.all([
      libvirt.definition("domain", uuid),
      libvirt.liveDefinition("domain", uuid),
    ]);
    const roots = [defined, live].flatMap((xml) => (xml === undefined ? [] : [parse(xml)]));
    const [root] = roots;
    return root === undefined ? [] : roots.flatMap(macsIn).map((mac) => [mac, { name, root }] as const);
  });
  return new Map((await Promise.all(holders)).flat());
}

function macsIn(domain: Element): string[] {
  return nicsOf(domain).map(macOf);
}
