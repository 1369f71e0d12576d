import { differ, eachIn, together, within } from "../../resource/rules";
import { addressRule, differingAddresses, gatewayRules, oneDefaultRoute, routeRules } from "./address-rules";
import { bondRules, identityRules, linkRules, mtuRules, onlyFirstByLink } from "./link-rules";
import type { NetworkOptions } from "./network";

/** What no single value can say of itself. */
export const networkRules = together<NetworkOptions>(
  eachIn("interfaces", ...identityRules),
  onlyFirstByLink,
  differ("interfaces", ["name"], (name, first) => `"${name}" is interfaces[${first}] already; give each name once`),
  differ("interfaces", ["mac"], (mac, first) => `${mac} is that of interfaces[${first}] already; give each once`),
  oneDefaultRoute,
  differingAddresses,
  eachIn("interfaces", eachIn("addresses", addressRule), ...gatewayRules, ...routeRules, within("bond", ...bondRules)),
  eachIn("interfaces", ...linkRules, ...mtuRules),
);
