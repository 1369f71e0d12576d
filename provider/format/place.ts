import { isDeepStrictEqual } from "node:util";
import { formatSize, parseSize, type Size } from "../values/units";
import { childrenOf, el, type Element, find, isEmpty, textOf, withAttributes, withChild } from "./xml";

/**
 * The place of a value in an element. One description writes the value and reads it back, so a value is never read as
 * another.
 */
export interface Place<Value> {
  readonly write: (element: Element, value: Value) => Element;
  /** Undefined if the place is empty. */
  readonly read: (element: Element) => Value | undefined;
}

/** A place for every key: a new key without a place does not compile. */
export type Places<Values> = { readonly [Key in keyof Values]-?: Place<NonNullable<Values[Key]>> };

/** The text of a value. */
export interface Spelling<Value> {
  readonly format: (value: Value) => string;
  readonly parse: (text: string) => Value;
}

export const number: Spelling<number> = { format: String, parse: Number };
export const onOff = pair("on", "off");
export const yesNo = pair("yes", "no");

export function pair(yes: string, no: string): Spelling<boolean> {
  return { format: (value) => (value ? yes : no), parse: (text) => text === yes };
}

/** A size as a number of units, such as 1024 for KiB. */
export function sizeIn(unit: number): Spelling<Size> {
  return {
    format: (size) => String(Math.ceil((parseSize(size) ?? 0) / unit)),
    parse: (text) => formatSize(Number(text) * unit),
  };
}

function asIs<Value extends string>(): Spelling<Value> {
  return { format: (value) => value, parse: (text) => text as Value };
}

/** @param path of elements, with an attribute at its end if the value is one: `driver/@cache` */
export function at<Value extends string>(path: string): Place<Value>;
export function at<Value>(path: string, spelling: Spelling<Value>): Place<Value>;
export function at<Value>(path: string, spelling?: Spelling<Value>): Place<Value> {
  const { format, parse } = spelling ?? (asIs() as unknown as Spelling<Value>);
  const [steps, attribute] = split(path);
  return {
    write: (element, value) =>
      edit(element, steps, (found) =>
        attribute === undefined
          ? el(found.name, found.attributes, format(value), ...childrenOf(found))
          : withAttributes(found, { [attribute]: format(value) }),
      ),
    read: (element) => {
      const found = lookUp(element, steps);
      const text = attribute === undefined ? textOf(found) : found?.attributes[attribute];
      return text === undefined ? undefined : parse(text);
    },
  };
}

/** A place that is empty for the value `fallback`. */
export function orElse<Value>({ write, read }: Place<Value>, fallback: NoInfer<Value>): Place<Value> {
  return {
    write: (element, value) => (value === fallback ? element : write(element, value)),
    read: (element) => read(element) ?? fallback,
  };
}

/** A place that is always written; where another program has left it out, `fallback` is what that means. */
export function withDefault<Value>({ write, read }: Place<Value>, fallback: NoInfer<Value>): Place<Value> {
  return { write, read: (element) => read(element) ?? fallback };
}

/** True if the element exists. */
export function presence(path: string): Place<boolean> {
  const steps = path.split("/");
  return {
    write: (element, value) => (value ? edit(element, steps, (found) => found) : element),
    read: (element) => find(element, path) !== undefined,
  };
}

/** An element with a number and its unit, as libvirt writes sizes: `<memory unit="KiB">1024</memory>`. */
export function sizeAt(path: string): Place<Size> {
  const steps = path.split("/");
  const kibibytes = sizeIn(1024);
  return {
    write: (element, value) => edit(element, steps, ({ name }) => el(name, { unit: "KiB" }, kibibytes.format(value))),
    read: (element) => {
      const found = find(element, path);
      const bytes = parseSize(`${textOf(found) ?? ""}${found?.attributes["unit"] ?? "KiB"}`);
      return bytes === undefined ? undefined : formatSize(bytes);
    },
  };
}

/** An object whose values are in an element of their own. */
export function inside<Values extends object>(path: string, places: Places<Values>): Place<Values> {
  const steps = path.split("/");
  return {
    write: (element, values) => edit(element, steps, (found) => write(found, places, values)),
    read: (element) => {
      const found = find(element, path);
      return found === undefined ? undefined : (read(found, places) as Values);
    },
  };
}

/** The same, where an element that says nothing of these values is as good as none. */
export function filled<Values extends object>(path: string, places: Places<Values>): Place<Values> {
  const whole = inside(path, places);
  const nothing = read(el("nothing"), places);
  return {
    write: (element, values) =>
      isEmpty(write(el("nothing"), places, values)) ? element : whole.write(element, values),
    read: (element) => {
      const values = whole.read(element);
      return isDeepStrictEqual(values, nothing) ? undefined : values;
    },
  };
}

/** An object whose values stand in the element itself. */
export function object<Values extends object>(places: Places<Values>): Place<Values> {
  return {
    write: (element, values) => write(element, places, values),
    read: (element) => read(element, places) as Values,
  };
}

/** A list, with an element of that name for each of its items: `forward/interface`. */
export function each<Item>(path: string, item: Place<Item>): Place<Item[]> {
  const parents = path.split("/");
  const name = parents.pop() ?? "";
  const withItems = (parent: Element, items: readonly Item[]) =>
    el(parent.name, parent.attributes, ...parent.children, ...items.map((value) => item.write(el(name), value)));
  return {
    write: (element, items) =>
      items.length === 0 ? element : edit(element, parents, (parent) => withItems(parent, items)),
    read: (element) =>
      childrenOf(lookUp(element, parents), name)
        .map((child) => item.read(child))
        .filter((value) => value !== undefined),
  };
}

/** The element with every value that is given. */
export function write<Values extends object>(element: Element, places: Places<Values>, values: Values): Element {
  return keysOf(places).reduce((written, key) => {
    const value = values[key];
    return value === undefined || value === null ? written : places[key].write(written, value);
  }, element);
}

/** The values that stand in the element. */
export function read<Values extends object>(element: Element, places: Places<Values>): Partial<Values> {
  const found = Object.entries(readEach(element, places));
  return Object.fromEntries(found.filter(([, value]) => value !== undefined)) as Partial<Values>;
}

/** The same with every key: undefined where nothing stands. */
export function readEach<Values extends object>(element: Element, places: Places<Values>): Loose<Values> {
  return Object.fromEntries(keysOf(places).map((key) => [key, places[key].read(element)])) as Loose<Values>;
}

type Loose<Values> = { readonly [Key in keyof Values]?: Values[Key] | undefined };

/**
 * The values read from the host, without those that the inputs don't set: a value that libvirt adds is no difference if
 * it is the expected one.
 */
export function withoutDefaults<Values extends object>(
  actual: Values,
  desired: Loose<Values> | undefined,
  expected: Loose<Values>,
): Values {
  const isReported = (key: string) => {
    const at = key as keyof Values;
    return desired?.[at] !== undefined || !isDeepStrictEqual(actual[at], expected[at]);
  };
  return Object.fromEntries(Object.entries(actual).filter(([key]) => isReported(key))) as Values;
}

function keysOf<Values extends object>(places: Places<Values>): (keyof Values)[] {
  return Object.keys(places) as (keyof Values)[];
}

function split(path: string): [steps: readonly string[], attribute: string | undefined] {
  const [elements = "", attribute] = path.split("@");
  return [elements.split("/").filter((step) => step !== ""), attribute];
}

function lookUp(element: Element, steps: readonly string[]): Element | undefined {
  return steps.length === 0 ? element : find(element, steps.join("/"));
}

/** The element with the element at the end of the path edited; missing elements are created. */
function edit(element: Element, [step, ...rest]: readonly string[], change: (found: Element) => Element): Element {
  if (step === undefined) return change(element);
  return withChild(element, step, edit(find(element, step) ?? el(step), rest, change));
}
