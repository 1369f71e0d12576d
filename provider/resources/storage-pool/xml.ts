import { el, type Element } from "../../format/xml";
import { typeOf } from "./rules";
import type { StoragePoolInputs } from "./schema";

export function storagePoolXml(inputs: StoragePoolInputs, uuid?: string): Element {
  const type = typeOf(inputs);
  const parts = sourceParts(inputs);
  return el(
    "pool",
    { type },
    el("name", {}, inputs.name),
    uuid === undefined ? undefined : el("uuid", {}, uuid),
    parts.length === 0 ? undefined : el("source", {}, ...parts),
    targetXml(inputs),
  );
}

function sourceParts({ fs, netfs, logical, iscsi, rbd, zfs }: StoragePoolInputs): readonly (Element | undefined)[] {
  if (fs !== undefined) return [el("device", { path: fs.device }), el("format", { type: fs.format })];
  if (netfs !== undefined) return netfsParts(netfs);
  if (logical !== undefined) return [el("name", {}, logical.volumeGroup), el("format", { type: "lvm2" })];
  if (iscsi !== undefined) return iscsiParts(iscsi);
  if (rbd !== undefined) return [...rbd.hosts.map(hostXml), el("name", {}, rbd.pool), authXml("ceph", rbd.auth)];
  return zfs === undefined ? [] : [el("name", {}, zfs.dataset)];
}

function netfsParts({ host, directory, format, nfsVersion }: NonNullable<StoragePoolInputs["netfs"]>) {
  return [
    el("host", { name: host }),
    el("dir", { path: directory }),
    el("format", { type: format }),
    nfsVersion === undefined ? undefined : el("protocol", { ver: nfsVersion }),
  ];
}

function iscsiParts({ host, port, target, initiator, auth }: NonNullable<StoragePoolInputs["iscsi"]>) {
  return [
    hostXml({ host, port }),
    el("device", { path: target }),
    initiator === undefined ? undefined : el("initiator", {}, el("iqn", { name: initiator })),
    authXml("chap", auth),
  ];
}

function hostXml({ host, port }: { readonly host: string; readonly port: number }): Element {
  return el("host", { name: host, port });
}

/** The password itself is libvirt's secret; here it is only named. */
function authXml(type: string, auth: NonNullable<StoragePoolInputs["iscsi"]>["auth"]): Element | undefined {
  if (auth === undefined) return undefined;
  const { username, secret } = auth;
  return el("auth", { type, username }, el("secret", isUuid(secret) ? { uuid: secret } : { usage: secret }));
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function targetXml({ path, logical, iscsi }: StoragePoolInputs): Element | undefined {
  const at = path ?? (logical && `/dev/${logical.volumeGroup}`) ?? (iscsi && "/dev/disk/by-path");
  return at === undefined ? undefined : el("target", {}, el("path", {}, at));
}
