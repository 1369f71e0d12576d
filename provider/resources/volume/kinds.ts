import { textOf } from "../../format/xml";
import { definitionNamed } from "../../libvirt/look-up";
import { opensVolume, runningThat, usesVolume } from "../../libvirt/users";
import type { Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { KvmError } from "../../values/errors";
import { findVolume, type Found, idOf } from "./places";
import { isSmaller, isSmallerThan, planGrowth } from "./plan";
import { bytesOf, readVolume } from "./read";
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
  /** Where its volumes lie; undefined where libvirt tells no place. */
  readonly folder: string | undefined;
}

const ofFixedSizes: readonly (string | undefined)[] = ["logical", "iscsi", "zfs", "disk", "scsi", "mpath"];

/** Of a pool that isn't there yet: those of a folder. */
export async function traitsOf({ libvirt }: Host, pool: string): Promise<PoolTraits> {
  const root = (await definitionNamed(libvirt, "pool", pool))?.root;
  const type = root?.attributes["type"];
  const keepsSizes = ofFixedSizes.includes(type);
  return {
    hasDevices: keepsSizes || type === "rbd",
    keepsSizes,
    givesAllSpace: type === "logical",
    folder: textOf(root, "target/path"),
  };
}

export function requireFormat({ hasDevices }: PoolTraits, { pool, format }: VolumeInputs): void {
  if (format === "raw" || !hasDevices) return;
  throw new KvmError("invalid-input", `"${format}" is not for storage pool "${pool}", whose volumes are devices`, {
    property: "format",
    remedy: 'Set format to "raw"',
  });
}

/** What hinders a volume from getting the size that it is to have. */
export async function sizeFailures(host: Host, olds: VolumeInputs, inputs: VolumeInputs): Promise<Failure[]> {
  const [{ keepsSizes }, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
  if (found === undefined) return isSmaller(olds, inputs) ? [tooSmall(inputs, olds.size)] : [];
  const present = bytesOf(found.volume, inputs.format);
  const { pool, size = "" } = inputs;
  if (isSmallerThan(present, inputs)) return [tooSmall(inputs, readVolume(found.volume, inputs, undefined).size)];
  if (planGrowth(present, inputs, []).length === 0) return [];
  if (!keepsSizes) return inChain(host, found);
  const remedy = `Grow it by its storage's own means (a volume group: lvextend --size ${size} ${found.place.path}), run \`virsh pool-refresh ${pool}\`, then \`pulumi up\``;
  return [
    {
      property: "size",
      reason: `is more than the volume has, and libvirt can't grow volumes of this kind of pool. ${remedy}`,
    },
  ];
}

function tooSmall({ size }: VolumeInputs, has: string | undefined): Failure {
  const reason = `${size ?? ""} is less than the ${has ?? ""} that the volume has, and a smaller image would cut off what the guest has written. Write size: ${has ?? ""}, or make a new Volume and copy the data`;
  return { property: "size", reason };
}

/** What a running machine's disk is based on can't grow: QEMU has the image open, and grows only what is on top. */
async function inChain({ libvirt }: Host, { place }: Found): Promise<Failure[]> {
  const [users, openers] = await Promise.all([
    runningThat(libvirt, usesVolume(place)),
    runningThat(libvirt, opensVolume(place)),
  ]);
  const based = users.filter(({ uuid }) => !openers.some((opener) => opener.uuid === uuid)).map(({ name }) => name);
  if (based.length === 0) return [];
  const reason = `the volume can't grow while machines run whose disks are based on it: ${based.join(", ")}. Shut them down first`;
  return [{ property: "size", reason }];
}
