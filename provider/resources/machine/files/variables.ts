import { attributeOf, type Element, find, textOf } from "../../../format/xml";
import { domainsThat, type Use } from "../../../libvirt/users";
import type { Host } from "../../../resource/host";
import { Conflict } from "../../../values/errors";
import type { MachineInputs } from "../schema/machine";

/** The file where libvirt puts the variables of a machine's firmware, by the machine's name. */
export function variablesOf({ name }: Pick<MachineInputs, "name">): string {
  return `/var/lib/libvirt/qemu/nvram/${name}_VARS.fd`;
}

/** The file that a definition names. Some releases of libvirt add it only at each start. */
export function variablesIn(domain: Element | undefined): string | undefined {
  return textOf(domain, "os/nvram") || attributeOf(domain, "os/nvram/source", "file") || undefined;
}

export function hasVariables(domain: Element | undefined): boolean {
  return attributeOf(domain, "os", "firmware") === "efi" || find(domain, "os/loader") !== undefined;
}

/**
 * A machine that was renamed by hand keeps its variables under its earlier name. A new machine with that name would
 * take them, overwrite them and delete them.
 * @param own UUID of the machine that gets the file
 */
export async function othersWithVariables({ libvirt }: Host, file: string, own: string | undefined): Promise<string[]> {
  const use: Use = { texts: [file], matches: (domain) => variablesIn(domain) === file };
  return (await domainsThat(libvirt, use)).flatMap(({ uuid, name }) => (uuid === own ? [] : [name]));
}

/** Why a machine can't have its name. With an overlay it may use another file. */
export async function variablesTaken(
  host: Host,
  inputs: Pick<MachineInputs, "name" | "firmware" | "xml">,
  own: string | undefined,
): Promise<Conflict | undefined> {
  if (inputs.firmware === "bios" || inputs.xml !== undefined) return undefined;
  const file = variablesOf(inputs);
  const [other] = await othersWithVariables(host, file, own);
  if (other === undefined) return undefined;
  return new Conflict(
    `machine "${other}" keeps its firmware's variables in ${file}, the file of this machine's variables`,
    {
      property: "name",
      remedy: `Choose another name, or give "${other}" its own file: move it, and write its new path to <nvram> by \`virsh edit ${other}\``,
    },
  );
}
