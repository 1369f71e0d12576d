import { attributeOf, el, type Element, parse, render } from "../../format/xml";
import type { Libvirt } from "../../libvirt/client";
import { Conflict, NotFound } from "../../values/errors";

const elementName = "kvm-deploy:detour";
const namespace = "urn:kvm-deploy:mark:1";

/**
 * Gives `work` a temporary bridge: to libvirt, an interface that comes back from another bridge is changed, and only
 * then libvirt moves it. The bridge belongs to a network without addresses, which disappears at its stop and at a
 * restart of the host. Each network has at most one, and its name and mark say whose it is.
 * @param network UUID of the network that it is for; the caller holds its lock
 */
export async function withDetour<T>(
  libvirt: Libvirt,
  network: string,
  work: (bridge: string) => Promise<T>,
): Promise<T> {
  await removeDetour(libvirt, network);
  const bridge = await startDetour(libvirt, network);
  try {
    return await work(bridge);
  } finally {
    await removeDetour(libvirt, network);
  }
}

/** Succeeds if there is none. */
export async function removeDetour(libvirt: Libvirt, network: string): Promise<void> {
  const detour = await findDetour(libvirt, network);
  if (detour?.isOwn === true) await libvirt.stop("network", detour.uuid);
}

export async function hasDetour(libvirt: Libvirt, network: string): Promise<boolean> {
  return (await findDetour(libvirt, network))?.isOwn === true;
}

interface Detour {
  readonly uuid: string;
  readonly root: Element;
  /** Whether its mark says so; its name alone proves nothing. */
  readonly isOwn: boolean;
}

async function findDetour(libvirt: Libvirt, network: string): Promise<Detour | undefined> {
  const entry = await libvirt.find("network", nameOf(network));
  const xml = entry && (await libvirt.liveDefinition("network", entry.uuid));
  if (entry === undefined || xml === undefined) return undefined;
  const root = parse(xml);
  return { uuid: entry.uuid, root, isOwn: attributeOf(root, `metadata/${elementName}`, "network") === network };
}

async function startDetour(libvirt: Libvirt, network: string): Promise<string> {
  const name = nameOf(network);
  if ((await findDetour(libvirt, network)) !== undefined)
    throw new Conflict(`a network named "${name}" exists, and kvm-deploy did not create it`, {
      remedy: `Remove it: virsh net-destroy ${name}; virsh net-undefine ${name}`,
    });
  await libvirt.startTransient(render(detourXml(network)));
  const bridge = attributeOf((await findDetour(libvirt, network))?.root, "bridge", "name");
  if (bridge !== undefined) return bridge;
  throw new NotFound(`another program has stopped the network "${name}"`, { remedy: "Run `pulumi up` again" });
}

/** libvirt chooses a name for the bridge that no other network and no device of the host has. */
function detourXml(network: string): Element {
  const mark = el(elementName, { "xmlns:kvm-deploy": namespace, network });
  return el("network", {}, el("name", {}, nameOf(network)), el("metadata", {}, mark));
}

function nameOf(network: string): string {
  return `kvm-deploy-detour-${network}`;
}
