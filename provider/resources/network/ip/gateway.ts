import { formatAddress, parseCidr } from "../../../ip";
import type { Ip } from "./schema";

/** The host's address in the subnet: the one given, else the first. */
export function gatewayOf({ subnet, hostAddress }: Pick<Ip, "subnet" | "hostAddress">): string {
  const cidr = parseCidr(subnet);
  return hostAddress ?? (cidr === undefined ? "" : formatAddress({ family: cidr.family, value: cidr.value + 1n }));
}
