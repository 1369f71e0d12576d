import {
  at,
  each,
  inside,
  number,
  object,
  type Place,
  type Places,
  read,
  withDefault,
  write,
} from "../../format/place";
import { el, type Element, withAttributes } from "../../format/xml";
import { poolDirectory, poolType } from "../../libvirt/storage";
import { hasDirectory, type StorageKind, type StorageType, storageTypes } from "./kinds";
import type { StoragePoolInputs } from "./schema";

/** The inputs that libvirt keeps in the definition. */
type Defined = Omit<StoragePoolInputs, "connection" | "adopt" | "deleteAdopted" | "shared" | "running" | "autostart">;

type Storage<Kind extends StorageKind> = NonNullable<Defined[Kind]>;
type Monitor = Storage<"rbd">["hosts"][number];
type Auth = NonNullable<Storage<"iscsi" | "rbd">["auth"]>;

/** The password is a libvirt secret; the definition contains only its UUID or usage name. */
const secret: Place<string> = {
  write: (auth, name) => at(isUuid(name) ? "secret/@uuid" : "secret/@usage").write(auth, name),
  read: (auth) => at("secret/@uuid").read(auth) ?? at("secret/@usage").read(auth),
};

/** @param type the kind of login, which follows from the kind of storage */
function login(type: "chap" | "ceph"): Place<Auth> {
  const { write, read } = inside<Auth>("source/auth", { username: at("@username"), secret });
  return { write: (pool, auth) => write(at("source/auth/@type").write(pool, type), auth), read };
}

const volumeGroup = implying(at("source/name"), (pool, group) =>
  poolDirectory.write(at("source/format/@type").write(pool, "lvm2"), `/dev/${group}`),
);
const target = implying(at("source/device/@path"), (pool) => poolDirectory.write(pool, "/dev/disk/by-path"));

const path: Place<string> = {
  write: poolDirectory.write,
  // For the other kinds the directory follows from the storage.
  read: (pool) => (hasDirectory(typeIn(pool)) ? poolDirectory.read(pool) : undefined),
};

const server = at("source/host/@name");

const places: Places<Defined> = {
  name: at("name"),
  fs: storage("fs", {
    device: at("source/device/@path"),
    format: withDefault(at("source/format/@type"), "auto"),
  }),
  netfs: storage("netfs", {
    host: server,
    directory: at("source/dir/@path"),
    format: withDefault(at("source/format/@type"), "nfs"),
    nfsVersion: at("source/protocol/@ver"),
  }),
  logical: storage("logical", { volumeGroup }),
  iscsi: storage("iscsi", {
    host: server,
    port: withDefault(at("source/host/@port", number), 3260),
    target,
    initiator: at("source/initiator/iqn/@name"),
    auth: login("chap"),
  }),
  rbd: storage("rbd", {
    hosts: each("source/host", object<Monitor>({ host: at("@name"), port: withDefault(at("@port", number), 6789) })),
    pool: at("source/name"),
    auth: login("ceph"),
  }),
  zfs: storage("zfs", { dataset: at("source/name") }),
  path,
};

/** The element of one type of pool, which decides the type. */
function storage<Kind extends StorageKind>(type: Kind, values: Places<Storage<Kind>>): Place<Storage<Kind>> {
  return {
    write: (pool, given) => write(withAttributes(pool, { type }), values, given),
    read: (pool) => (typeIn(pool) === type ? (read(pool, values) as Storage<Kind>) : undefined),
  };
}

/** A value with the additional elements that libvirt needs. They follow from the value, so they aren't read. */
function implying<Value>(place: Place<Value>, implied: (element: Element, value: Value) => Element): Place<Value> {
  return { write: (element, value) => implied(place.write(element, value), value), read: place.read };
}

/** @param uuid undefined: libvirt chooses one */
export function storagePoolXml(inputs: StoragePoolInputs, uuid?: string): Element {
  const pool = write(el("pool", { type: "dir" }), places, inputs);
  return uuid === undefined ? pool : at("uuid").write(pool, uuid);
}

/** The actual inputs; those that libvirt doesn't keep in the definition are taken from the given ones. */
export function readStoragePool(
  pool: Element,
  { connection, name, adopt, deleteAdopted, shared }: StoragePoolInputs,
  { running, autostart }: Pick<StoragePoolInputs, "running" | "autostart">,
): StoragePoolInputs {
  return { connection, name, adopt, deleteAdopted, shared, ...read(pool, places), running, autostart };
}

/** Undefined for a type that StoragePool doesn't support. */
export function typeIn(pool: Element): StorageType | undefined {
  return storageTypes.find((type) => type === poolType.read(pool));
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
