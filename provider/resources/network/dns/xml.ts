import { keeping, type Model, unlessEmpty } from "../../../format/keep";
import { el, type Element } from "../../../format/xml";
import type { Dns } from "./schema";

/** Nothing where all is as libvirt has it by itself. @param before as it is there */
export function dnsXml(dns: Dns | undefined, before: Element | undefined): Element | undefined {
  return unlessEmpty(keeping(dns === undefined ? el("dns") : recordsXml(dns), before, model));
}

function recordsXml(dns: Dns): Element {
  return el(
    "dns",
    {
      enable: dns.enabled ? undefined : "no",
      forwardPlainNames: dns.forwardPlainNames ? undefined : "no",
    },
    ...dns.forwarders.map(({ address, domain }) => el("forwarder", { domain, addr: address })),
    ...dns.txt.map(({ name, value }) => el("txt", { name, value })),
    ...dns.hosts.map(({ address, names }) =>
      el("host", { ip: address }, ...names.map((name) => el("hostname", {}, name))),
    ),
    ...dns.srv.map((record) => el("srv", { ...record })),
  );
}

const model: Model = {
  attributes: ["enable", "forwardPlainNames"],
  children: {
    forwarder: {
      attributes: ["domain", "addr"],
      keyOf: ({ attributes: { domain, addr } }) => `${domain ?? ""} ${addr ?? ""}`,
    },
    txt: { attributes: ["name", "value"], keyOf: ({ attributes }) => attributes["name"] },
    host: { attributes: ["ip"], children: { hostname: {} }, keyOf: ({ attributes }) => attributes["ip"] },
    srv: {
      attributes: ["service", "protocol", "domain", "target", "port", "priority", "weight"],
      keyOf: ({ attributes: { service, protocol, domain, target } }) => [service, protocol, domain, target].join(" "),
    },
  },
};
