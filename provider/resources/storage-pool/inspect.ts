import { Conflict, KvmError, NotFound } from "../../errors";
import { parse, textOf } from "../../format/xml";
import type { Context } from "../../handler";
import { supportsPool } from "../../libvirt/capabilities";
import type { Libvirt } from "../../libvirt/client";
import { findPresent } from "./ownership";
import { typeOf } from "./rules";
import type { StoragePoolInputs } from "./schema";
import { isUuid } from "./xml";

/** What libvirt would refuse later on is told at preview. */
export async function inspect(inputs: StoragePoolInputs, context: Context): Promise<void> {
  if ((await findPresent(inputs, context)) !== undefined) return;
  const { libvirt } = context.host(inputs.connection);
  await requireDriver(libvirt, inputs);
  await requireSecret(libvirt, inputs);
  await requireFreeFolder(libvirt, inputs);
}

async function requireDriver(libvirt: Libvirt, inputs: StoragePoolInputs): Promise<void> {
  const type = typeOf(inputs);
  if (supportsPool(await libvirt.poolCapabilities(), type)) return;
  throw new KvmError("unsupported", `the host's libvirt has no driver for ${type} pools`, {
    property: type,
    remedy: `Install it (Debian: apt-get install libvirt-daemon-driver-storage-${type}) and restart libvirtd, or use another kind of pool`,
  });
}

async function requireSecret(libvirt: Libvirt, { iscsi, rbd }: StoragePoolInputs): Promise<void> {
  const { secret } = iscsi?.auth ?? rbd?.auth ?? {};
  if (secret === undefined) return;
  const secrets = await libvirt.secrets();
  if (secrets.some(({ uuid, usage }) => (isUuid(secret) ? uuid === secret.toLowerCase() : usage === secret))) return;
  throw new NotFound(`the host's libvirt has no secret "${secret}"`, {
    property: `${iscsi === undefined ? "rbd" : "iscsi"}.auth.secret`,
    remedy: "Make it by `virsh secret-define` and `virsh secret-set-value`, and give its UUID or usage name",
  });
}

/** libvirt itself refuses it only when the pool is made. */
async function requireFreeFolder(libvirt: Libvirt, { path }: StoragePoolInputs): Promise<void> {
  if (path === undefined) return;
  for (const { name, uuid } of await libvirt.list("pool")) {
    const xml = await libvirt.definition("pool", uuid);
    if (xml === undefined || textOf(parse(xml), "target/path") !== path) continue;
    throw new Conflict(`${path} is the folder of storage pool "${name}" already`, {
      property: "path",
      remedy: `Name that pool in the volumes, or take it over with name: ${name} and adopt: true; else give another folder`,
    });
  }
}
