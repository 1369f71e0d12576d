import { el, type Element } from "../../format/xml";
import type { StoragePoolInputs } from "./schema";

export function storagePoolXml({ name, path }: StoragePoolInputs): Element {
  return el("pool", { type: "dir" }, el("name", {}, name), el("target", {}, el("path", {}, path)));
}
