import { attributeOf, type Element, textOf } from "../../format/xml";
import { formatSize } from "../../libvirt/units";
import type { VolumeInputs } from "./schema";

/** The inputs as libvirt has them now. */
export function readVolume(volume: Element, inputs: VolumeInputs): VolumeInputs {
  const bytes = Number(textOf(volume, "capacity"));
  const format = attributeOf(volume, "target/format", "type");
  return {
    connection: inputs.connection,
    name: textOf(volume, "name") ?? inputs.name,
    pool: inputs.pool,
    format: format === "raw" ? "raw" : "qcow2",
    size: formatSize(bytes),
  };
}

export function pathOf(volume: Element): string {
  return textOf(volume, "target/path") ?? "";
}
