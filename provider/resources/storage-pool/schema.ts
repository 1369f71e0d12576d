import { isIP } from "node:net";
import { z } from "zod";
import type { OutputsOf } from "../../resource/outputs";
import * as scalar from "../../values/scalars";
import { xmlTexts } from "../../values/xml-texts";
import { storagePoolRules } from "./rules";

const server = z
  .string()
  .refine((text) => isIP(text) !== 0 || scalar.domainName.safeParse(text).success, {
    error: (issue) => `"${String(issue.input)}" is not a server; give its name or address`,
  })
  .meta({ kind: "server", example: "nas.example.org" });

const text = z.string().min(1, { error: "must not be empty" });

/** In libvirt's spelling: without doubled and trailing slashes. */
const directory = scalar.absolutePath.overwrite((path) => path.replace(/\/+/g, "/").replace(/(.)\/$/, "$1"));

const port = z.int().min(1).max(65_535);

const auth = z.strictObject({
  username: text.meta({ description: "User on the storage server.", sets: "source/auth/@username" }),
  secret: text.meta({
    description:
      "libvirt secret with the password: its UUID, or its usage name. It is created by `virsh secret-define`.",
    sets: "source/auth/secret",
  }),
});

const fs = z.strictObject({
  device: scalar.absolutePath.meta({
    description: "Block device with a file system on it; it is mounted, never formatted.",
    sets: "source/device/@path",
  }),
  format: z
    .enum(["auto", "ext3", "ext4", "xfs", "ocfs2", "gfs2"])
    .default("auto")
    .meta({ description: "File system of the device.", sets: "source/format/@type" }),
});

const netfs = z.strictObject({
  host: server.meta({ description: "File server.", sets: "source/host/@name" }),
  directory: text.meta({ description: "Exported directory, by its name on the server.", sets: "source/dir/@path" }),
  format: z
    .enum(["nfs", "glusterfs", "cifs"])
    .default("nfs")
    .meta({ description: "Protocol of the file server.", sets: "source/format/@type" }),
  nfsVersion: z
    .string()
    .regex(/^\d(\.\d)?$/, {
      error: (issue) => `"${String(issue.input)}" is not a version of NFS; write "3" or "4.2"`,
    })
    .optional()
    .meta({ description: "Version of NFS. Default: both sides agree on one.", sets: "source/protocol/@ver" }),
});

const logical = z.strictObject({
  volumeGroup: scalar.name.meta({
    description: "Existing LVM volume group; each volume is a logical volume in it.",
    sets: "source/name",
  }),
});

const iscsi = z.strictObject({
  host: server.meta({ description: "Server of the iSCSI target.", sets: "source/host/@name" }),
  port: port.default(3260).meta({ description: "Port of the server.", sets: "source/host/@port" }),
  target: text.meta({
    description: "Qualified name of the target; each of its logical units is a volume.",
    sets: "source/device/@path",
  }),
  initiator: text.optional().meta({
    description: "Qualified name with which the host logs in. Default: that of its iSCSI configuration.",
    sets: "source/initiator/iqn/@name",
  }),
  auth: auth.optional().meta({ description: "How the host logs in, by CHAP.", sets: "source/auth" }),
});

const rbd = z.strictObject({
  hosts: z
    .array(
      z.strictObject({
        host: server.meta({ description: "Monitor of the Ceph cluster.", sets: "source/host/@name" }),
        port: port.default(6789).meta({ description: "Port of the monitor.", sets: "source/host/@port" }),
      }),
    )
    .min(1)
    .meta({ description: "Monitors of the Ceph cluster.", sets: "source/host" }),
  pool: text.meta({ description: "Ceph's own pool.", sets: "source/name" }),
  auth: auth.optional().meta({ description: "How the host logs in, by cephx.", sets: "source/auth" }),
});

const zfs = z.strictObject({
  dataset: text.meta({
    description: "Existing ZFS pool, or dataset in one; each volume is a zvol in it.",
    sets: "source/name",
  }),
});

export const storagePoolInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description: "Name of the libvirt storage pool. Default: the resource's name.",
      sets: "name",
      property: true,
    }),
    adopt: scalar.adopt,
    deleteAdopted: scalar.deleteAdopted,
    shared: z.boolean().default(false).meta({
      description:
        "Whether other stacks may describe the same pool: the first one creates it, the others must describe it in the same way and join, and it is deleted with the last one. An existing pool that kvm-deploy did not create is used as it is, and never changed or deleted.",
    }),
    path: directory.optional().meta({
      description:
        "Directory of the volumes on the host, or mount point of the file system; created if it is missing. Not for logical, iscsi, rbd and zfs.",
      property: true,
      sets: "target/path",
    }),
    fs: fs.optional().meta({ description: "A block device with a file system.", sets: '@type="fs"' }),
    netfs: netfs.optional().meta({ description: "A directory of a file server.", sets: '@type="netfs"' }),
    logical: logical.optional().meta({ description: "An LVM volume group.", sets: '@type="logical"' }),
    iscsi: iscsi.optional().meta({ description: "An iSCSI target.", sets: '@type="iscsi"' }),
    rbd: rbd.optional().meta({ description: "A pool of a Ceph cluster.", sets: '@type="rbd"' }),
    zfs: zfs.optional().meta({ description: "A ZFS pool.", sets: '@type="zfs"' }),
    running: z.boolean().default(true).meta({
      description:
        "Whether it is active: `true` starts it after a stop or a reboot, before its first use; `false` stops it, and its volumes are then not accessible.",
    }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
  })
  .meta({
    description:
      "A libvirt storage pool: a directory of the host, or other storage. An existing pool needs no StoragePool: name it in the volumes.",
  })
  .superRefine(xmlTexts())
  .superRefine(storagePoolRules);

export type StoragePoolInputs = z.output<typeof storagePoolInputs>;

export const storagePoolOutputs = z.object({
  uuid: z.string().meta({ description: "UUID of the libvirt storage pool." }),
  madeFolder: z.boolean().meta({
    description:
      "Whether the directory was created with the pool. Only then it is removed with the pool, if it is empty.",
    internal: true,
  }),
});

export type StoragePoolOutputs = OutputsOf<typeof storagePoolOutputs>;
