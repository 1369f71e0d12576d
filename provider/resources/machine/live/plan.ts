import { isDeepStrictEqual } from "node:util";
import { attributeOf, childrenOf, type Element, find, mapChildren, textOf, withChild } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import { deviceKey, type DeviceStep, deviceSteps, fixedDevices, hasFollowed } from "./devices";
import { waitingElement } from "./waiting";

/** One change of the running machine; `field` is its input. */
export type LiveStep =
  | DeviceStep
  | { readonly kind: "vcpus"; readonly field: "vcpus"; readonly count: number }
  | { readonly kind: "memory"; readonly field: "memory"; readonly kibibytes: number }
  | { readonly kind: "title" | "description"; readonly field: "title" | "description"; readonly text: string }
  | MetadataStep;

export interface MetadataStep {
  readonly kind: "metadata";
  readonly field: "tags";
  readonly namespace: string;
  readonly prefix: string;
  /** Undefined removes it. */
  readonly element: Element | undefined;
}

export interface LivePlan {
  readonly steps: readonly LiveStep[];
  /** Changed parts of the definition that wait for a restart, such as `cpu` or `devices/video`. */
  readonly restart: readonly string[];
}

/**
 * How a running machine applies its definition. The parts that can change while it runs are compared with those in
 * force, so that the work of an incomplete earlier update is done now. Everything else is compared with the previous
 * definition, because libvirt adds much to the one in force.
 * @param detached keys of devices that an earlier update has removed from the definition
 */
export function liveChanges(
  live: Element,
  before: Element,
  after: Element,
  detached: readonly string[] = [],
): LivePlan {
  const ours = [...devicesOf(before).flatMap((device) => deviceKey(device) ?? []), ...detached];
  return {
    steps: [
      ...deviceSteps(live, after, ours),
      ...vcpuSteps(live, after),
      ...memorySteps(live, after),
      ...textSteps(live, after),
      ...metadataSteps(live, after),
    ],
    restart: [...fixedParts(before, after), ...fixedDevices(before, after)],
  };
}

/** Whether the step has reached its goal in what is in force. */
export function isReached(step: LiveStep, live: Element): boolean {
  switch (step.kind) {
    case "vcpus":
      return vcpusOf(live).current >= step.count;
    case "memory":
      return memoryOf(live).current === step.kibibytes;
    case "title":
    case "description":
      return (textOf(live, step.kind) ?? "") === step.text;
    case "metadata": {
      const { element, namespace, prefix } = step;
      const isOf = (other: Element) => other.attributes[`xmlns:${prefix}`] === namespace;
      return element === undefined ? !metadataOf(live).some(isOf) : hasMetadata(live, element);
    }
    default:
      return hasFollowed(step, live);
  }
}

/** Processors can be added, up to the maximum. A removal needs the guest's cooperation, which is rare. */
function vcpuSteps(live: Element, after: Element): LiveStep[] {
  return addsVcpus(live, after) ? [{ kind: "vcpus", field: "vcpus", count: vcpusOf(after).current }] : [];
}

export function vcpusOf(domain: Element): { maximum: number; current: number } {
  const maximum = Number(textOf(domain, "vcpu") ?? 1);
  return { maximum, current: Number(attributeOf(domain, "vcpu", "current") ?? maximum) };
}

function memorySteps(live: Element, after: Element): LiveStep[] {
  const [actual, desired] = [memoryOf(live), memoryOf(after)];
  const isOther = desired.maximum === actual.maximum && desired.current !== actual.current;
  return isOther ? [{ kind: "memory", field: "memory", kibibytes: desired.current }] : [];
}

export function memoryOf(domain: Element): { maximum: number; current: number } {
  const maximum = Number(textOf(domain, "memory") ?? 0);
  return { maximum, current: Number(textOf(domain, "currentMemory") ?? maximum) };
}

function textSteps(live: Element, after: Element): LiveStep[] {
  const different = (name: string) => (textOf(live, name) ?? "") !== (textOf(after, name) ?? "");
  const steps = (["title", "description"] as const).map((kind) => ({
    kind,
    field: kind,
    text: textOf(after, kind) ?? "",
  }));
  return steps.filter(({ kind }) => different(kind));
}

/** Other programs' metadata for this run of the machine stays. */
function metadataSteps(live: Element, after: Element): MetadataStep[] {
  const desired = metadataOf(after);
  const isDesired = ({ name }: Element) => desired.some((element) => element.name === name);
  return [
    ...desired.filter((element) => !hasMetadata(live, element)).flatMap((element) => metadataStep(element, element)),
    ...metadataOf(live)
      .filter((element) => isOurs(element) && !isDesired(element))
      .flatMap((element) => metadataStep(element, undefined)),
  ];
}

function metadataOf(domain: Element): readonly Element[] {
  return childrenOf(find(domain, "metadata"));
}

function hasMetadata(domain: Element, element: Element): boolean {
  return metadataOf(domain).some((other) => isDeepStrictEqual(other, element));
}

function metadataStep({ name, attributes }: Element, element: Element | undefined): MetadataStep[] {
  const [prefix = ""] = name.split(":");
  const namespace = attributes[`xmlns:${prefix}`];
  return namespace === undefined ? [] : [{ kind: "metadata", field: "tags", namespace, prefix, element }];
}

/** Metadata that is also in the definition, unlike the list of waiting changes. */
function isOurs({ name }: Element): boolean {
  return name.startsWith("kvm-deploy:") && name !== waitingElement;
}

/** Names of the parts other than devices that differ, without those that the steps change. */
function fixedParts(before: Element, after: Element): string[] {
  const olds = withoutLiveParts(before, after);
  const news = withoutLiveParts(addsVcpus(before, after) ? withVcpusOf(after, before) : after, before);
  const names = new Set([...childrenOf(olds), ...childrenOf(news)].map(({ name }) => name));
  const changed = [...names].filter((name) => !isDeepStrictEqual(childrenOf(olds, name), childrenOf(news, name)));
  return isDeepStrictEqual(before.attributes, after.attributes) ? changed : ["type", ...changed];
}

function withoutLiveParts(domain: Element, other: Element): Element {
  const hasSameMemory = memoryOf(domain).maximum === memoryOf(other).maximum;
  const left = ["title", "description", "metadata", "devices", ...(hasSameMemory ? ["currentMemory"] : [])];
  return mapChildren(domain, (child) => (left.includes(child.name) ? undefined : child));
}

function addsVcpus(before: Element, after: Element): boolean {
  const [olds, news] = [vcpusOf(before), vcpusOf(after)];
  return olds.maximum === news.maximum && news.current > olds.current;
}

function withVcpusOf(domain: Element, other: Element): Element {
  return withChild(domain, "vcpu", find(other, "vcpu"));
}
