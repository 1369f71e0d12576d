import type { Mark } from "../../../libvirt/mark";
import type { MachineInputs } from "../schema/machine";

type Requested = Pick<MachineInputs, "installer" | "reinstall">;
type Marked = Pick<Mark, "phase" | "reinstall"> | undefined;

/**
 * Whether the inputs request that the machine is installed again. The machine's mark decides if it has the text: it
 * records the text before anything is erased, so a request that was interrupted is continued, and one that is done is
 * not done again.
 * @param last the text of the last deployment
 */
export function isReinstallDue({ installer, reinstall }: Requested, last: string | undefined, mark: Marked): boolean {
  if (installer === undefined || reinstall === undefined) return false;
  if (mark?.reinstall === reinstall) return mark.phase === "reinstalling";
  // A create's own installation continues. Another text starts the installation of an earlier text again.
  if (mark?.phase === "installing") return mark.reinstall !== undefined;
  return reinstall !== last;
}

/** The text that counts as deployed: that of the last installation that has erased something. */
export function reinstallIn(mark: Marked, last: string | undefined): string | undefined {
  return mark === undefined || mark.phase === "reinstalling" ? last : (mark.reinstall ?? last);
}

/**
 * Whether an installation in place of an earlier one was interrupted, or withdrawn: the machine is not ready, or the
 * state has not got its text. The rest may be its end, or only the start of the machine and the deletion of the ISO.
 */
export function isReinstallOpen(mark: Marked, last: string | undefined): boolean {
  return (mark !== undefined && mark.phase !== "ready") || reinstallIn(mark, last) !== last;
}
