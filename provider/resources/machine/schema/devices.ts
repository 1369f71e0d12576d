import { z } from "zod";
import * as scalar from "../../../values/scalars";

const graphics = z.strictObject({
  type: z.enum(["vnc", "spice"]).meta({ description: "Protocol of the screen.", sets: "graphics/@type" }),
  listen: z
    .union([z.ipv4(), z.ipv6()], {
      error: (issue) =>
        `"${String(issue.input)}" is not an IP address; write it like "127.0.0.1", or "0.0.0.0" for all`,
    })
    .default("127.0.0.1")
    .meta({ description: "Address of the host at which it is served.", sets: "graphics/listen/@address" }),
  port: z
    .int()
    .min(5900)
    .max(65535)
    .optional()
    .meta({ description: "Port at which it is served. Default: the next free one from 5900.", sets: "graphics/@port" }),
  password: z.string().min(1).optional().meta({
    description: "Password of the screen; with vnc 8 characters at most. Default: no password.",
    sets: "graphics/@passwd",
    secret: true,
  }),
});

const tpm = z.strictObject({
  model: z.enum(["tpm-crb", "tpm-tis"]).default("tpm-crb").meta({
    description:
      "Model of the device for the guest. It is a TPM 2.0, emulated by swtpm; its content is deleted with the machine.",
    sets: "tpm/@model",
  }),
});

const watchdog = z.strictObject({
  model: z
    .enum(["i6300esb"], {
      error: ({ input }) =>
        input === "ib700"
          ? '"ib700" needs a machine with an ISA bus, and kvm-deploy creates machines of type q35, without one; use "i6300esb"'
          : undefined,
    })
    .default("i6300esb")
    .meta({ description: "Model of the device for the guest.", sets: "watchdog/@model" }),
  action: z.enum(["reset", "shutdown", "poweroff", "pause", "dump", "inject-nmi", "none"]).default("reset").meta({
    description: "What happens when the guest no longer answers.",
    sets: "watchdog/@action",
  }),
});

const timer = z.strictObject({
  name: z
    .enum(["platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock"])
    .meta({ description: "Which timer.", sets: "clock/timer/@name" }),
  present: z.boolean().optional().meta({
    description: "Whether the guest has it. Default: the hypervisor's own choice.",
    sets: "clock/timer/@present",
  }),
  tickPolicy: z.enum(["delay", "catchup", "merge", "discard"]).optional().meta({
    description: "What happens with missed ticks. Default: the hypervisor's own choice.",
    sets: "clock/timer/@tickpolicy",
  }),
});

const clock = z.strictObject({
  offset: z.enum(["utc", "localtime", "timezone"]).default("utc").meta({
    description:
      "What the machine's clock shows at its start; localtime is the host's local time, as Windows expects it.",
    sets: "clock/@offset",
  }),
  timezone: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Time zone with offset timezone, such as `Europe/Berlin`.", sets: "clock/@timezone" }),
  timers: z.array(timer).default([]).meta({ description: "Single timers.", sets: "clock/timer" }),
});

const filesystem = z.strictObject({
  source: scalar.absolutePath.meta({ description: "Directory on the host.", sets: "filesystem/source/@dir" }),
  target: z
    .string()
    .min(1)
    .max(36)
    .meta({ description: "Tag with which the guest mounts it.", sets: "filesystem/target/@dir" }),
  driver: z.enum(["virtiofs", "9p"]).default("virtiofs").meta({
    description: "Protocol of the sharing; virtiofs is faster, and needs memoryBacking.shared.",
    sets: "filesystem/driver/@type",
  }),
  accessMode: z.enum(["passthrough", "mapped", "squash"]).optional().meta({
    description: "How 9p maps owners and permissions. Default: passthrough.",
    sets: "filesystem/@accessmode",
  }),
  readOnly: z
    .boolean()
    .default(false)
    .meta({ description: "Whether the guest can't write to it; 9p only.", sets: "filesystem/readonly" }),
});

const hostDevice = z.strictObject({
  pci: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-1][0-9a-f]\.[0-7]$/, {
      error: (issue) => `"${String(issue.input)}" is not a PCI address; write it as lspci -D does, like "0000:03:00.0"`,
    })
    .optional()
    .meta({
      description:
        "A PCI device of the host by its address, as `lspci -D` shows it. The host can't use it while the machine runs.",
      sets: "hostdev/source/address",
    }),
  usb: z
    .string()
    .regex(/^[0-9a-f]{4}:[0-9a-f]{4}$/, {
      error: (issue) =>
        `"${String(issue.input)}" is not a USB device; write vendor and product as lsusb does, like "046d:c52b"`,
    })
    .optional()
    .meta({
      description: "A USB device of the host by vendor and product, as `lsusb` shows it.",
      sets: "hostdev/source/vendor, hostdev/source/product",
    }),
});

/** Fields of the machine itself: what is on its board beside CPU and memory. */
export const boardDevices = {
  tpm: tpm.optional().meta({ description: "A TPM 2.0. Default: none.", sets: "tpm" }),
  clock: clock.default({ offset: "utc", timers: [] }).meta({ description: "The machine's clock.", sets: "clock" }),
  watchdog: watchdog
    .optional()
    .meta({ description: "A watchdog that the guest must feed. Default: none.", sets: "watchdog" }),
  rng: z
    .union([z.literal("none"), scalar.absolutePath])
    .default("/dev/urandom")
    .meta({
      description: "Device of the host that the guest gets randomness from, or none.",
      sets: "rng/backend",
    }),
};

/** Fields of the machine itself: what it has beside disks and NICs. */
export const peripherals = {
  graphics: graphics.optional().meta({
    description: "A screen that is served over the network. Default: none.",
    sets: "devices/graphics",
    // It may hold a password also when somebody else set it on the host.
    secretOutput: true,
  }),
  video: z.enum(["virtio", "qxl", "vga", "bochs", "cirrus"]).optional().meta({
    description: "Graphics card. Default: virtio where there are graphics, else none.",
    sets: "devices/video/model/@type",
  }),
  sound: z
    .enum(["ich9", "ich6", "ac97", "usb"])
    .optional()
    .meta({ description: "Sound card. Default: none.", sets: "devices/sound/@model" }),
  consoles: z
    .array(z.enum(["serial", "virtio"]))
    .default([])
    .meta({
      description:
        "Further consoles for `virsh console --devname`; the first serial port is one anyway. Serial ones are the guest's third serial port and on.",
      sets: "devices/serial, devices/console",
    }),
  guestAgent: z.boolean().default(true).meta({
    description: "Whether there is a channel to QEMU's guest agent.",
    sets: "devices/channel",
  }),
  filesystems: z
    .array(filesystem)
    .default([])
    .meta({ description: "Directories of the host that the guest can mount.", sets: "devices/filesystem" }),
  hostDevices: z
    .array(hostDevice)
    .default([])
    .meta({ description: "Devices of the host that the guest has for itself.", sets: "devices/hostdev" }),
};
