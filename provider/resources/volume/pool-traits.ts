import { definitionNamed } from "../../libvirt/look-up";
import { poolDirectory, poolType } from "../../libvirt/storage";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import type { VolumeInputs } from "./schema";

/** The properties of a volume that follow from the kind of its pool. */
export interface PoolTraits {
  /** Whether its volumes are devices, not files. */
  readonly hasDevices: boolean;
  /** Whether libvirt can't change a volume's size. */
  readonly keepsSizes: boolean;
  /**
   * Whether all of a volume's space is allocated at its creation: in a volume group, one with less would be a snapshot
   * of nothing, whose data is lost when it is full.
   */
  readonly givesAllSpace: boolean;
  /** The directory of its volumes; undefined if libvirt names none. */
  readonly directory: string | undefined;
}

const ofFixedSizes: readonly (string | undefined)[] = ["logical", "iscsi", "zfs", "disk", "scsi", "mpath"];

/** A pool that doesn't exist yet is treated as a directory. */
export async function traitsOf({ libvirt }: Host, pool: string): Promise<PoolTraits> {
  const root = (await definitionNamed(libvirt, "pool", pool))?.root;
  const [type, directory] = root === undefined ? [] : [poolType.read(root), poolDirectory.read(root)];
  const keepsSizes = ofFixedSizes.includes(type);
  return { hasDevices: keepsSizes || type === "rbd", keepsSizes, givesAllSpace: type === "logical", directory };
}

export function requireFormat({ hasDevices }: PoolTraits, { pool, format }: VolumeInputs): void {
  if (format === "raw" || !hasDevices) return;
  throw new KvmError("invalid-input", `"${format}" is not for storage pool "${pool}", whose volumes are devices`, {
    property: "format",
    remedy: 'Set format to "raw"',
  });
}
