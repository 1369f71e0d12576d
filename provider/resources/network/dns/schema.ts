import { z } from "zod";
import * as scalar from "../../../values/scalars";

const forwarder = z.strictObject({
  address: scalar.ipAddress.optional().meta({
    description: "Address of the DNS server. Default: with a domain, the host's own resolver.",
    sets: "dns/forwarder/@addr",
  }),
  domain: scalar.domainName.optional().meta({
    description: "Domain whose queries are sent there. Default: all.",
    sets: "dns/forwarder/@domain",
  }),
});

const host = z.strictObject({
  address: scalar.ipAddress.meta({ description: "The address of the names.", sets: "dns/host/@ip" }),
  names: z
    .array(scalar.domainName)
    .min(1, { error: "is empty; give at least one name" })
    .meta({ description: "Names with this address in DNS.", sets: "dns/host/hostname" }),
});

const txt = z.strictObject({
  name: scalar.domainName.meta({ description: "Name of the TXT record.", sets: "dns/txt/@name" }),
  value: z.string().meta({ description: "Text of the TXT record.", sets: "dns/txt/@value" }),
});

const port = z.int().min(0).max(65535);

const srv = z.strictObject({
  service: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,63}$/, { error: 'must be a service\'s name without underscore, such as "ldap"' })
    .meta({
      description: "Name of the service, without its underscore.",
      sets: "dns/srv/@service",
    }),
  protocol: z.enum(["tcp", "udp"]).meta({ description: "Protocol of the service.", sets: "dns/srv/@protocol" }),
  domain: scalar.domainName
    .optional()
    .meta({ description: "Domain of the service. Default: the network's.", sets: "dns/srv/@domain" }),
  target: scalar.domainName.optional().meta({
    description: "Host of the service. Default: the domain does not offer the service.",
    sets: "dns/srv/@target",
  }),
  port: port.optional().meta({ description: "Port of the service. Default: 1.", sets: "dns/srv/@port" }),
  priority: port.optional().meta({
    description: "Clients try the hosts with the lowest number first. Default: 0.",
    sets: "dns/srv/@priority",
  }),
  weight: port.optional().meta({
    description: "Share among hosts of the same priority. Default: 0.",
    sets: "dns/srv/@weight",
  }),
});

export const dns = z.strictObject({
  enabled: z.boolean().default(true).meta({
    description: "Whether the host answers DNS in this network.",
    sets: "dns/@enable",
  }),
  forwardPlainNames: z.boolean().default(true).meta({
    description: "Whether unknown names without a domain are forwarded to the host's resolver.",
    sets: "dns/@forwardPlainNames",
  }),
  forwarders: z
    .array(forwarder)
    .default([])
    .meta({ description: "DNS servers that are used instead of the host's resolver.", sets: "dns/forwarder" }),
  hosts: z.array(host).default([]).meta({ description: "Addresses with their names.", sets: "dns/host" }),
  txt: z.array(txt).default([]).meta({ description: "TXT records.", sets: "dns/txt" }),
  srv: z.array(srv).default([]).meta({ description: "SRV records: the hosts of a service.", sets: "dns/srv" }),
});

export type Dns = z.infer<typeof dns>;
export type DnsForwarder = z.infer<typeof forwarder>;
export type DnsHost = z.infer<typeof host>;
export type DnsTxt = z.infer<typeof txt>;
export type DnsSrv = z.infer<typeof srv>;
