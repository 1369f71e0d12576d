import { type Element, textOf } from "../../format/xml";
import { isInstaller } from "./guest/installing";
import type { MachineInputs } from "./schema/machine";

export type RenameStep =
  | { readonly kind: "require-free-name" }
  /** libvirt renames only what is off. */
  | { readonly kind: "turn-off"; readonly how: "ask" | "stop" | "refuse" }
  | { readonly kind: "move-variables" | "rename" | "move-logs"; readonly from: string };

/**
 * The rename comes first, because a machine's files are found by its name. The firmware's variables are moved before
 * the name: after an interruption the next `up` finds the machine under its old name, and continues.
 */
export function planRename(
  desired: Pick<MachineInputs, "name" | "allowRestart" | "running">,
  { definition, live }: { readonly definition: Element; readonly live: Element | undefined },
): RenameStep[] {
  const from = textOf(definition, "name") ?? "";
  if (from === desired.name) return [];
  // An installer would not answer; the installation starts again.
  const how = live !== undefined && isInstaller(live) ? "stop" : mayTurnOff(desired) ? "ask" : "refuse";
  return [
    { kind: "require-free-name" },
    ...(live === undefined ? [] : [{ kind: "turn-off", how } as const]),
    { kind: "move-variables", from },
    { kind: "rename", from },
    { kind: "move-logs", from },
  ];
}

export function mayTurnOff({ allowRestart, running }: Pick<MachineInputs, "allowRestart" | "running">): boolean {
  return allowRestart || running === false;
}
