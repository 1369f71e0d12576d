import path from "node:path";
import { supportsPool } from "../../libvirt/capabilities";
import type { Context } from "../../resource/handler";
import type { Host } from "../../resource/host";
import type { Previewed } from "../../resource/known";
import { usedAsItIs } from "../../resource/sharing";
import { Conflict, KvmError, NotFound } from "../../values/errors";
import { findExisting } from "./claim";
import { typeOf } from "./kinds";
import { directoriesOfPools } from "./observe";
import { isUuid } from "./places";
import type { StoragePoolInputs } from "./schema";

/** Reports at preview what libvirt would refuse later. Each look is separate: an unknown name hides no other failure. */
export async function inspect(inputs: Previewed<StoragePoolInputs>, context: Context): Promise<void> {
  const found = await inputs.whenKnown(async (known) => ({ pool: await findExisting(known, context) }));
  if (found?.pool?.claim === "used") context.warn(usedAsItIs(`storage pool "${found.pool.actual.name}"`));
  if (found?.pool !== undefined) return;
  // A pool that is adopted exists.
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
    remedy: "Create it by `virsh secret-define` and `virsh secret-set-value`, and give its UUID or usage name",
  });
}

/** libvirt lists a directory in another pool's directory as a volume of that pool, permanently. */
async function requireFreeDirectory({ libvirt }: Host, { path: desired }: StoragePoolInputs): Promise<void> {
  if (desired === undefined) return;
  for (const { name, directory } of await directoriesOfPools(libvirt)) {
    if (!(isIn(desired, directory) || isIn(directory, desired))) continue;
    if (directory === desired)
      throw new Conflict(`${desired} is already the directory of storage pool "${name}"`, {
        property: "path",
        remedy: `Name that pool in the volumes, or adopt it with name: ${name} and adopt: true, or give another directory`,
      });
    const place = isIn(desired, directory) ? "is in" : "contains";
    throw new Conflict(`${desired} ${place} ${directory}, the directory of storage pool "${name}"`, {
      property: "path",
      remedy:
        "Give a directory outside of it, because libvirt would list one pool's directory as a volume of the other",
    });
  }
}

function isIn(one: string, other: string): boolean {
  return one === other || one.startsWith(other.endsWith("/") ? other : `${other}/`);
}

/** A directory can't be created below a file. */
async function requireNoFile({ files }: Host, { path: desired }: StoragePoolInputs): Promise<void> {
  for (let at = desired; at !== undefined && at !== "/"; at = path.dirname(at)) {
    const stat = await files.stat(at);
    if (stat === undefined) continue;
    if (!stat.isFile) return;
    throw new Conflict(`${at} is a file on the host`, { property: "path", remedy: "Give a directory" });
  }
}
