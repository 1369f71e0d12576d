import { each } from "../../../resource/known";
import { differ, eachIn, reportRepeated, type Rule } from "../../../resource/rules";
import type { NetworkInputs } from "../schema";
import { srvKey } from "./policy";
import type { Dns, DnsSrv } from "./schema";

const numberRules = (["port", "priority", "weight"] as const).map(
  (field): Rule<DnsSrv, NetworkInputs> =>
    (srv, report) => {
      if (srv.target === undefined && srv[field] !== undefined)
        report([field], "needs a target: without one the domain does not offer the service");
    },
);

export const dnsRules: readonly Rule<Dns, NetworkInputs>[] = [
  eachIn("forwarders", ({ address, domain }, report) => {
    if (address === undefined && domain === undefined) report([], "is empty; give an address, a domain or both");
  }),
  differ("hosts", ["address"], (address, first) => `${address} is already hosts[${first}]; give all its names there`),
  differ("txt", ["name"], (name, first) => `"${name}" is already txt[${first}]; libvirt allows one per name`),
  ({ srv }, report) => {
    reportRepeated(each(srv, srvKey), (_, index, first) =>
      report(["srv", index], `is already srv[${first}]; give each once`),
    );
  },
  eachIn("srv", ...numberRules, (srv, report, network) => {
    if (srv.domain === undefined && network.domain === undefined)
      report(["domain"], "is missing, and the network has no domain; give one");
  }),
];
