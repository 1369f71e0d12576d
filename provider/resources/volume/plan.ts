import { render } from "../../format/xml";
import type { VolumeSource } from "../../libvirt/client";
import { type BackingImage, volumeXml } from "./places";
import type { PoolTraits } from "./pool-traits";
import type { VolumeInputs } from "./schema";
import { desiredBytes, requireFits } from "./size";

export type VolumeStep =
  /** Records in the ledger that its content isn't complete. */
  | { readonly kind: "begin" }
  /** @property preallocate for qcow2 alone: of a raw image the XML says it */
  | { readonly kind: "create"; readonly xml: string; readonly preallocate: boolean }
  | { readonly kind: "clone"; readonly xml: string; readonly source: VolumeSource }
  | { readonly kind: "upload"; readonly file: string }
  | { readonly kind: "grow"; readonly bytes: number }
  /** The running machine that has it open does it; the image is locked for everybody else. */
  | { readonly kind: "grow-online"; readonly domainUuid: string; readonly path: string; readonly bytes: number }
  | { readonly kind: "delete" }
  /** Takes it out of the ledger. */
  | { readonly kind: "release" };

/** The first content of a volume, found on the host. */
export type Material =
  | { readonly kind: "empty"; readonly backing: BackingImage | undefined }
  /** @property bytes the disk's size as the image has it @property stamp tells whether the file was changed since */
  | { readonly kind: "file"; readonly file: string; readonly bytes: number; readonly stamp: string }
  | { readonly kind: "volume"; readonly source: VolumeSource; readonly bytes: number };

/** @param hasRemains whether an interrupted create has left something, which is discarded */
export function planCreate(
  inputs: VolumeInputs,
  material: Material,
  traits: Pick<PoolTraits, "keepsSizes" | "givesAllSpace">,
  hasRemains: boolean,
): VolumeStep[] {
  const making = planMaking(inputs, material, traits);
  return [...(hasRemains ? [{ kind: "delete" } as const] : []), { kind: "begin" }, ...making];
}

/**
 * A volume first gets the size of its content: nothing is truncated, and nothing remains after its end. Only if it
 * can't grow, it has its own size at once.
 */
function planMaking(
  inputs: VolumeInputs,
  material: Material,
  { keepsSizes, givesAllSpace }: Pick<PoolTraits, "keepsSizes" | "givesAllSpace">,
): VolumeStep[] {
  const { name, format } = inputs;
  const xmlOf = (size: number, backing?: BackingImage) => {
    const preallocate = inputs.preallocate || givesAllSpace ? size : 0;
    return render(volumeXml({ name, format, size, preallocate, backing }));
  };
  if (material.kind === "empty") {
    const xml = xmlOf(desiredBytes(inputs) ?? 0, material.backing);
    return [{ kind: "create", xml, preallocate: inputs.preallocate && format === "qcow2" }];
  }
  const bytes = requireFits(material.bytes, inputs);
  const first = keepsSizes ? bytes : material.bytes;
  return [...planContent(xmlOf(first), material), ...(bytes > first ? [{ kind: "grow", bytes } as const] : [])];
}

function planContent(xml: string, material: Exclude<Material, { readonly kind: "empty" }>): VolumeStep[] {
  if (material.kind === "volume") return [{ kind: "clone", xml, source: material.source }];
  return [
    { kind: "create", xml, preallocate: false },
    { kind: "upload", file: material.file },
  ];
}

/** A running machine that has the volume open as a disk. */
export interface Opener {
  readonly domainUuid: string;
  readonly path: string;
}

/** @param actual its bytes on the host now @param openers each needs the new size */
export function planGrowth(actual: number, inputs: VolumeInputs, openers: readonly Opener[]): VolumeStep[] {
  const bytes = desiredBytes(inputs) ?? 0;
  if (bytes <= actual) return [];
  if (openers.length === 0) return [{ kind: "grow", bytes }];
  return openers.map((opener) => ({ kind: "grow-online", ...opener, bytes }));
}

/** @param isDeleted whether the image is deleted; if not, it stays on the host without a record */
export function planRemove(isDeleted: boolean): VolumeStep[] {
  return [...(isDeleted ? [{ kind: "delete" } as const] : []), { kind: "release" }];
}
