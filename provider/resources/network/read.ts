import { attributeOf, childrenOf, type Element, find, textOf } from "../../format/xml";
import { numberToAddress, parseCidr, subnetRange } from "../../scalars";
import { gatewayOf } from "./rules";
import type { DhcpHost, NetworkInputs } from "./schema";
import type { Identity } from "./xml";

export function identityOf(network: Element): Required<Identity> {
  return {
    uuid: textOf(network, "uuid"),
    mac: attributeOf(network, "mac", "address"),
    bridge: attributeOf(network, "bridge", "name"),
  };
}

/**
 * The inputs as libvirt has them now, compared with those of the last deployment: what libvirt chose by itself, and
 * DHCP hosts that machines added, are no drift.
 */
export function readNetwork(network: Element, inputs: NetworkInputs, autostart: boolean): NetworkInputs {
  const ip = find(network, "ip");
  const subnet = readSubnet(ip);
  const address = attributeOf(network, "ip", "address");
  const hasOwnAddress = inputs.hostAddress !== undefined || (subnet !== undefined && address !== gatewayOf({ subnet }));
  return {
    connection: inputs.connection,
    name: textOf(network, "name") ?? inputs.name,
    mode: (attributeOf(network, "forward", "mode") ?? "isolated") as NetworkInputs["mode"],
    subnet,
    hostAddress: hasOwnAddress ? address : undefined,
    domain: attributeOf(network, "domain", "name"),
    dhcp: readDhcp(find(ip, "dhcp"), inputs.dhcp?.hosts ?? []),
    bridge: inputs.bridge === undefined ? undefined : attributeOf(network, "bridge", "name"),
    device: attributeOf(network, "forward", "dev"),
    autostart,
  };
}

function readSubnet(ip: Element | undefined): string | undefined {
  const { address, prefix } = ip?.attributes ?? {};
  const cidr = parseCidr(`${address ?? ""}/${prefix ?? ""}`);
  return cidr === undefined ? undefined : `${numberToAddress(subnetRange(cidr).first)}/${cidr.prefix}`;
}

function readDhcp(dhcp: Element | undefined, asked: readonly DhcpHost[]): NetworkInputs["dhcp"] {
  const range = find(dhcp, "range")?.attributes;
  if (range?.["start"] === undefined || range["end"] === undefined) return undefined;
  const present = readHosts(dhcp);
  return {
    start: range["start"],
    end: range["end"],
    hosts: asked.flatMap(({ mac }) => present.find((host) => host.mac === mac) ?? []),
  };
}

/** All fixed hosts of a network, also those that machines added. */
export function readHosts(dhcp: Element | undefined): DhcpHost[] {
  return childrenOf(dhcp, "host").flatMap(({ attributes: { mac, ip, name } }) =>
    mac === undefined || ip === undefined
      ? []
      : [{ mac: mac.toLowerCase(), address: ip, ...(name === undefined ? {} : { name }) }],
  );
}
