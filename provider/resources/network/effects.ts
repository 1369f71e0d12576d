import { type Change, effectsByPolicy, plainEffects } from "../../diff";
import type { Properties } from "../../handler";
import type { Libvirt } from "../../libvirt/client";
import type { Changed } from "../../resource";
import { guestNics, namesOf } from "./guests";
import type { NetworkInputs, NetworkOutputs } from "./schema";

/** What changes of a network do, and whom a restart hits. */
export async function networkEffects(
  { changes, olds, news }: Changed<NetworkInputs>,
  libvirt: Libvirt,
): Promise<readonly string[]> {
  const [dhcp, others] = [changes.filter(isDhcp), changes.filter((change) => !isDhcp(change))];
  const restarts = changes.some(({ policy }) => policy === "restart");
  const guests = restarts ? namesOf(await guestNics(libvirt, olds?.name ?? news.name)) : [];
  return [
    ...effectsByPolicy(dhcp, {
      live: "changes while it runs; guests keep their leases",
      restart: restartOf(guests, news),
    }),
    ...effectsByPolicy(others, { ...plainEffects, restart: restartOf(guests, news) }),
  ];
}

function isDhcp({ path }: Change): boolean {
  return /^ipv[46]\.dhcp\b/.test(path);
}

function restartOf(guests: readonly string[], { allowRestart }: NetworkInputs): string {
  const names = guests.join(", ");
  if (guests.length === 0) return "restarts the network; no running machine is plugged in";
  if (allowRestart) return `restarts the network, and plugs ${names} in again`;
  return `waits for the network's next restart, which would cut off ${names}; allowRestart: true does it now`;
}

/** What an earlier update left for a restart that is allowed now. */
export function outstandingOf({ allowRestart }: NetworkInputs, state: Properties): readonly string[] {
  const waiting = (state as Partial<NetworkOutputs>).waitingForRestart ?? [];
  return allowRestart && waiting.length > 0
    ? [`${waiting.join(", ")}: waited for a restart, which comes now; running machines are plugged in again`]
    : [];
}
