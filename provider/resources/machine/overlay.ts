import { KvmError, messageOf, NotFound } from "../../errors";
import { renderTemplate } from "../../format/template";
import { escapeXml, parse } from "../../format/xml";
import { readTextSync } from "../../host/files";
import { resolveTable } from "../../install/shared/table";
import type { MachineInputs } from "./schema";

type Overlay = NonNullable<MachineInputs["xml"]>;

/** The inputs with the overlay's text: whatever it is made from, a change of it shows. */
export function withOverlayText(inputs: MachineInputs): MachineInputs {
  const { xml } = inputs;
  if (xml === undefined) return inputs;
  const [property, text] =
    xml.template === undefined
      ? (["xml.overlay", xml.overlay ?? ""] as const)
      : (["xml.template", rendered(xml)] as const);
  requireDomain(text, property);
  return { ...inputs, xml: { ...xml, text } };
}

function rendered({ template, table, data }: Overlay): string {
  const variables = table === undefined ? {} : resolveTable(fileOf(table, "xml.table"), data);
  return renderTemplate(fileOf(template ?? "", "xml.template"), { ...data, ...variables }, escapeXml).text;
}

/** A file on the machine that runs Pulumi. */
function fileOf(path: string, property: string): { path: string; text: string } {
  const text = readTextSync(path);
  if (text !== undefined) return { path, text };
  throw new NotFound(`the file ${path} does not exist`, {
    property,
    remedy: "Give its path from the folder of the Pulumi program",
  });
}

function requireDomain(text: string, property: string): void {
  const remedy = "Write elements of libvirt's XML in a <domain>";
  try {
    if (parse(text).name === "domain") return;
  } catch (cause) {
    throw new KvmError("invalid-input", messageOf(cause), { property, remedy, cause });
  }
  throw new KvmError("invalid-input", "has another outermost element", { property, remedy });
}
