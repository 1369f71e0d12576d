import { isDeepStrictEqual } from "node:util";
import { merged } from "../../format/merge";
import { el, type Element } from "../../format/xml";
import { fitted, ownPartOf } from "./fit";
import { identity } from "./identity";
import { hasOwnBridge } from "./modes";
import { hostKeys, notedHosts, withNotedHosts } from "./own-hosts";
import { type NetworkValues, valuesIn, writtenNetwork } from "./places";
import type { NetworkInputs } from "./schema";

/**
 * The actual definition with what the inputs say. It is edited, so that what guests depend on (uuid, the bridge's MAC
 * address and name) and what the inputs can't say stay as they are.
 * @param previous the inputs of the last deployment; DHCP hosts that neither they nor the network itself names as the
 * resource's own were put there by machines
 */
export function networkXml(desired: NetworkInputs, actual: Element = el("network"), previous = desired): Element {
  const ownHosts = new Set([...hostKeys(previous), ...hostKeys(desired), ...notedHosts(actual)]);
  const change = { desired, previous, ownHosts };
  const fit = fitted(actual, change);
  // A network follows its definition: whatever the inputs could say of it is theirs, whoever has written it.
  const before = valuesIn(ownPartOf(fit, change));
  const after = { ...desired, ...chosenAgain(desired, valuesIn(fit)) };
  return merged(fit, writtenNetwork(before), withNotedHosts(writtenNetwork(after), hostKeys(desired)), identity);
}

// delay 0: without other bridges to hear of, a guest's first packets need not wait.
const newBridge = { stp: "on", delay: "0" };

/** What the inputs leave open is chosen once. */
function chosenAgain(
  { mode, bridge, portGroups }: NetworkInputs,
  actual: NetworkValues,
): Pick<NetworkValues, "bridge" | "ownBridge" | "portGroups"> {
  const hasBridge = actual.bridge !== undefined || actual.ownBridge !== undefined;
  return {
    ...(hasOwnBridge(mode) && {
      bridge: bridge ?? actual.bridge,
      ownBridge: hasBridge ? actual.ownBridge : newBridge,
    }),
    portGroups: portGroups.map((group) => ({ ...group, trunk: isTrunk(group, actual.portGroups) })),
  };
}

/** Several VLANs are always a trunk's; a single one may be. */
function isTrunk({ name, vlans }: NetworkInputs["portGroups"][number], actual: NetworkValues["portGroups"]): boolean {
  const same = actual.find((group) => group.name === name && isDeepStrictEqual(group.vlans, vlans));
  return vlans.length > 1 || same?.trunk === true;
}
