import { render } from "../../format/xml";
import type { VolumeSource } from "../../libvirt/client";
import { KvmError } from "../../values/errors";
import { formatSize, parseSize } from "../../values/units";
import type { PoolTraits } from "./kinds";
import type { VolumeInputs } from "./schema";
import { type BackingImage, volumeXml } from "./xml";

export type VolumeStep =
  /** @property preallocate for qcow2 alone: of a raw image the XML says it */
  | { readonly kind: "create"; readonly xml: string; readonly preallocate: boolean }
  | { readonly kind: "clone"; readonly xml: string; readonly source: VolumeSource }
  | { readonly kind: "upload"; readonly file: string }
  | { readonly kind: "grow"; readonly bytes: number }
  /** The running machine that has it open does it; the image is locked for everybody else. */
  | { readonly kind: "grow-online"; readonly domainUuid: string; readonly path: string; readonly bytes: number };

/** What a volume begins with, found on the host. */
export type Material =
  | { readonly kind: "empty"; readonly backing: BackingImage | undefined }
  /** @property bytes the disk's size as the image has it @property stamp tells whether the file was changed since */
  | { readonly kind: "file"; readonly file: string; readonly bytes: number; readonly stamp: string }
  | { readonly kind: "volume"; readonly source: VolumeSource; readonly bytes: number };

/**
 * A volume gets the size of its content first: nothing of it is cut off, and nothing is left behind its end. Only where
 * it can't grow, it has its own size at once.
 */
export function planCreate(
  inputs: VolumeInputs,
  material: Material,
  { keepsSizes, givesAllSpace }: Pick<PoolTraits, "keepsSizes" | "givesAllSpace">,
): VolumeStep[] {
  const isWhole = inputs.preallocate || givesAllSpace;
  if (material.kind === "empty") {
    const xml = render(volumeXml(inputs, wantedBytes(inputs) ?? 0, isWhole, material.backing));
    return [{ kind: "create", xml, preallocate: inputs.preallocate && inputs.format === "qcow2" }];
  }
  const bytes = requireFits(material.bytes, inputs);
  const first = keepsSizes ? bytes : material.bytes;
  const xml = render(volumeXml(inputs, first, isWhole));
  return [...begin(xml, material), ...(bytes > first ? [{ kind: "grow", bytes } as const] : [])];
}

function begin(xml: string, material: Exclude<Material, { readonly kind: "empty" }>): VolumeStep[] {
  if (material.kind === "volume") return [{ kind: "clone", xml, source: material.source }];
  return [
    { kind: "create", xml, preallocate: false },
    { kind: "upload", file: material.file },
  ];
}

/**
 * The volume's bytes.
 * @throws KvmError when the content is larger
 */
export function requireFits(content: number, inputs: VolumeInputs): number {
  const wanted = wantedBytes(inputs) ?? content;
  if (wanted >= content) return wanted;
  throw new KvmError("invalid-input", `${formatSize(wanted)} is less than the ${formatSize(content)} of the source`, {
    property: "size",
    remedy: `Write at least ${formatSize(content)}, or leave size out`,
  });
}

/** A running machine that has the volume open as a disk. */
export interface Opener {
  readonly domainUuid: string;
  readonly path: string;
}

/** @param present its bytes on the host now @param openers each has to see the new size */
export function planGrowth(present: number, inputs: VolumeInputs, openers: readonly Opener[]): VolumeStep[] {
  const bytes = wantedBytes(inputs) ?? 0;
  if (bytes <= present) return [];
  if (openers.length === 0) return [{ kind: "grow", bytes }];
  return openers.map((opener) => ({ kind: "grow-online", ...opener, bytes }));
}

/** @param present its bytes on the host now */
export function isSmallerThan(present: number, inputs: VolumeInputs): boolean {
  return (wantedBytes(inputs) ?? Infinity) < present;
}

export function isSmaller(olds: VolumeInputs, news: VolumeInputs): boolean {
  return (wantedBytes(news) ?? Infinity) < (wantedBytes(olds) ?? 0);
}

function wantedBytes({ size }: VolumeInputs): number | undefined {
  return size === undefined ? undefined : parseSize(size);
}
