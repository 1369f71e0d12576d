import { KvmError } from "../../values/errors";
import { formatSize, parseSize } from "../../values/units";
import type { VolumeInputs } from "./schema";

type Sized = Pick<VolumeInputs, "size">;

/** Undefined: the size of its content. */
export function desiredBytes({ size }: Sized): number | undefined {
  return size === undefined ? undefined : parseSize(size);
}

/**
 * The volume's bytes.
 * @throws KvmError if the content is larger
 */
export function requireFits(content: number, inputs: Sized): number {
  const desired = desiredBytes(inputs) ?? content;
  if (desired >= content) return desired;
  throw new KvmError("invalid-input", `${formatSize(desired)} is less than the ${formatSize(content)} of the source`, {
    property: "size",
    remedy: `Write at least ${formatSize(content)}, or remove size`,
  });
}

/** @param actual its bytes on the host now */
export function isSmallerThan(actual: number, inputs: Sized): boolean {
  return (desiredBytes(inputs) ?? Infinity) < actual;
}

export function isSmaller(previous: Sized, desired: Sized): boolean {
  return isSmallerThan(desiredBytes(previous) ?? 0, desired);
}
