import {
  at,
  each,
  filled,
  inside,
  number,
  object,
  orElse,
  type Place,
  type Places,
  readEach,
  withDefault,
  write,
  yesNo,
} from "../../format/place";
import { el, type Element, withAttributes } from "../../format/xml";
import { cidrOf } from "../../libvirt/network-ip";
import { formatSubnet, parseAddress } from "../../values/ip";
import { dnsPlace } from "./dns/places";
import { ipv4Place, ipv6Place } from "./ip/places";
import type { NetworkInputs, PortGroup, Route } from "./schema";
import { address, respelt } from "./spelling";

/** The inputs that are in a network's definition. */
export type NetworkValues = Omit<
  NetworkInputs,
  "connection" | "adopt" | "deleteAdopted" | "shared" | "allowRestart" | "autostart" | "running" | "portGroups"
> & {
  /** Values of libvirt's bridge without an input. */
  readonly ownBridge?: OwnBridge | undefined;
  readonly portGroups: (PortGroup & { readonly trunk?: boolean | undefined })[];
};

interface OwnBridge {
  readonly stp?: string | undefined;
  readonly delay?: string | undefined;
}

type Nat = NonNullable<NetworkInputs["nat"]>;

const nat = filled<Nat>("forward/nat", {
  ipv6: orElse(at("@ipv6", yesNo), false),
  ports: inside<NonNullable<Nat["ports"]>>("port", { start: at("@start", number), end: at("@end", number) }),
});

const destination: Place<string> = {
  write: (route, text) => {
    const [to = "", prefix] = text.split("/");
    const family = parseAddress(to)?.family === 6 ? "ipv6" : undefined;
    return withAttributes(route, { family, address: to, prefix });
  },
  read: (route) => {
    const cidr = cidrOf(route);
    return cidr && formatSubnet(cidr);
  },
};

const dnsmasqOptions = each("dnsmasq:options/dnsmasq:option", at("@value"));
const dnsmasqNamespace = "http://libvirt.org/schemas/network/dnsmasq/1.0";

/** In the order of a new network's definition. */
const places: Places<NetworkValues> = {
  name: at("name"),
  mode: orElse(at("forward/@mode"), "isolated"),
  nat,
  devices: each("forward/interface", at("@dev")),
  virtualPort: at("virtualport/@type"),
  bridge: at("bridge/@name"),
  ownBridge: filled<OwnBridge>("bridge", { stp: at("@stp"), delay: at("@delay") }),
  mtu: at("mtu/@size", number),
  domain: inside<NonNullable<NetworkInputs["domain"]>>("domain", {
    name: at("@name"),
    localOnly: withDefault(at("@localOnly", yesNo), false),
  }),
  dns: dnsPlace,
  ipv4: ipv4Place,
  ipv6: ipv6Place,
  routes: each(
    "route",
    object<Route>({ destination, gateway: at("@gateway", address), metric: at("@metric", number) }),
  ),
  portGroups: each(
    "portgroup",
    object<NetworkValues["portGroups"][number]>({
      name: at("@name"),
      default: orElse(at("@default", yesNo), false),
      trunk: orElse(at("vlan/@trunk", yesNo), false),
      vlans: each("vlan/tag", at("@id", number)),
    }),
  ),
  dnsmasqOptions: {
    read: dnsmasqOptions.read,
    write: (network, options) => {
      const written = dnsmasqOptions.write(network, options);
      return options.length === 0 ? written : at("dnsmasq:options/@xmlns:dnsmasq").write(written, dnsmasqNamespace);
    },
  },
};

const { ownBridge, ...inputPlaces } = places;

/** @param network in canonical spelling */
export function valuesIn(network: Element): Omit<NetworkValues, "ownBridge"> {
  return readEach(network, inputPlaces) as NetworkValues;
}

/** @param network in canonical spelling */
export function ownBridgeIn(network: Element): OwnBridge | undefined {
  return ownBridge.read(network);
}

export function writtenNetwork(values: NetworkValues): Element {
  return write(el("network"), places, values);
}

export function modeOf(network: Element): NetworkInputs["mode"] {
  return valuesIn(respelt(network)).mode;
}
