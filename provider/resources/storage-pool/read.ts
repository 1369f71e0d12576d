import { attributeOf, childrenOf, type Element, find, textOf } from "../../format/xml";
import { hasFolder, type StorageType, storageTypes } from "./rules";
import type { StoragePoolInputs } from "./schema";

/** The inputs as libvirt has them now; what isn't libvirt's stays as it is. */
export function readStoragePool(
  pool: Element,
  inputs: StoragePoolInputs,
  { running, autostart }: Pick<StoragePoolInputs, "running" | "autostart">,
): StoragePoolInputs {
  const type = typeIn(pool);
  const path = textOf(pool, "target/path");
  return {
    connection: inputs.connection,
    name: textOf(pool, "name") ?? inputs.name,
    adopt: inputs.adopt,
    deleteAdopted: inputs.deleteAdopted,
    ...(type !== undefined && hasFolder(type) && path !== undefined ? { path } : {}),
    ...(type === undefined || type === "dir" ? {} : { [type]: readers[type](pool) }),
    running,
    autostart,
  };
}

/** Undefined when it is of a kind that no StoragePool can be. */
export function typeIn(pool: Element): StorageType | undefined {
  return (["dir", ...storageTypes] as const).find((type) => type === pool.attributes["type"]);
}

const readers = {
  fs: (pool) => ({
    device: attributeOf(pool, "source/device", "path") ?? "",
    format: attributeOf(pool, "source/format", "type") ?? "auto",
  }),
  netfs: (pool) => ({
    host: attributeOf(pool, "source/host", "name") ?? "",
    directory: attributeOf(pool, "source/dir", "path") ?? "",
    format: attributeOf(pool, "source/format", "type") ?? "nfs",
    ...given("nfsVersion", attributeOf(pool, "source/protocol", "ver")),
  }),
  logical: (pool) => ({ volumeGroup: textOf(pool, "source/name") ?? "" }),
  iscsi: (pool) => ({
    host: attributeOf(pool, "source/host", "name") ?? "",
    port: Number(attributeOf(pool, "source/host", "port") ?? 3260),
    target: attributeOf(pool, "source/device", "path") ?? "",
    ...given("initiator", attributeOf(pool, "source/initiator/iqn", "name")),
    ...given("auth", readAuth(pool)),
  }),
  rbd: (pool) => ({
    hosts: childrenOf(find(pool, "source"), "host").map(({ attributes: { name, port } }) => ({
      host: name ?? "",
      port: Number(port ?? 6789),
    })),
    pool: textOf(pool, "source/name") ?? "",
    ...given("auth", readAuth(pool)),
  }),
  zfs: (pool) => ({ dataset: textOf(pool, "source/name") ?? "" }),
} as const satisfies Record<(typeof storageTypes)[number], (pool: Element) => unknown>;

function readAuth(pool: Element) {
  const username = attributeOf(pool, "source/auth", "username");
  if (username === undefined) return undefined;
  const secret = find(pool, "source/auth/secret")?.attributes;
  return { username, secret: secret?.["uuid"] ?? secret?.["usage"] ?? "" };
}

function given(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}
