import { z } from "zod";
import * as scalar from "../../../values/scalars";

export const bootOrder = z.int().min(1).optional().meta({
  description:
    "Place in the order in which devices are booted from, from 1. Default: none; where no device has one, the first disk is booted.",
  sets: "boot/@order",
});

const perSecond = (what: string, sets: string) =>
  z
    .int()
    .min(1)
    .optional()
    .meta({ description: `Most ${what} a second. Default: no limit.`, sets: `disk/iotune/${sets}` });

/** libvirt keeps no empty element, which would seem to be gone. What is unknown at preview counts as given. */
export function isAnyGiven(values: object): boolean {
  return Object.values(values).some((value) => value !== undefined);
}

const iotune = z
  .strictObject({
    totalBytes: perSecond("bytes read and written", "total_bytes_sec"),
    readBytes: perSecond("bytes read", "read_bytes_sec"),
    writeBytes: perSecond("bytes written", "write_bytes_sec"),
    totalRequests: perSecond("requests", "total_iops_sec"),
    readRequests: perSecond("requests to read", "read_iops_sec"),
    writeRequests: perSecond("requests to write", "write_iops_sec"),
  })
  .refine(isAnyGiven, { error: "limits nothing; set one of its keys, or leave it out" });

export const disk = z.strictObject({
  volume: scalar.volumeId
    .optional()
    .meta({ description: "Id of a Volume, or `POOL/VOLUME` of one that exists.", sets: "disk/source/@file" }),
  file: scalar.absolutePath.optional().meta({
    description: "Image or block device on the host, where it lies in no storage pool.",
    sets: "disk/source/@file",
  }),
  format: z.enum(["raw", "qcow2"]).optional().meta({
    description:
      "Image format of `file`, or of a `volume` that kvm-deploy did not make. Default: raw; that of a Volume is known. What the content looks like is no proof: it may be a guest's doing.",
    sets: "disk/driver/@type",
  }),
  bus: z
    .enum(["virtio", "sata", "scsi", "usb"])
    .default("virtio")
    .meta({ description: "How the guest sees the disk.", sets: "disk/target/@bus" }),
  cache: z.enum(["none", "writethrough", "writeback", "directsync", "unsafe"]).optional().meta({
    description:
      "Caching by the host. Default: the hypervisor's own choice; `unsafe` is fast and loses data when the host fails.",
    sets: "disk/driver/@cache",
  }),
  io: z.enum(["threads", "native", "io_uring"]).optional().meta({
    description:
      "How the host reads and writes; native needs cache none or directsync. Default: the hypervisor's own choice.",
    sets: "disk/driver/@io",
  }),
  discard: z.enum(["unmap", "ignore"]).default("unmap").meta({
    description: "Whether what the guest deletes is freed in the image.",
    sets: "disk/driver/@discard",
  }),
  detectZeroes: z.enum(["off", "on", "unmap"]).optional().meta({
    description: "Whether zeroes that the guest writes take no room. Default: off.",
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
    .meta({ description: "Serial that the guest reads from the disk. Default: none.", sets: "disk/serial" }),
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
    .meta({ description: "ISO on the host that is in the drive. Default: none.", sets: "disk/source/@file" }),
  bus: z
    .enum(["sata", "scsi"])
    .default("sata")
    .meta({ description: "How the guest sees the drive.", sets: "disk/target/@bus" }),
  bootOrder,
});
