import { KvmError } from "../../errors";
import type { Failure } from "../../handler";
import type { Host } from "../../host/index";
import { definitionNamed } from "../../libvirt/look-up";
import { findVolume, idOf } from "./places";
import { planUpdate } from "./plan";
import { bytesOf } from "./read";
import type { VolumeInputs } from "./schema";

/** What the kind of its pool means for a volume. */
export interface PoolTraits {
  /** Whether its volumes are devices, not files. */
  readonly hasDevices: boolean;
  /** Whether libvirt has no way to change a volume's size. */
  readonly keepsSizes: boolean;
  /**
   * Whether a volume has all of its space from the beginning: in a volume group, one with less would be a snapshot of
   * nothing, whose data is lost when that is full.
   */
  readonly givesAllSpace: boolean;
}

const ofFixedSizes: readonly (string | undefined)[] = ["logical", "iscsi", "zfs", "disk", "scsi", "mpath"];

/** Of a pool that isn't there yet: those of a folder. */
export async function traitsOf({ libvirt }: Host, pool: string): Promise<PoolTraits> {
  const type = (await definitionNamed(libvirt, "pool", pool))?.root.attributes["type"];
  const keepsSizes = ofFixedSizes.includes(type);
  return { hasDevices: keepsSizes || type === "rbd", keepsSizes, givesAllSpace: type === "logical" };
}

export function requireFormat({ hasDevices }: PoolTraits, { pool, format }: VolumeInputs): void {
  if (format === "raw" || !hasDevices) return;
  throw new KvmError("invalid-input", `"${format}" is not for storage pool "${pool}", whose volumes are devices`, {
    property: "format",
    remedy: 'Set format to "raw"',
  });
}

/** What hinders a volume from growing to the size that it is to have. */
export async function growthFailures(host: Host, inputs: VolumeInputs): Promise<Failure[]> {
  const [{ keepsSizes }, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
  if (!keepsSizes || found === undefined || planUpdate(bytesOf(found.volume), inputs, undefined).length === 0)
    return [];
  const { pool, size = "" } = inputs;
  const remedy = `Grow it by its storage's own means (a volume group: lvextend --size ${size} ${found.place.path}), run \`virsh pool-refresh ${pool}\`, then \`pulumi up\``;
  return [
    {
      property: "size",
      reason: `is more than the volume has, and libvirt can't grow volumes of this kind of pool. ${remedy}`,
    },
  ];
}
