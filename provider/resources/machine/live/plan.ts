import { isDeepStrictEqual } from "node:util";
import { attributeOf, childrenOf, type Element, find, mapChildren, textOf, withChild } from "../../../format/xml";
import { devicesOf } from "../../../libvirt/domain";
import { deviceKey, type DeviceStep, deviceSteps, fixedDevices, hasFollowed } from "./devices";
import { waitingElement } from "./waiting";

/** One change of the running machine; `field` is the input that it is for. */
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
  /** Undefined takes it away. */
  readonly element: Element | undefined;
}

export interface LivePlan {
  readonly steps: readonly LiveStep[];
  /** Parts of the definition that change and can't follow while the machine runs, such as `cpu` or `devices/video`. */
  readonly restart: readonly string[];
}

/**
 * How a running machine follows its definition. What can change while it runs is compared with what is in force, so that
 * what an earlier update didn't reach is done now; all else is compared with the definition before, since libvirt adds
 * much to the one in force.
 * @param detached keys of devices that an earlier update has taken out of the definition
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

/** Whether what is in force is as the step would make it. */
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

/** Processors can be plugged in, up to the maximum; to take one out the guest would have to help, and seldom can. */
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

/** What other programs keep there for this run of the machine stays. */
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

/** Of those parts that are in the definition too, unlike the list of what waits. */
function isOurs({ name }: Element): boolean {
  return name.startsWith("kvm-deploy:") && name !== waitingElement;
}

/** Names of the parts beside devices that differ, but for what the steps above bring about. */
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
