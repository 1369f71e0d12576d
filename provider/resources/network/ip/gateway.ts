import { formatAddress, parseCidr } from "../../../values/ip";
import type { Ip } from "./schema";

/** The host's address in the subnet: the given one, else the first. */
export function gatewayOf(ip: Pick<Ip, "subnet" | "hostAddress">): string {
  return ip.hostAddress ?? firstAddressIn(ip.subnet);
}

function firstAddressIn(subnet: string): string {
  const cidr = parseCidr(subnet);
  return cidr === undefined ? "" : formatAddress({ family: cidr.family, value: cidr.value + 1n });
}
