import { parseCidr4 } from "../../values/ip";
import { addressingOf, isMember } from "../shared/links";
import type { NetworkInterface, NetworkOptions } from "../shared/network";
import type { KeyfileAdditions } from "../shared/network-manager";

/** What a kickstart file has no word for. Its --noipv6 leaves IPv6 to the kernel, which follows router advertisements. */
export function additionsTo(one: NetworkInterface, { interfaces }: NetworkOptions): KeyfileAdditions | undefined {
  if (isMember(one, interfaces)) return undefined;
  const { name: connection = "", routes, addresses } = one;
  const { acceptRa } = addressingOf(one, interfaces);
  const has6 = addresses.some((address) => parseCidr4(address) === undefined);
  // With a fixed address Anaconda's connection follows no advertisement, and without any it follows them.
  const method6 = acceptRa === false && !has6 ? "disabled" : acceptRa === true && has6 ? "auto" : undefined;
  return routes.length === 0 && method6 === undefined ? undefined : { connection, method6, routes };
}
