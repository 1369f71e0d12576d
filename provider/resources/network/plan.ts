import { isDeepStrictEqual } from "node:util";
import { type Element, find, render } from "../../format/xml";
import type { NetworkSection } from "../../libvirt/client";
import { withMark } from "../../libvirt/mark";
import { networkPolicies } from "./policy";
import { identityOf, readHosts } from "./read";
import type { DhcpHost, NetworkInputs } from "./schema";
import { hostXml, networkXml, rangeXml } from "./xml";

export type NetworkStep =
  | { readonly kind: "define"; readonly xml: string }
  | { readonly kind: "autostart"; readonly on: boolean }
  | { readonly kind: "stop" }
  | { readonly kind: "start" }
  | {
      readonly kind: "update";
      readonly command: "add-last" | "delete" | "modify";
      readonly section: NetworkSection;
      readonly xml: string;
    };

/** @param present its definition when a create was cut off before */
export function planCreate(inputs: NetworkInputs, owner: string, present?: Element): NetworkStep[] {
  return [
    { kind: "define", xml: definitionOf(inputs, owner, present) },
    { kind: "autostart", on: inputs.autostart },
    { kind: "start" },
  ];
}

/** DHCP changes while it runs; all else is a redefinition and a restart. */
export function planUpdate(olds: NetworkInputs, news: NetworkInputs, owner: string, present: Element): NetworkStep[] {
  const autostart: NetworkStep[] = olds.autostart === news.autostart ? [] : [{ kind: "autostart", on: news.autostart }];
  if (!needsRestart(olds, news)) return [...autostart, ...dhcpSteps(olds, news)];
  const foreign = foreignHosts(olds, present);
  return [
    { kind: "stop" },
    { kind: "define", xml: definitionOf(withHosts(news, foreign), owner, present) },
    ...autostart,
    { kind: "start" },
  ];
}

export function needsRestart(olds: NetworkInputs, news: NetworkInputs): boolean {
  const fields = Object.keys(networkPolicies) as (keyof NetworkInputs)[];
  return fields.some((field) => networkPolicies[field] === "restart" && !isDeepStrictEqual(olds[field], news[field]));
}

function definitionOf(inputs: NetworkInputs, owner: string, present: Element | undefined): string {
  const identity = present === undefined ? {} : identityOf(present);
  return render(withMark(networkXml(inputs, identity), { owner, phase: "ready" }));
}

/** DHCP hosts in the definition that the network's own inputs don't name: machines put them there. */
function foreignHosts(olds: NetworkInputs, present: Element): DhcpHost[] {
  const own = new Set(olds.dhcp?.hosts.map(({ mac }) => mac));
  return readHosts(find(present, "ip/dhcp")).filter(({ mac }) => !own.has(mac));
}

function withHosts(inputs: NetworkInputs, foreign: readonly DhcpHost[]): NetworkInputs {
  if (inputs.dhcp === undefined) return inputs;
  const own = new Set(inputs.dhcp.hosts.map(({ mac }) => mac));
  return {
    ...inputs,
    dhcp: { ...inputs.dhcp, hosts: [...inputs.dhcp.hosts, ...foreign.filter(({ mac }) => !own.has(mac))] },
  };
}

function dhcpSteps(olds: NetworkInputs, news: NetworkInputs): NetworkStep[] {
  return [...rangeSteps(olds.dhcp, news.dhcp), ...hostSteps(olds.dhcp?.hosts ?? [], news.dhcp?.hosts ?? [])];
}

/** libvirt can't modify a range, only delete and add. */
function rangeSteps(before: NetworkInputs["dhcp"], after: NetworkInputs["dhcp"]): NetworkStep[] {
  if (before?.start === after?.start && before?.end === after?.end) return [];
  const section = "ip-dhcp-range";
  return [
    ...(before === undefined
      ? []
      : [{ kind: "update", command: "delete", section, xml: render(rangeXml(before)) } as const]),
    ...(after === undefined
      ? []
      : [{ kind: "update", command: "add-last", section, xml: render(rangeXml(after)) } as const]),
  ];
}

function hostSteps(before: readonly DhcpHost[], after: readonly DhcpHost[]): NetworkStep[] {
  const section = "ip-dhcp-host";
  const at = (hosts: readonly DhcpHost[], mac: string) => hosts.find((host) => host.mac === mac);
  const changed = after.filter((host) => !isDeepStrictEqual(host, at(before, host.mac)));
  const gone = before.filter(({ mac }) => at(after, mac) === undefined);
  // Deleted and added, not modified: two hosts may exchange their addresses. Deletions first, so that addresses are free.
  const replaced = changed.flatMap(({ mac }) => at(before, mac) ?? []);
  return [
    ...[...gone, ...replaced].map(
      (host) => ({ kind: "update", command: "delete", section, xml: render(hostXml(host)) }) as const,
    ),
    ...changed.map((host) => ({ kind: "update", command: "add-last", section, xml: render(hostXml(host)) }) as const),
  ];
}
