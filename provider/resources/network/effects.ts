import { type Change, effectsByPolicy, plainEffects } from "../../diff";
import type { Properties } from "../../handler";
import type { Libvirt } from "../../libvirt/client";
import type { Changed } from "../../resource";
import { type GuestNic, guestNics, isMacvtap, namesOf } from "./guests";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, NetworkOutputs } from "./schema";

/** What changes of a network do, and whom a restart hits. */
export async function networkEffects(
  { changes, olds, news }: Changed<NetworkInputs>,
  libvirt: Libvirt,
): Promise<readonly string[]> {
  const [dhcp, others] = [changes.filter(isDhcp), changes.filter((change) => !isDhcp(change))];
  const restarts = changes.some(({ policy }) => policy === "restart");
  const nics = restarts ? await guestNics(libvirt, olds?.name ?? news.name) : [];
  const restart = restartOf(nics, news);
  return [
    ...effectsByPolicy(dhcp, {
      live: "changes while it runs; guests keep their leases",
      restart,
    }),
    ...effectsByPolicy(others, { ...plainEffects, restart }),
  ];
}

function isDhcp({ path }: Change): boolean {
  return /^ipv[46]\.dhcp\b/.test(path);
}

function restartOf(nics: readonly GuestNic[], { allowRestart, mode, bridge }: NetworkInputs): string {
  const guests = namesOf(nics).join(", ");
  if (nics.length === 0) return "restarts the network; no running machine is plugged in";
  if (!allowRestart) return waitsFor(guests);
  const hasBridge = hasOwnBridge(mode) || bridge !== undefined;
  if (!hasBridge || nics.some(({ element }) => isMacvtap(element)))
    return `restarts the network; until they are shut down and started, machines keep their former connection: ${guests}`;
  return `restarts the network, and plugs ${guests} in again`;
}

export function waitsFor(guests: string): string {
  return `waits for the network's next restart, which hits ${guests}; allowRestart: true does it now`;
}

/** What an earlier update left for a restart that is allowed now. */
export function outstandingOf({ allowRestart }: NetworkInputs, state: Properties): readonly string[] {
  const waiting = (state as Partial<NetworkOutputs>).waitingForRestart ?? [];
  return allowRestart && waiting.length > 0
    ? [`${waiting.join(", ")}: waited for a restart, which comes now; running machines are plugged in again`]
    : [];
}
