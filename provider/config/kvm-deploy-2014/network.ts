import { type Element, parse } from "../../format/xml";
import { gatewayOf } from "../../resources/network/ip/gateway";
import { networkXml } from "../../resources/network/definition";
import { valuesIn as valuesInXml } from "../../resources/network/places";
import { networkInputs } from "../../resources/network/schema";
import { respelt } from "../../resources/network/spelling";
import { messageOf } from "../../values/errors";
import { dataOf } from "./facts";
import type { OldNic } from "./shape";
import { fail, filled, lose, loseLine, type Pair, pairNamed, type Path, type Tree } from "./tree";

type Inputs = Readonly<Record<string, unknown>>;

/** The network of a NIC as the tool created it where it was missing; undefined if it must exist. */
export function networkOf(tree: Tree, index: number, { net }: OldNic): Inputs | undefined {
  const at: Path = ["vm", "nic", index, "net"];
  if (net.template === undefined) return undefined;
  const pair = pairNamed(tree, `virsh/network/${net.template}`);
  if (pair === undefined)
    return fail(tree, [...at, "template"], `there is no templates/virsh/network/${net.template}.template`);
  const { text } = filled(tree, pair, dataOf(tree), (expression) =>
    expression.startsWith("net.") ? `config.vm.nic[${index}].${expression}` : expression,
  );
  const root = respelt(rootOf(tree, pair, text, at));
  const { name, ...values } = valuesInXml(root);
  if (name !== net.name)
    lose(tree, [...at, "name"], `is ${net.name}, but the template names the network ${name}; write the same name`);
  const inputs = { ...(cleaned(withoutFirstAddress(values)) as Inputs), shared: true };
  loseOthers(tree, pair, root, { name: net.name, ...inputs });
  return inputs;
}

function rootOf(tree: Tree, { template }: Pair, text: string, at: Path): Element {
  try {
    const root = parse(text);
    if (root.name === "network") return root;
    return fail(tree, [...at, "template"], `${template.path} describes <${root.name}>, not <network>`);
  } catch (error) {
    return fail(tree, [...at, "template"], `${template.path}: ${messageOf(error)}`);
  }
}

/** The default of the host's own address is the first one. */
function withoutFirstAddress(values: Omit<ReturnType<typeof valuesInXml>, "name">): Inputs {
  const { ipv4, ipv6 } = values;
  const short = <Of extends { subnet: string; hostAddress?: string | undefined }>(ip: Of | undefined) =>
    ip?.hostAddress === (ip && gatewayOf({ subnet: ip.subnet })) ? ip && { ...ip, hostAddress: undefined } : ip;
  return { ...values, ipv4: short(ipv4), ipv6: short(ipv6) };
}

/** Without what is empty, at every depth. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) => inner !== undefined && key !== "trunk" && !(Array.isArray(inner) && inner.length === 0),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, cleaned(inner)]));
}

/** What the inputs can't say, found by what is missing when they are written again. */
function loseOthers(tree: Tree, pair: Pair, root: Element, inputs: Inputs): void {
  const parsed = networkInputs.safeParse(inputs);
  // The check of the whole configuration reports it.
  if (!parsed.success) return;
  const kept = new Set(factsIn(respelt(networkXml(parsed.data))).map(({ text }) => text));
  for (const { text, element } of factsIn(root)) {
    if (kept.has(text) || ignored.test(text)) continue;
    const line = pair.template.text.split("\n").findIndex((row) => row.includes(`<${element}`)) + 1;
    loseLine(tree, pair.template, Math.max(1, line), `${text} of a network can't be carried over; remove it here`);
  }
}

/** libvirt's own choices, which it makes again. */
const ignored =
  /^network\/(?:uuid|mac|metadata)\b|^network @connections|^network\/bridge @(?:stp|delay|macTableManager)/;

interface XmlFact {
  readonly text: string;
  readonly element: string;
}

function factsIn(element: Element, around = ""): XmlFact[] {
  const path = around === "" ? element.name : `${around}/${element.name}`;
  const texts = [
    path,
    ...Object.entries(element.attributes).map(([name, value]) => `${path} @${name}="${value}"`),
    ...element.children.filter((child) => typeof child === "string").map((child) => `${path} "${child.trim()}"`),
  ];
  return [
    ...texts.map((text) => ({ text, element: element.name })),
    ...element.children.filter((child) => typeof child !== "string").flatMap((child) => factsIn(child, path)),
  ];
}
