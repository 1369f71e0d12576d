import type { VolumeNote } from "../../libvirt/client";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { VolumeStep } from "./plan";
import type { VolumeInputs } from "./schema";

/** @param note has what is made noted by whoever makes it */
export async function runStep(
  { libvirt, lock }: Host,
  { pool, name }: VolumeInputs,
  step: VolumeStep,
  context: Context,
  note?: VolumeNote,
): Promise<void> {
  const noted = note === undefined ? {} : { note };
  // One at a time in each pool: libvirt refuses some work in a pool while another is under way.
  const alone = (work: () => Promise<void>) => lock(`pool ${pool}`, work, context);
  switch (step.kind) {
    case "create":
      return alone(() => libvirt.createVolume(pool, step.xml, { preallocate: step.preallocate, ...noted }));
    // Those that take long let others go on.
    case "clone":
      return libvirt.createVolume(pool, step.xml, { source: step.source, ...noted });
    case "upload":
      return libvirt.uploadVolume(pool, name, step.file);
    case "grow":
      return alone(() => libvirt.resizeVolume(pool, name, step.bytes));
    case "grow-online":
      return libvirt.resizeBlock(step.domainUuid, step.path, step.bytes);
  }
}
