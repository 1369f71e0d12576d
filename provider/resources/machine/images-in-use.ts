import { parse, textOf } from "../../format/xml";
import type { Context, Failure } from "../../handler";
import { volumeNamed } from "../../libvirt/look-up";
import { readMark } from "../../libvirt/mark";
import { runningThat, usesFile } from "../../libvirt/users";
import { stackOf } from "../../ownership";
import type { MachineDisk, MachineInputs } from "./schema";

/**
 * Disks whose images other machines have open, of which QEMU would let only one start. What the overlay makes shareable is
 * the user's word; a machine of the same stack may give its disk up in the same `up`, and what has the machine's own name is
 * replaced.
 */
export async function imageFailures(inputs: MachineInputs, context: Context): Promise<Failure[]> {
  const { disks, running, xml } = inputs;
  if (running === false || xml !== undefined) return [];
  const failures = disks.map(async (disk, index) => {
    const users = disk.readOnly ? [] : await othersWith(disk, inputs, context);
    if (users.length === 0) return [];
    const property = `disks[${index}].${disk.volume === undefined ? "file" : "volume"}`;
    const reason = `is in use: it is a disk of ${users.join(", ")}, which runs. Shut that down, or give the machine a volume of its own`;
    return [{ property, reason }];
  });
  return (await Promise.all(failures)).flat();
}

async function othersWith(
  { volume, file }: MachineDisk,
  { connection, name: own }: MachineInputs,
  context: Context,
): Promise<string[]> {
  const { libvirt } = context.host(connection);
  const found = volume === undefined ? undefined : await volumeNamed(libvirt, volume);
  const image = file ?? textOf(found, "target/path");
  if (image === undefined) return [];
  const users = await runningThat(libvirt, usesFile(image));
  const others = users.map(async ({ uuid, name }) => {
    const xml = await libvirt.definition("domain", uuid);
    const owner = xml === undefined ? undefined : readMark(parse(xml))?.owner;
    return name === own || (owner !== undefined && stackOf(owner) === stackOf(context.urn)) ? [] : [name];
  });
  return (await Promise.all(others)).flat();
}
