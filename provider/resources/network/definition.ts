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
  const after = { ...desired, ...bridgeOf(desired, fit), portGroups: groupsOf(desired, valuesIn(fit)) };
  return merged(fit, writtenNetwork(before), withNotedHosts(writtenNetwork(after), hostKeys(desired)), identity);
}

// delay 0: without other bridges to hear of, a guest's first packets need not wait.
const newBridge = { stp: "on", delay: "0" };

/** What the inputs leave open of a bridge that libvirt makes is chosen once. */
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

/** Several VLANs are always a trunk's; a single one may be. */
function isTrunk({ name, vlans }: NetworkInputs["portGroups"][number], actual: NetworkValues["portGroups"]): boolean {
  const same = actual.find((group) => group.name === name && isDeepStrictEqual(group.vlans, vlans));
  return vlans.length > 1 || same?.trunk === true;
}
