import type { Libvirt } from "../../libvirt/client";
import type { Changed } from "../../resource/definition";
import { type Change, effectsByPolicy, laterKnown, plainEffects } from "../../resource/diff";
import type { Previewed } from "../../resource/known";
import type { State } from "../../resource/outputs";
import { type GuestNic, guestNics, isMacvtap, namesOf } from "./guests";
import { hasOwnBridge } from "./modes";
import type { NetworkInputs, NetworkOutputs } from "./schema";

/** The effects of a network's changes, and the machines that a restart affects. */
export async function networkEffects(
  { changes, olds, news, state }: Changed<NetworkInputs>,
  libvirt: Libvirt,
): Promise<readonly string[]> {
  const power = changes.filter(({ path }) => path === "running");
  const dhcp = changes.filter(isDhcp);
  const others = changes.filter((change) => !power.includes(change) && !dhcp.includes(change));
  const asksForGuests = power.length > 0 || changes.some(({ policy }) => policy === "restart");
  const nics = asksForGuests ? await guestNics(libvirt, String(state["name"])) : [];
  const effectKnown = (effect: (inputs: NetworkInputs) => string) => news.known(effect) ?? laterKnown;
  const restart = effectKnown((inputs) =>
    olds?.running === false || !inputs.running ? "in force when it starts" : restartOf(nics, inputs),
  );
  return [
    ...effectsByPolicy(power, {
      live: effectKnown((inputs) => (inputs.running ? startOf(nics, inputs) : "stops the network")),
    }),
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

function restartOf(nics: readonly GuestNic[], inputs: NetworkInputs): string {
  if (nics.length === 0) return "restarts the network; no running machine is attached";
  return inputs.allowRestart
    ? `restarts the network${attachesAgain(nics, inputs)}`
    : waitsFor(namesOf(nics).join(", "));
}

function startOf(nics: readonly GuestNic[], inputs: NetworkInputs): string {
  return `starts the network${nics.length === 0 ? "" : attachesAgain(nics, inputs)}`;
}

function attachesAgain(nics: readonly GuestNic[], { mode, bridge }: NetworkInputs): string {
  const guests = namesOf(nics).join(", ");
  const hasBridge = hasOwnBridge(mode) || bridge !== undefined;
  if (!hasBridge || nics.some(({ element }) => isMacvtap(element)))
    return `; until they are shut down and started, machines keep their former connection: ${guests}`;
  return `, and attaches ${guests} again`;
}

export function waitsFor(guests: string): string {
  return `waits for the network's next restart, which affects ${guests}; allowRestart: true does it now`;
}

/** What others or an earlier update have left for the next one. */
export function outstandingOf(news: Previewed<NetworkInputs>, state: State<NetworkOutputs>): readonly string[] {
  const { waitingForRestart = [], notInForce = [] } = state;
  return [
    ...(waitingForRestart.length > 0 && news.known(({ allowRestart }) => allowRestart) === true
      ? [
          `${waitingForRestart.join(", ")}: waited for a restart, which happens now; running machines are attached again`,
        ]
      : []),
    ...notInForce,
  ];
}
