import type { Element } from "../../format/xml";
import { identityOf, parseInstallation } from "../../install/installation";
import { readMark } from "../../libvirt/mark";
import { domainsThat } from "../../libvirt/users";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";

/** The names of the machines that were installed from the resource's ISO, by the machines' own marks. */
export async function machinesFrom({ libvirt }: Host, { urn, identity }: Context): Promise<string[]> {
  const matches = (domain: Element) => installerOf(domain) === identity;
  const machines = await domainsThat(libvirt, { texts: [identity, urn], matches });
  return machines.map(({ name }) => name);
}

/** The identity of the InstallerIso that a machine was installed from. */
function installerOf(domain: Element): string | undefined {
  const started = readMark(domain)?.started;
  if (started === undefined) return undefined;
  try {
    return identityOf(parseInstallation(started.answers, "its mark"));
  } catch {
    // A record of another release names no InstallerIso of this one.
    return undefined;
  }
}
