import { runningThat, usesVolume } from "../../libvirt/users";
import type { Failure } from "../../resource/handler";
import type { Host } from "../../resource/host";
import { findVolume, type Found, idOf, openersOf } from "./observe";
import { bytesOf, readVolume } from "./places";
import { planGrowth } from "./plan";
import { traitsOf } from "./pool-traits";
import type { VolumeInputs } from "./schema";
import { isSmaller, isSmallerThan } from "./size";

/** What prevents a volume from getting its desired size. */
export async function sizeFailures(host: Host, olds: VolumeInputs, inputs: VolumeInputs): Promise<Failure[]> {
  const [{ keepsSizes }, found] = await Promise.all([traitsOf(host, inputs.pool), findVolume(host, idOf(inputs))]);
  if (found === undefined) return isSmaller(olds, inputs) ? [tooSmall(inputs, olds.size)] : [];
  const actual = bytesOf(found.volume, inputs.format);
  const { pool, size = "" } = inputs;
  if (isSmallerThan(actual, inputs)) return [tooSmall(inputs, readVolume(found.volume, inputs, undefined).size)];
  if (planGrowth(actual, inputs, []).length === 0) return [];
  if (!keepsSizes) return inChain(host, found);
  const remedy = `Grow it with the storage's own tools (a volume group: lvextend --size ${size} ${found.place.path}), run \`virsh pool-refresh ${pool}\`, then \`pulumi up\``;
  return [
    {
      property: "size",
      reason: `is more than the volume has, and libvirt can't grow volumes of this kind of pool. ${remedy}`,
    },
  ];
}

function tooSmall({ size }: VolumeInputs, has: string | undefined): Failure {
  const reason = `${size ?? ""} is less than the ${has ?? ""} that the volume has, and a smaller image would lose data of the guest. Write size: ${has ?? ""}, or create another Volume and copy the data`;
  return { property: "size", reason };
}

/** The base of a running machine's disk can't grow: QEMU has the image open, and grows only the top one. */
async function inChain(host: Host, { place }: Found): Promise<Failure[]> {
  const [users, openers] = await Promise.all([runningThat(host.libvirt, usesVolume(place)), openersOf(host, place)]);
  const based = users.filter(({ uuid }) => !openers.some((opener) => opener.uuid === uuid)).map(({ name }) => name);
  if (based.length === 0) return [];
  const reason = `the volume can't grow while disks of running machines are based on it: ${based.join(", ")}. Shut these machines down first`;
  return [{ property: "size", reason }];
}
