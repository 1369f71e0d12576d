import { attributeOf, type Element } from "../../format/xml";
import { macOf } from "../../libvirt/domain";
import type { Host } from "../../resource/host";

/** A network interface of the host, according to the kernel. */
export interface Link {
  readonly ifname: string;
  readonly address?: string;
  /** The interface's bridge. */
  readonly master?: string;
}

export async function linksOf({ run }: Pick<Host, "run">): Promise<readonly Link[]> {
  const { stdout } = await run("ip", ["-json", "link", "show"]);
  return JSON.parse(stdout) as Link[];
}

/**
 * Whether the host's end of a running machine's interface is on that bridge. Undefined if it is not visible here,
 * because libvirt may run in another network namespace.
 */
export function isOnBridge(nic: Element, bridge: string, links: readonly Link[]): boolean | undefined {
  const name = attributeOf(nic, "target", "dev");
  const tap = links.find((link) => link.ifname === name && isEndOf(link, nic));
  return tap && tap.master === bridge;
}

/**
 * libvirt gives the interface the guest's MAC address with another first byte. Another device with the same name has
 * another address.
 */
function isEndOf({ address = "" }: Link, nic: Element): boolean {
  const mac = macOf(nic);
  return mac !== "" && address.slice(2).toLowerCase() === mac.slice(2);
}
