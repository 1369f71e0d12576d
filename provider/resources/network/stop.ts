import type { Libvirt } from "../../libvirt/client";
import { runningThat, usesNetwork } from "../../libvirt/users";
import type { Context, Failure } from "../../resource/handler";
import { KvmError } from "../../values/errors";
import type { NetworkInputs } from "./schema";

/** For a preview. A stopped network is not read. */
export async function refuseToStop(
  previous: NetworkInputs,
  { connection, name, running }: NetworkInputs,
  context: Context,
): Promise<readonly Failure[]> {
  if (!previous.running || running) return [];
  const { libvirt } = context.host(connection);
  if ((await libvirt.find("network", name))?.isActive !== true) return [];
  try {
    await refuseWithGuests(libvirt, name);
    return [];
  } catch (error) {
    if (!(error instanceof KvmError)) throw error;
    return [{ property: "running", reason: error.reason }];
  }
}

/** libvirt stops a network with running guests without an error, and does not attach them again at its start. */
export async function refuseWithGuests(libvirt: Libvirt, name: string): Promise<void> {
  const guests = await runningThat(libvirt, usesNetwork(name));
  if (guests.length === 0) return;
  throw new KvmError(
    "conflict",
    `network "${name}" must stop for this, but running machines are attached to it: ${guests.map((guest) => guest.name).join(", ")}`,
    {
      remedy:
        "Shut them down, then run this again. Machines of the same program are deleted or moved first if they name the network by its output (network: lab.name)",
    },
  );
}
