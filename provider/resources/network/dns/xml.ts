import { el, type Element } from "../../../format/xml";
import type { Dns } from "./schema";

/** Nothing where all is as libvirt has it by itself. */
export function dnsXml(dns: Dns): Element | undefined {
  const attributes = {
    enable: dns.enabled ? undefined : "no",
    forwardPlainNames: dns.forwardPlainNames ? undefined : "no",
  };
  const element = el(
    "dns",
    attributes,
    ...dns.forwarders.map(({ address, domain }) => el("forwarder", { domain, addr: address })),
    ...dns.txt.map(({ name, value }) => el("txt", { name, value })),
    ...dns.hosts.map(({ address, names }) =>
      el("host", { ip: address }, ...names.map((name) => el("hostname", {}, name))),
    ),
    ...dns.srv.map((record) => el("srv", { ...record })),
  );
  return Object.keys(element.attributes).length + element.children.length === 0 ? undefined : element;
}
