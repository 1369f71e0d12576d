import { z } from "zod";
import * as scalar from "../../../values/scalars";

export const bootOrder = z.int().min(1).optional().meta({
  description:
    "Place in the boot order, from 1. Default: none; if no device has one, the machine boots from the first disk that can be booted, in the order of `disks`.",
  sets: "boot/@order",
});

const perSecond = (what: string, sets: string) =>
  z
    .int()
    .min(1)
    .optional()
    .meta({ description: `Most ${what} per second. Default: no limit.`, sets: `disk/iotune/${sets}` });

/**
 * libvirt drops an empty element, which would then seem to be removed. A value that is unknown at preview counts as
 * given.
 */
export function isAnyGiven(values: object): boolean {
  return Object.values(values).some((value) => value !== undefined);
}

const iotune = z
  .strictObject({
    totalBytes: perSecond("bytes read and written", "total_bytes_sec"),
    readBytes: perSecond("bytes read", "read_bytes_sec"),
    writeBytes: perSecond("bytes written", "write_bytes_sec"),
    totalRequests: perSecond("requests", "total_iops_sec"),
    readRequests: perSecond("read requests", "read_iops_sec"),
    writeRequests: perSecond("write requests", "write_iops_sec"),
  })
  .refine(isAnyGiven, { error: "limits nothing; set one of its keys, or remove it" });

export const disk = z.strictObject({
  volume: scalar.volumeId
    .optional()
    .meta({ description: "Id of a Volume, or `POOL/VOLUME` of an existing volume.", sets: "disk/source/@file" }),
  file: scalar.absolutePath.optional().meta({
    description: "Image or block device on the host, if it is in no storage pool.",
    sets: "disk/source/@file",
  }),
  format: z.enum(["raw", "qcow2"]).optional().meta({
    description:
      "Image format of `file`, or of a `volume` that kvm-deploy did not create. Default: raw; that of a Volume is known. The content proves nothing, because a guest may have written it.",
    sets: "disk/driver/@type",
  }),
  bus: z
    .enum(["virtio", "sata", "scsi", "usb"])
    .default("virtio")
    .meta({ description: "Bus of the disk for the guest.", sets: "disk/target/@bus" }),
  cache: z.enum(["none", "writethrough", "writeback", "directsync", "unsafe"]).optional().meta({
    description:
      "Caching by the host. Default: the hypervisor's own choice; `unsafe` is fast, but loses data if the host fails.",
    sets: "disk/driver/@cache",
  }),
  io: z.enum(["threads", "native", "io_uring"]).optional().meta({
    description:
      "How the host reads and writes; native needs the cache none or directsync. Default: the hypervisor's own choice.",
    sets: "disk/driver/@io",
  }),
  discard: z.enum(["unmap", "ignore"]).default("unmap").meta({
    description: "Whether space that the guest frees is freed in the image.",
    sets: "disk/driver/@discard",
  }),
  detectZeroes: z.enum(["off", "on", "unmap"]).optional().meta({
    description: "Whether zeros written by the guest take no space. Default: off.",
    sets: "disk/driver/@detect_zeroes",
  }),
  serial: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9 _.+-]{1,36}$/, {
      error: (issue) =>
        `"${String(issue.input)}" is not a disk's serial; use 1 to 36 letters, digits, spaces and the characters _ . + -`,
    })
    .optional()
    .meta({ description: "Serial number of the disk for the guest. Default: none.", sets: "disk/serial" }),
  readOnly: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the guest can't write to it.", sets: "disk/readonly" }),
  bootOrder,
  iotune: iotune.optional().meta({ description: "Limits of its use. Default: none.", sets: "disk/iotune" }),
});

export const cdrom = z.strictObject({
  medium: scalar.absolutePath
    .optional()
    .meta({ description: "ISO on the host as the medium of the drive. Default: none.", sets: "disk/source/@file" }),
  bus: z
    .enum(["sata", "scsi"])
    .default("sata")
    .meta({ description: "Bus of the drive for the guest.", sets: "disk/target/@bus" }),
  bootOrder,
});
