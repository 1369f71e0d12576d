import type { Place } from "../../../format/place";
import { el, type Element, find, mapChildren, withChild } from "../../../format/xml";
import type { Facts, OnHost, Previous } from "../schema/actual";
import type { MachineInputs } from "../schema/machine";

/** The installer's medium, and where it writes its log. */
export interface InstallationMedia {
  readonly iso: string;
  readonly log: string;
}

/** What a definition is made from. */
export interface Machine {
  readonly inputs: MachineInputs;
  readonly actual: OnHost;
  /** Undefined while there is no installation. */
  readonly media: InstallationMedia | undefined;
}

/** What was asked for at the last deployment, and what came of it: by these libvirt's words become inputs again. */
export type Last = Pick<Previous, "inputs"> & {
  readonly facts: Pick<OnHost, "volumePaths" | "namedVolumes" | "macAddresses">;
};

/** What a definition is read with: of some inputs more than their own part says what they are. */
export interface Reading extends Last {
  readonly domain: Element;
}

/** What an element is known by, wherever it stands in a definition. */
export interface Known {
  /** What tells it from others of its name. Default: its place among them. */
  readonly key?: (element: Element) => string | undefined;
  /** Of another kind it is another one: what libvirt has added to the old one doesn't fit it. Default: all are alike. */
  readonly kind?: (element: Element) => string | undefined;
}

/** Where the images of a machine's volumes are. */
export type ImagePlaces = Pick<OnHost, "volumePaths" | "namedVolumes">;

/** By the volumes' ids. */
export function pathsIn({ volumePaths, namedVolumes }: ImagePlaces): Facts["volumePaths"] {
  return { ...namedVolumes, ...volumePaths };
}

/** The part of a machine's definition in which one input stands. */
export interface Part<Value> {
  /** @param parent the new definition, or its devices, as written so far */
  readonly write: (parent: Element, value: Value, machine: Machine) => Element;
  /** The value as the input would give it; what the user didn't set is no drift. */
  readonly read: (parent: Element, asked: Value, reading: Reading) => Value;
  /** By the names of the elements. */
  readonly known?: Readonly<Record<string, Known>>;
  /** The desired definition with what libvirt chose in the actual one. */
  readonly align?: (desired: Element, actual: Element, places: ImagePlaces) => Element;
  /** The actual definition, fitted to what the input can't say of it, but implies. */
  readonly fit?: (actual: Element, previous: Element | undefined, desired: Element) => Element;
}

/** A part for every one of these inputs: one without does not compile. */
export type Parts<Field extends keyof MachineInputs> = { readonly [Key in Field]-?: Part<MachineInputs[Key]> };

/** A value that may be missing. */
export function optional<Value>({ write, read }: Place<Value>): Part<Value | undefined> {
  return { write: (parent, value) => (value === undefined ? parent : write(parent, value)), read };
}

/** A value that there always is: `fallback` where nothing stands. */
export function always<Value>({ write, read }: Place<Value>, fallback: NoInfer<Value>): Part<Value> {
  return { write, read: (parent) => read(parent) ?? fallback };
}

export function append({ name, attributes, children }: Element, ...more: readonly (Element | undefined)[]): Element {
  return el(name, attributes, ...children, ...more);
}

export function mapDevices(domain: Element, map: (device: Element) => Element | undefined): Element {
  return withChild(domain, "devices", mapChildren(find(domain, "devices") ?? el("devices"), map));
}

/** libvirt sorts devices in its own way, and new ones come last in a definition: only what was asked for has an order. */
export function inOrderOf<Item>(
  asked: readonly string[],
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Item[] {
  const place = (item: Item) => (asked.includes(keyOf(item)) ? asked.indexOf(keyOf(item)) : asked.length);
  return items.toSorted((one, other) => place(one) - place(other));
}
