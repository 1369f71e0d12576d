import { isDeepStrictEqual } from "node:util";
import { at } from "../../../format/place";
import {
  attributeOf,
  childrenOf,
  el,
  type Element,
  find,
  mapChildren,
  textOf,
  withAttributes,
  withChild,
} from "../../../format/xml";
import type { MachineInputs } from "../schema/machine";
import { append, type Part } from "./part";

export const domainType: Part<MachineInputs["domainType"]> = {
  write: (domain, _, { actual }) => withAttributes(domain, { type: actual.domainType }),
  read: (domain, asked) => (asked === undefined ? undefined : typeIn(domain)),
};

export function typeIn(domain: Element): "kvm" | "qemu" {
  return domain.attributes["type"] === "kvm" ? "kvm" : "qemu";
}

/** With the UUID, which libvirt knows the machine by whatever its name is. */
export const name: Part<string> = {
  write: (domain, value, { actual }) => append(domain, el("name", {}, value), el("uuid", {}, actual.uuid)),
  read: (domain) => textOf(domain, "name") ?? "",
};

export const firmware: Part<MachineInputs["firmware"]> = {
  write: (domain, value) => {
    const type = el("type", { arch: "x86_64", machine: "q35" }, "hvm");
    const os = el("os", { firmware: value === "uefi" ? "efi" : undefined }, type);
    return append(domain, os, el("features", {}, el("acpi"), el("apic")));
  },
  read: firmwareOf,
  align: withSameType,
  fit: withoutOtherFirmware,
};

/** The firmware that a definition requests. */
export function firmwareIn(domain: Element): Pick<MachineInputs, "firmware" | "secureBoot"> {
  return { firmware: firmwareOf(domain), secureBoot: isSecure(domain) };
}

/**
 * Without libvirt's choice for another firmware, and without the file of its variables: libvirt chooses again. Its
 * features are those of the desired one alone, whatever the inputs were before.
 */
function withoutOtherFirmware(actual: Element, _: Element | undefined, desired: Element): Element {
  const os = find(actual, "os");
  if (os === undefined || isDeepStrictEqual(firmwareIn(actual), firmwareIn(desired))) return actual;
  const isDesired = (name: string) => find(desired, `os/${name}`) !== undefined;
  const chosen = ["firmware", "loader", "nvram"].filter((name) => !isDesired(name));
  const bare = chosen.reduce((element, name) => withChild(element, name, undefined), os);
  const features = find(bare, "firmware");
  const fitted = features === undefined ? bare : withChild(bare, "firmware", withOnlyFeaturesOf(features, desired));
  const type = attributeOf(desired, "os", "firmware");
  return withChild(actual, "os", withAttributes(fitted, { firmware: type }));
}

function withOnlyFeaturesOf(features: Element, desired: Element): Element {
  const count = childrenOf(find(desired, "os/firmware"), "feature").length;
  const extra = childrenOf(features, "feature").slice(count);
  return mapChildren(features, (child) => (extra.includes(child) ? undefined : child));
}

/** The version of the type stays the one that libvirt chose. */
function withSameType(desired: Element, actual: Element): Element {
  const machine = attributeOf(actual, "os/type", "machine");
  return machine === undefined ? desired : at("os/type/@machine").write(desired, machine);
}

export const secureBoot: Part<boolean> = {
  write: (domain, value, { inputs }) =>
    inputs.firmware === "bios"
      ? domain
      : withChild(domain, "os", append(find(domain, "os") ?? el("os"), el("firmware", {}, ...featuresFor(value)))),
  read: isSecure,
};

function firmwareOf(domain: Element): MachineInputs["firmware"] {
  return attributeOf(domain, "os", "firmware") === "efi" ? "uefi" : "bios";
}

function isSecure(domain: Element): boolean {
  return childrenOf(find(domain, "os/firmware"), "feature").some(
    ({ attributes }) => attributes["name"] === "secure-boot" && attributes["enabled"] === "yes",
  );
}

/** Left to itself, libvirt takes the firmware with Secure Boot. */
function featuresFor(isSecure: boolean): Element[] {
  const feature = (name: string, enabled: "yes" | "no") => el("feature", { enabled, name });
  return isSecure ? [feature("secure-boot", "yes"), feature("enrolled-keys", "yes")] : [feature("secure-boot", "no")];
}
