import { parseSize } from "../../libvirt/units";
import type { VolumeInputs } from "./schema";

export type VolumeStep =
  /** The running machine that has it open does it; the image is locked for everybody else. */
  | { readonly kind: "grow-online"; readonly domainUuid: string; readonly bytes: number }
  | { readonly kind: "grow"; readonly bytes: number };

/** @param runningUser UUID of the running machine that has it open */
export function planUpdate(olds: VolumeInputs, news: VolumeInputs, runningUser: string | undefined): VolumeStep[] {
  const bytes = bytesOf(news);
  if (bytes <= bytesOf(olds)) return [];
  return [
    runningUser === undefined ? { kind: "grow", bytes } : { kind: "grow-online", domainUuid: runningUser, bytes },
  ];
}

export function isSmaller(olds: VolumeInputs, news: VolumeInputs): boolean {
  return bytesOf(news) < bytesOf(olds);
}

function bytesOf({ size }: VolumeInputs): number {
  return parseSize(size) ?? 0;
}
