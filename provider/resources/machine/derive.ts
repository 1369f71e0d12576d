import { renderTemplate } from "../../format/template";
import { childrenOf, type Element, escapeXml, find, parse } from "../../format/xml";
import { programFileSync } from "../../host/program-files";
import { resolveTable } from "../../install/shared/table";
import { KvmError, messageOf } from "../../values/errors";
import type { MachineInputs } from "./schema/machine";

type Overlay = NonNullable<MachineInputs["xml"]>;

/** The inputs with the text of the overlay, so that a change of any of its sources is a change of the text. */
export function withOverlayText(inputs: MachineInputs): MachineInputs {
  const { xml } = inputs;
  if (xml === undefined) return inputs;
  const [property, text] =
    xml.template === undefined
      ? (["xml.overlay", xml.overlay ?? ""] as const)
      : (["xml.template", rendered(xml)] as const);
  refuseIdentity(domainOf(text, property), property);
  return { ...inputs, xml: { ...xml, text } };
}

function rendered({ template, table, data }: Overlay): string {
  const variables = table === undefined ? {} : resolveTable(fileOf(table, "xml.table"), data);
  return renderTemplate(fileOf(template ?? "", "xml.template"), { ...data, ...variables }, escapeXml).text;
}

function fileOf(path: string, property: string): { path: string; text: string } {
  return { path, text: programFileSync(path, property) };
}

function domainOf(text: string, property: string): Element {
  const remedy = "Write elements of libvirt's XML in a <domain>";
  const root = parsed(text, property, remedy);
  if (root.name === "domain") return root;
  throw new KvmError("invalid-input", "has another root element", { property, remedy });
}

function parsed(text: string, property: string, remedy: string): Element {
  try {
    return parse(text);
  } catch (cause) {
    throw new KvmError("invalid-input", messageOf(cause), { property, remedy, cause });
  }
}

/** The elements that identify a machine and its owner. */
function refuseIdentity(domain: Element, property: string): void {
  const own = ["name", "uuid"].find((name) => find(domain, name) !== undefined);
  if (own !== undefined) {
    const remedy = own === "name" ? "Remove it, and set the machine's own `name`" : "Remove it: kvm-deploy sets it";
    throw new KvmError("invalid-input", `has a <${own}>, which identifies the machine`, { property, remedy });
  }
  if (!isMarked(domain)) return;
  const what = "has metadata of kvm-deploy, which identifies its machines";
  throw new KvmError("invalid-input", what, { property, remedy: "Remove it; your own metadata may stay" });
}

/** Finds kvm-deploy's metadata by its name or its namespace, with any prefix. */
function isMarked(element: Element): boolean {
  const namespaces = Object.values(element.attributes);
  const isOwn = element.name.startsWith("kvm-deploy:") || namespaces.some((uri) => uri.startsWith("urn:kvm-deploy:"));
  return isOwn || childrenOf(element).some(isMarked);
}
