import { z } from "zod";
import * as scalar from "../../../values/scalars";

const forwarder = z.strictObject({
  address: scalar.ipAddress.optional().meta({
    description: "Address of the DNS server. Default: with a domain, the host's own resolver answers for it.",
    sets: "dns/forwarder/@addr",
  }),
  domain: scalar.domainName.optional().meta({
    description: "Domain whose names are asked there. Default: all.",
    sets: "dns/forwarder/@domain",
  }),
});

const host = z.strictObject({
  address: scalar.ipAddress.meta({ description: "The address that the names stand for.", sets: "dns/host/@ip" }),
  names: z
    .array(scalar.domainName)
    .min(1, { error: "is empty; give at least one name" })
    .meta({ description: "Names that DNS answers with this address.", sets: "dns/host/hostname" }),
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
    .meta({ description: "Domain that offers the service. Default: the network's.", sets: "dns/srv/@domain" }),
  target: scalar.domainName
    .optional()
    .meta({ description: "Host that runs the service. Default: it isn't offered there.", sets: "dns/srv/@target" }),
  port: port.optional().meta({ description: "Port of the service. Default: 1.", sets: "dns/srv/@port" }),
  priority: port
    .optional()
    .meta({ description: "Hosts with the lowest number are tried first. Default: 0.", sets: "dns/srv/@priority" }),
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
    description: "Whether names without a domain that nobody here has are asked of the host's resolver.",
    sets: "dns/@forwardPlainNames",
  }),
  forwarders: z
    .array(forwarder)
    .default([])
    .meta({ description: "DNS servers to ask in place of the host's resolver.", sets: "dns/forwarder" }),
  hosts: z.array(host).default([]).meta({ description: "Names of addresses.", sets: "dns/host" }),
  txt: z.array(txt).default([]).meta({ description: "TXT records.", sets: "dns/txt" }),
  srv: z.array(srv).default([]).meta({ description: "SRV records: where a service is.", sets: "dns/srv" }),
});

export type Dns = z.infer<typeof dns>;
export type DnsForwarder = z.infer<typeof forwarder>;
export type DnsHost = z.infer<typeof host>;
export type DnsTxt = z.infer<typeof txt>;
export type DnsSrv = z.infer<typeof srv>;
