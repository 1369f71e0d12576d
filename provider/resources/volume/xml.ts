import { el, type Element } from "../../format/xml";
import type { VolumeInputs } from "./schema";

/** What it is based on, found on the host. */
export interface BackingImage {
  readonly path: string;
  readonly format: string;
}

/** @param isWhole whether all of its space is taken at once */
export function volumeXml(inputs: VolumeInputs, bytes: number, isWhole: boolean, backing?: BackingImage): Element {
  return el(
    "volume",
    {},
    el("name", {}, inputs.name),
    el("capacity", { unit: "bytes" }, String(bytes)),
    // Without it libvirt fills raw images with zeros at once.
    el("allocation", { unit: "bytes" }, String(isWhole ? bytes : 0)),
    el("target", {}, el("format", { type: inputs.format })),
    backing && el("backingStore", {}, el("path", {}, backing.path), el("format", { type: backing.format })),
  );
}
