import type { Changed } from "../../resource/definition";
import { effectsByPolicy } from "../../resource/diff";
import type { Context } from "../../resource/handler";
import { findVolume, idOf, openersOf } from "./observe";
import type { VolumeInputs } from "./schema";

export async function volumeEffects({ changes, state }: Changed<VolumeInputs>, context: Context): Promise<string[]> {
  const host = context.host(String(state["connection"]));
  const found = await findVolume(host, idOf({ pool: String(state["pool"]), name: String(state["name"]) }));
  const openers = found === undefined ? [] : await openersOf(host, found.place);
  const names = openers.map(({ name }) => name);
  return effectsByPolicy(changes, {
    live: names.length === 0 ? "grows" : `grows while ${names.join(", ")} ${names.length === 1 ? "runs" : "run"}`,
  });
}
