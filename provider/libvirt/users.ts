import { attributeOf, childrenOf, type Element, find, parse, textOf } from "../format/xml";
import type { Libvirt } from "./client";

export interface DomainUse {
  readonly uuid: string;
  readonly name: string;
  readonly isActive: boolean;
}

/** The machines whose definition `matches`: libvirt itself doesn't tell who uses a network or a volume. */
export async function domainsThat(libvirt: Libvirt, matches: (domain: Element) => boolean): Promise<DomainUse[]> {
  const entries = await libvirt.list("domain");
  const uses = await Promise.all(entries.map(async ({ uuid }) => useOf(libvirt, uuid, matches)));
  return uses.filter((use) => use !== undefined);
}

async function useOf(
  libvirt: Libvirt,
  uuid: string,
  matches: (domain: Element) => boolean,
): Promise<DomainUse | undefined> {
  const xml = await libvirt.liveDefinition("domain", uuid);
  if (xml === undefined) return undefined;
  const domain = parse(xml);
  if (!matches(domain)) return undefined;
  return { uuid, name: textOf(domain, "name") ?? uuid, isActive: await libvirt.isActive("domain", uuid) };
}

export function usesNetwork(network: string): (domain: Element) => boolean {
  return (domain) =>
    childrenOf(find(domain, "devices"), "interface").some((nic) => attributeOf(nic, "source", "network") === network);
}

export function usesFile(path: string): (domain: Element) => boolean {
  return (domain) =>
    childrenOf(find(domain, "devices"), "disk").some((disk) => attributeOf(disk, "source", "file") === path);
}
