import type { Context } from "../../handler";
import type { Host } from "../../host/index";

/**
 * Notes on the host that a change begins, under a name of its own which the state gets when it has ended: what a killed
 * program has left, done or undone, shows at the next preview, also when no input is different. It is a file, which costs a
 * preview nothing.
 * @returns the name
 */
export function beginChange({ ledger }: Host, uuid: string, { urn, identity }: Context): Promise<string> {
  return ledger.beginChange("network", uuid, { owner: urn, identity });
}

/** For a network that is gone. */
export function forgetChanges({ ledger }: Host, uuid: string): Promise<void> {
  return ledger.release("network", uuid);
}

/** @param known the last change that the state knows of */
export async function hasUnknownChange({ ledger }: Host, uuid: string, known: string | undefined): Promise<boolean> {
  const last = (await ledger.entry("network", uuid))?.change;
  return last !== undefined && last !== known;
}
