import { KvmError } from "../../../values/errors";
import { parseDuration } from "../../../values/scalars";
import type { Actual, Run } from "../schema/actual";

/** A machine to be powered off. */
export type Powered = Pick<Run, "host" | "context" | "desired"> & { readonly actual: Pick<Actual, "uuid"> };

const pollMs = 1_000;
/** A guest that is still booting misses the first request. */
const askEveryMs = 15_000;

/** Requests a power-off of the guest, and waits up to the user's limit; false if it still runs then. */
export async function askToPowerOff({ host, actual: { uuid }, desired, context }: Powered): Promise<boolean> {
  const { libvirt, clock } = host;
  const until = clock.now() + seconds(desired.shutdownTimeout) * 1000;
  let askedAt = -Infinity;
  while (await libvirt.isActive("domain", uuid)) {
    if (clock.now() >= until) return false;
    if (clock.now() - askedAt >= askEveryMs) {
      context.progress("waiting for the guest to power off");
      await libvirt.shutdown(uuid);
      askedAt = clock.now();
    }
    await clock.sleep(pollMs, context.signal);
  }
  return true;
}

/**
 * Powers the machine off: by a request, or at once if the user allows that.
 * @param consequence what doesn't happen if the guest continues to run
 */
export async function turnOff(machine: Powered, consequence: string): Promise<void> {
  const { host, actual, desired } = machine;
  if (await askToPowerOff(machine)) return;
  if (desired.forceOff) return host.libvirt.stop("domain", actual.uuid);
  throw new KvmError(
    "timeout",
    `machine "${desired.name}" did not power off within ${seconds(desired.shutdownTimeout)} s of the request; ${consequence}`,
    {
      property: "shutdownTimeout",
      remedy: "Shut it down in the guest and run `pulumi up` again, or set forceOff to true to power it off at once",
    },
  );
}

function seconds(duration: string): number {
  return parseDuration(duration) ?? 0;
}
