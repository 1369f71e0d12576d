import { z } from "zod";
import type { OutputsOf } from "../../../resource/outputs";
import * as scalar from "../../../values/scalars";
import { cpu, numa } from "./cpu";
import { boardDevices, peripherals } from "./devices";
import { cdrom, disk } from "./disk";
import { memoryBacking, memorySize } from "./memory";
import { nic } from "./nic";
import { overlay } from "./overlay";

/** Each field by itself; `machineInputs` has what no single one can say, too. */
export const machineFields = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description:
        "Name of the libvirt domain. Default: the resource's name. A machine is renamed while it is off: one that runs is an error at preview, unless `allowRestart` is true.",
      sets: "name",
      property: true,
    }),
    title: z
      .string()
      .trim()
      .regex(/^[^\n]+$/, { error: "must be one line of text" })
      .optional()
      .meta({ description: "Short title, one line. Default: none.", sets: "title" }),
    description: z
      .string()
      .overwrite((text) => text.replaceAll("\r\n", "\n").trim())
      .min(1)
      .optional()
      .meta({ description: "What the machine is for. Default: none.", sets: "description" }),
    tags: z
      .array(z.string().trim().min(1))
      .default([])
      .meta({ description: "Labels of your own, kept in libvirt's metadata.", sets: "metadata/kvm-deploy:tags" }),
    memory: memorySize.meta({ description: "Main memory.", sets: "currentMemory" }),
    maxMemory: memorySize.optional().meta({
      description:
        "What the memory can grow to while the machine runs, by its balloon driver. Default: that of `memory`.",
      sets: "memory",
    }),
    memoryBacking: memoryBacking.optional().meta({
      description: "Where the memory lies on the host. Default: in ordinary pages.",
      sets: "memoryBacking",
    }),
    vcpus: z
      .int()
      .min(1)
      .max(512)
      .default(1)
      .meta({ description: "Number of virtual CPUs.", sets: "vcpu/@current, vcpu" }),
    maxVcpus: z.int().min(1).max(512).optional().meta({
      description: "What the number of virtual CPUs can grow to while the machine runs. Default: that of `vcpus`.",
      sets: "vcpu",
    }),
    cpu: cpu.optional().meta({
      description:
        "What the virtual CPUs are. Default: like the host's with kvm, the hypervisor's choice with emulation.",
      sets: "cpu",
    }),
    numa: numa.optional().meta({ description: "NUMA nodes. Default: one.", sets: "cpu/numa, numatune" }),
    firmware: z.enum(["bios", "uefi"]).default("bios").meta({
      description: "Firmware that it boots with.",
      sets: "os/@firmware",
    }),
    secureBoot: z.boolean().default(false).meta({
      description: "Whether UEFI boots signed systems only, by the keys that distributions are signed with.",
      sets: "os/firmware/feature",
    }),
    ...boardDevices,
    disks: z
      .array(disk)
      .max(20, { error: "are too many: 20 at most" })
      .default([])
      .meta({ description: "Disks, the first of which it boots from.", sets: "devices/disk" }),
    cdroms: z.array(cdrom).max(6, { error: "are too many: 6 at most" }).default([]).meta({
      description: "CD-ROM drives, beside the one that an installation uses.",
      sets: "devices/disk[@device='cdrom']",
    }),
    nics: z.array(nic).default([]).meta({ description: "Network interfaces.", sets: "devices/interface" }),
    ...peripherals,
    pciePorts: z.int().min(0).max(30).default(10).meta({
      description:
        "PCIe root ports. A disk, NIC or other virtio device takes one each; what is free can be plugged in while it runs.",
      sets: "devices/controller[@model='pcie-root-port']",
    }),
    xml: overlay.optional().meta({
      description: "What has no property of its own: elements of libvirt's XML that are merged in by their place.",
      sets: "domain",
    }),
    installer: scalar.absolutePath.optional().meta({
      description:
        "Id of an InstallerIso that the machine is installed from when it is made, onto its first disk, which must be empty (see `overwrite`). Default: none; the first disk is booted as it is.",
      sets: "devices/disk[@device='cdrom']",
    }),
    overwrite: z.boolean().default(false).meta({
      description:
        "Whether an installation may erase a first disk that has content, such as that of the machine that this one takes the place of. Otherwise that is an error at preview, and nothing is changed.",
    }),
    wait: z.enum(["none", "ssh"]).default("none").meta({
      description:
        "What `pulumi up` waits for after the start: nothing, or the SSH server (whose host key is checked where it is known). An installation is always waited for.",
    }),
    installTimeout: scalar.duration
      .default("1h")
      .meta({ description: "How long an installation may take before it is an error." }),
    sshTimeout: scalar.duration
      .default("10m")
      .meta({ description: "How long the SSH server may take to answer before it is an error." }),
    running: z
      .union([z.boolean(), z.literal("leave")])
      .default(true)
      .meta({
        description:
          "Whether it runs: `true` starts it, `false` shuts it down, and a refresh shows where it is otherwise. `leave` starts it when it is made, and then leaves it as it is.",
      }),
    allowRestart: z.boolean().default(false).meta({
      description:
        "Whether the machine may be restarted for changes that need it. Otherwise they are in the definition, and wait for its next restart.",
    }),
    shutdownTimeout: scalar.duration.default("1m").meta({
      description:
        "How long the guest may take to power off by itself, after it was asked to. A machine that is deleted is powered off then.",
    }),
    forceOff: z.boolean().default(false).meta({
      description:
        "Whether a guest that doesn't power off in time is powered off, as by pulling its plug, also for a restart or when `running` becomes false. Otherwise that is an error, and it runs on.",
    }),
    consoleLog: scalar.absolutePath.optional().meta({
      description:
        "File on the host that gets what comes out of the first serial port, which `virsh console` opens. Default: NAME.log in kvm-deploy's own folder.",
      sets: "devices/serial/log/@file",
    }),
    domainType: z.enum(["kvm", "qemu"]).optional().meta({
      description:
        "Hardware virtualisation (kvm) or emulation (qemu). Default: kvm where the host's CPU has it, else qemu.",
      sets: "domain/@type",
    }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
    adopt: scalar.adopt,
    deleteAdopted: scalar.deleteAdopted,
  })
  .meta({ description: "A virtual machine: a libvirt domain, installed from an InstallerIso when it is made." });

export type MachineInputs = z.infer<typeof machineFields>;
export type MachineDisk = z.infer<typeof disk>;
export type MachineCdrom = z.infer<typeof cdrom>;
export type MachineNic = z.infer<typeof nic>;

/** What only kvm-deploy itself uses is `internal`. */
export const machineOutputs = z.object({
  uuid: z.string().meta({ description: "UUID of the libvirt domain." }),
  macAddresses: z.array(z.string()).meta({ description: "One for each NIC, in their order." }),
  addresses: z.array(z.string()).meta({
    description: "The addresses that are known, those of IPv4 first, in the order of the NICs.",
  }),
  sshCommand: z.string().optional().meta({
    description:
      "Logs in as the account that was installed, and checks the host key. Undefined until an address is known.",
  }),
  knownHosts: z.string().meta({
    description: "Lines for a known_hosts file; empty when no host key was given.",
  }),
  volumePaths: z.record(z.string(), z.string()).meta({
    description: "Path of each disk's image on the host, by the volume's id.",
    internal: true,
  }),
  volumeFormats: z.record(z.string(), z.string()).meta({
    description: "Image format of each disk that is a volume, by the volume's id.",
    internal: true,
  }),
  consoleLogPath: z.string().meta({ description: "File on the host that the first serial port is written to." }),
  release: z.string().optional().meta({
    description: "The release that was installed, as its installer names itself. Undefined when nothing was installed.",
  }),
  login: z.string().optional().meta({
    description: "The account that the installation gave a key or password to.",
    internal: true,
  }),
  hostKeys: z.array(z.string()).meta({ description: "Public SSH host keys that were installed.", internal: true }),
  waitingForRestart: z.array(z.string()).meta({
    description: "Paths of the inputs whose change waits for the machine's next restart.",
  }),
});

export type MachineOutputs = OutputsOf<typeof machineOutputs>;
