import { at, each, filled, number, object, orElse, yesNo } from "../../../format/place";
import { address } from "../spelling";
import type { Dns, DnsForwarder, DnsHost, DnsSrv, DnsTxt } from "./schema";

/** The element is absent if everything is libvirt's default. */
export const dnsPlace = filled<Dns>("dns", {
  enabled: orElse(at("@enable", yesNo), true),
  forwardPlainNames: orElse(at("@forwardPlainNames", yesNo), true),
  forwarders: each("forwarder", object<DnsForwarder>({ domain: at("@domain"), address: at("@addr", address) })),
  txt: each("txt", object<DnsTxt>({ name: at("@name"), value: at("@value") })),
  hosts: each("host", object<DnsHost>({ address: at("@ip", address), names: each("hostname", at("")) })),
  srv: each(
    "srv",
    object<DnsSrv>({
      service: at("@service"),
      protocol: at("@protocol"),
      domain: at("@domain"),
      target: at("@target"),
      port: at("@port", number),
      priority: at("@priority", number),
      weight: at("@weight", number),
    }),
  ),
});
