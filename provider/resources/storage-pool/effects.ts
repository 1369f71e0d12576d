import type { Changed } from "../../resource/definition";
import { type Change, effectsByPolicy } from "../../resource/diff";
import type { StoragePoolInputs } from "./schema";

export function poolEffects({ changes, state }: Changed<StoragePoolInputs>): string[] {
  const [power, others] = [changes.filter(isPower), changes.filter((change) => !isPower(change))];
  const verb = power.some(({ after }) => after === true) ? "starts" : "stops";
  return [
    ...effectsByPolicy(power, { live: `${verb} storage pool ${String(state["name"])}` }),
    ...effectsByPolicy(others, { live: "changes at once; volumes are not affected" }),
  ];
}

function isPower({ path }: Change): boolean {
  return path === "running";
}
