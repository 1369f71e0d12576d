import { parse } from "../../../format/xml";
import { runningThat, usesVolume, writesVolume } from "../../../libvirt/users";
import type { Context, Failure } from "../../../resource/handler";
import { eachAtHost } from "../../../resource/known";
import { KvmError } from "../../../values/errors";
import { isAkin } from "../definition/akin";
import type { Image } from "../definition/disk";
import type { MachineDisk, MachineInputs } from "../schema/machine";
import { imageIfThere, imageProperty, isSameImage } from "./images";

/**
 * Failures of the images of new disks: those that no machine can have, and those that another running machine has open,
 * because QEMU would let only one of the machines start.
 * @param previous its disks at the last deployment
 */
export async function imageFailures(
  inputs: MachineInputs,
  context: Context,
  previous: readonly MachineDisk[] = [],
): Promise<Failure[]> {
  const isHad = (disk: MachineDisk) => previous.some((each) => isSameImage(each, disk));
  const failures = await eachAtHost(inputs.disks, async (disk, index) =>
    isHad(disk) ? [] : failuresOf(disk, `disks[${index}]`, inputs, context),
  );
  return failures.flatMap((each) => each ?? []);
}

async function failuresOf(
  disk: MachineDisk,
  property: string,
  inputs: MachineInputs,
  context: Context,
): Promise<Failure[]> {
  try {
    const image = await imageIfThere(context.host(inputs.connection), disk, property);
    const users = image === undefined ? [] : await usersOf(image, disk, inputs, context);
    if (users.length === 0) return [];
    const reason = `is in use by machine ${users.map((name) => `"${name}"`).join(", ")}, which runs. Shut it down, or give this machine its own volume`;
    return [{ property: imageProperty(disk, property), reason }];
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    return [{ property: error.property ?? property, reason: error.reason }];
  }
}

/**
 * Running machines with this image. A shareable disk of an overlay is the user's decision; a machine of the same stack
 * may release its disk in the same `up`; a machine with the same name is replaced.
 */
async function usersOf(
  { path }: Image,
  { volume, readOnly }: MachineDisk,
  { connection, name: own, running, xml }: MachineInputs,
  context: Context,
): Promise<string[]> {
  if (running === false || xml !== undefined) return [];
  const { libvirt } = context.host(connection);
  const [pool = "", name = path] = volume?.split("/") ?? [];
  const place = { path, pool, name };
  const users = await runningThat(libvirt, readOnly ? writesVolume(place) : usesVolume(place));
  const others = users.map(async (user) => {
    const definition = await libvirt.definition("domain", user.uuid);
    const isGivenUp = definition !== undefined && isAkin(parse(definition), context);
    return user.name === own || isGivenUp ? [] : [user.name];
  });
  return (await Promise.all(others)).flat();
}
