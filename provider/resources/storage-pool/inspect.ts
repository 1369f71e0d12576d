import path from "node:path";
import { supportsPool } from "../../libvirt/capabilities";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { Previewed } from "../../resource/known";
import { Conflict, KvmError, NotFound } from "../../values/errors";
import { findPresent } from "./claim";
import { typeOf } from "./kinds";
import { directoriesOfPools } from "./observe";
import { isUuid } from "./places";
import type { StoragePoolInputs } from "./schema";

/** What libvirt would refuse later on is reported at preview. Each look by itself: an unknown name hides no failure. */
export async function inspect(inputs: Previewed<StoragePoolInputs>, context: Context): Promise<void> {
  const found = await inputs.whenKnown(async (known) => ({ present: await findPresent(known, context) }));
  if (found?.present !== undefined) return;
  // One that is to be taken over is there.
  if (found === undefined && inputs.known(({ adopt }) => adopt) !== false) return;
  const looks = [requireDriver, requireSecret, ...(found === undefined ? [] : [requireFreeDirectory]), requireNoFile];
  for (const look of looks) await inputs.whenKnown((known) => look(context.host(known.connection), known));
}

async function requireDriver({ libvirt }: Host, inputs: StoragePoolInputs): Promise<void> {
  const type = typeOf(inputs);
  if (supportsPool(await libvirt.poolCapabilities(), type)) return;
  throw new KvmError("unsupported", `the host's libvirt has no driver for ${type} pools`, {
    property: type,
    remedy: `Install it (Debian: apt-get install libvirt-daemon-driver-storage-${type}) and restart libvirtd, or use another kind of pool`,
  });
}

async function requireSecret({ libvirt }: Host, { iscsi, rbd }: StoragePoolInputs): Promise<void> {
  const { secret } = iscsi?.auth ?? rbd?.auth ?? {};
  if (secret === undefined) return;
  const secrets = await libvirt.secrets();
  if (secrets.some(({ uuid, usage }) => (isUuid(secret) ? uuid === secret.toLowerCase() : usage === secret))) return;
  throw new NotFound(`the host's libvirt has no secret "${secret}"`, {
    property: `${iscsi === undefined ? "rbd" : "iscsi"}.auth.secret`,
    remedy: "Make it by `virsh secret-define` and `virsh secret-set-value`, and give its UUID or usage name",
  });
}

/** libvirt takes a directory in another pool's directory for a volume of that one, and lists it for ever. */
async function requireFreeDirectory({ libvirt }: Host, { path: wanted }: StoragePoolInputs): Promise<void> {
  if (wanted === undefined) return;
  for (const { name, directory } of await directoriesOfPools(libvirt)) {
    if (!(isIn(wanted, directory) || isIn(directory, wanted))) continue;
    if (directory === wanted)
      throw new Conflict(`${wanted} is the folder of storage pool "${name}" already`, {
        property: "path",
        remedy: `Name that pool in the volumes, or take it over with name: ${name} and adopt: true; else give another folder`,
      });
    const place = isIn(wanted, directory) ? "lies in" : "holds";
    throw new Conflict(`${wanted} ${place} ${directory}, the folder of storage pool "${name}"`, {
      property: "path",
      remedy: "Give a folder beside it: one pool would take the other's folder for a volume",
    });
  }
}

function isIn(one: string, other: string): boolean {
  return one === other || one.startsWith(other.endsWith("/") ? other : `${other}/`);
}

/** A directory can't be made below a file. */
async function requireNoFile({ files }: Host, { path: wanted }: StoragePoolInputs): Promise<void> {
  for (let at = wanted; at !== undefined && at !== "/"; at = path.dirname(at)) {
    const stat = await files.stat(at);
    if (stat === undefined) continue;
    if (!stat.isFile) return;
    throw new Conflict(`${at} is a file on the host`, { property: "path", remedy: "Give a folder" });
  }
}
