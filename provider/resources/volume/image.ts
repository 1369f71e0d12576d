import path from "node:path";
import type { Host } from "../../host/index";
import type { LedgerEntry } from "../../host/ledger";
import { type Found, thingOf } from "../../images";
import { idOf } from "./places";
import type { VolumeInputs } from "./schema";

/** What the ledger keeps of an image that is there. */
export async function factsOf(
  host: Host,
  found: Found,
  { format }: Pick<VolumeInputs, "format">,
): Promise<Pick<LedgerEntry, "thing" | "format" | "folder">> {
  const [thing, folder] = await Promise.all([
    thingOf(host, found),
    host.files.fingerprint(path.dirname(found.place.path)),
  ]);
  return { thing, format, folder };
}

/**
 * Whether a volume that libvirt does not list is gone. In a pool that is not active nothing can be told, nor where another
 * folder lies in the place of the one that it was made in, as when a file system is not mounted.
 */
export async function isGone(host: Host, inputs: VolumeInputs, image: string | undefined): Promise<boolean> {
  const pool = await host.libvirt.find("pool", inputs.pool);
  if (pool?.isActive !== true) return false;
  const folder = (await host.ledger.entry("volume", idOf(inputs)))?.folder;
  return folder === undefined || image === undefined || folder === (await host.files.fingerprint(path.dirname(image)));
}
