import { isDeepStrictEqual } from "node:util";
import { childrenOf, type Element, textOf } from "../../../format/xml";
import { formatAddress, parseAddress } from "../../../values/ip";
import { dns, type Dns, type DnsSrv } from "./schema";

/** Undefined where all is as libvirt has it by itself and the program gives nothing either. */
export function readDns(element: Element | undefined, asked: Dns | undefined): Dns | undefined {
  const seen = {
    enabled: element?.attributes["enable"] !== "no",
    forwardPlainNames: element?.attributes["forwardPlainNames"] !== "no",
    forwarders: childrenOf(element, "forwarder").map(({ attributes: { addr, domain } }) => ({
      address: addr === undefined ? undefined : canonical(addr),
      domain,
    })),
    hosts: childrenOf(element, "host").map((host) => ({
      address: canonical(host.attributes["ip"] ?? ""),
      names: childrenOf(host, "hostname").map((name) => textOf(name) ?? ""),
    })),
    txt: childrenOf(element, "txt").map(({ attributes: { name = "", value = "" } }) => ({ name, value })),
    srv: childrenOf(element, "srv").map(readSrv),
  };
  return asked === undefined && isDeepStrictEqual(seen, dns.parse({})) ? undefined : seen;
}

function readSrv({ attributes: { service = "", protocol, domain, target, ...numbers } }: Element): DnsSrv {
  const [port, priority, weight] = [numbers["port"], numbers["priority"], numbers["weight"]].map((text) =>
    text === undefined ? undefined : Number(text),
  );
  return { service, protocol: protocol === "udp" ? "udp" : "tcp", domain, target, port, priority, weight };
}

function canonical(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : formatAddress(parsed);
}
