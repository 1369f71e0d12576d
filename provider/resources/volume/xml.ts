import { el, type Element } from "../../format/xml";
import { parseSize } from "../../libvirt/units";
import type { VolumeInputs } from "./schema";

export function volumeXml({ name, format, size }: VolumeInputs): Element {
  return el(
    "volume",
    {},
    el("name", {}, name),
    el("capacity", { unit: "bytes" }, String(parseSize(size))),
    // Without it libvirt fills raw images with zeros at once.
    el("allocation", { unit: "bytes" }, "0"),
    el("target", {}, el("format", { type: format })),
  );
}
