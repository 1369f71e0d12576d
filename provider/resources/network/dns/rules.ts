import { type Report, reportTwice } from "../report";
import { srvKey } from "./policy";
import type { Dns } from "./schema";

export function dnsRules(dns: Dns, hasDomain: boolean, report: Report): void {
  dns.forwarders.forEach(({ address, domain }, index) => {
    if (address === undefined && domain === undefined)
      report(["forwarders", index], "is empty; give an address, a domain or both");
  });
  reportTwice(
    dns.hosts.map(({ address }) => address),
    (index, first, address) =>
      report(["hosts", index, "address"], `${address} is hosts[${first}] already; put the names together`),
  );
  reportTwice(
    dns.txt.map(({ name }) => name),
    (index, first, name) =>
      report(["txt", index, "name"], `"${name}" is txt[${first}] already; libvirt takes one of a name`),
  );
  reportTwice(dns.srv.map(srvKey), (index, first) =>
    report(["srv", index], `is srv[${first}] already; give each once`),
  );
  dns.srv.forEach(({ target, domain, ...numbers }, index) => {
    for (const field of ["port", "priority", "weight"] as const) {
      if (target === undefined && numbers[field] !== undefined)
        report(["srv", index, field], "needs a target: without one the service isn't offered");
    }
    if (domain === undefined && !hasDomain)
      report(["srv", index, "domain"], "is missing, and the network has no domain; give one");
  });
}
