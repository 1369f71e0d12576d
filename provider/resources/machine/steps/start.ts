import { parseDuration } from "../../../values/scalars";
import { hasVariables, variablesIn } from "../files/variables";
import { addressesOf } from "../guest/addresses";
import { awaitSsh } from "../guest/await";
import { turnOff } from "../guest/power";
import { persistentDefinition, runningDefinition } from "../live/definitions";
import { pathsOf, type Waiting } from "../live/waiting";
import type { Run } from "../schema/actual";

/** @param isFirst whether no variables of an earlier machine with this name, or of another firmware, must be used */
export async function start(run: Run, isFirst: boolean): Promise<void> {
  const freshNvram = isFirst && (await hasOwnVariables(run));
  await run.host.libvirt.start("domain", run.actual.uuid, { freshNvram });
}

/**
 * Whether its firmware's variables are in libvirt's place for the machine's name; elsewhere another owner has prepared
 * them.
 */
export async function hasOwnVariables({ host, desired, actual }: Run): Promise<boolean> {
  const definition = await persistentDefinition(host, actual.uuid);
  const path = variablesIn(definition);
  return hasVariables(definition) && (path === undefined || path.endsWith(`/qemu/nvram/${desired.name}_VARS.fd`));
}

export async function restart(run: Run, waiting: readonly Waiting[]): Promise<void> {
  run.context.progress("restarting");
  const paths = pathsOf(waiting);
  await turnOff(run, `changes that wait for its restart: ${paths.join(", ")}`);
  await start(run, paths.includes("firmware") || paths.includes("secureBoot"));
}

export function waitForSsh({ host, context, desired, actual }: Run): Promise<void> {
  const { uuid, macAddresses, hostKeys } = actual;
  const target = {
    name: desired.name,
    hostKeys,
    timeoutSeconds: parseDuration(desired.sshTimeout) ?? 0,
    address: async () => {
      const live = await runningDefinition(host, uuid);
      return (await addressesOf(host, desired, { macAddresses, live }))[0];
    },
  };
  return awaitSsh(host, target, context);
}
