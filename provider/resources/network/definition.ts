import { isDeepStrictEqual } from "node:util";
import { merged } from "../../format/merge";
import { el, type Element, find } from "../../format/xml";
import { fitted, ownPartOf } from "./fit";
import { identity } from "./identity";
import { hasOwnBridge } from "./modes";
import { hostKeys, notedHosts, withNotedHosts } from "./own-hosts";
import { type NetworkValues, ownBridgeIn, valuesIn, writtenNetwork } from "./places";
import type { NetworkInputs } from "./schema";

/**
 * The actual definition with the desired inputs. It is edited, so that the values that guests depend on (uuid, the
 * bridge's MAC address and name) and those without an input stay as they are.
 * @param previous the inputs of the last deployment; DHCP hosts that are neither in them nor in the network's own
 * record belong to machines
 */
export function networkXml(desired: NetworkInputs, actual: Element = el("network"), previous = desired): Element {
  const ownHosts = new Set([...hostKeys(previous), ...hostKeys(desired), ...notedHosts(actual)]);
  const change = { desired, previous, ownHosts };
  const fit = fitted(actual, change);
  // The program owns a network's definition: the inputs decide every value that they can express, whoever has written
  // it.
  const before = valuesIn(ownPartOf(fit, change));
  const after = { ...desired, ...bridgeOf(desired, fit), portGroups: groupsOf(desired, valuesIn(fit)) };
  return merged(fit, writtenNetwork(before), withNotedHosts(writtenNetwork(after), hostKeys(desired)), identity);
}

// delay 0: the only bridge needs no delay for other bridges, and a guest's first packets pass at once.
const newBridge = { stp: "on", delay: "0" };

/** Values of libvirt's bridge without an input are chosen once. */
function bridgeOf({ mode, bridge }: NetworkInputs, actual: Element): Pick<NetworkValues, "bridge" | "ownBridge"> {
  if (!hasOwnBridge(mode)) return { bridge };
  if (find(actual, "bridge") === undefined) return { bridge, ownBridge: newBridge };
  return { bridge: bridge ?? valuesIn(actual).bridge, ownBridge: ownBridgeIn(actual) };
}

function groupsOf(
  { portGroups }: NetworkInputs,
  actual: Pick<NetworkValues, "portGroups">,
): NetworkValues["portGroups"] {
  return portGroups.map((group) => ({ ...group, trunk: isTrunk(group, actual.portGroups) }));
}

/** Several VLANs are always a trunk; a single one may be. */
function isTrunk({ name, vlans }: NetworkInputs["portGroups"][number], actual: NetworkValues["portGroups"]): boolean {
  const same = actual.find((group) => group.name === name && isDeepStrictEqual(group.vlans, vlans));
  return vlans.length > 1 || same?.trunk === true;
}
