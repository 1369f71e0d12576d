import { z } from "zod";
import type { OutputsOf } from "../../../resource/outputs";
import * as scalar from "../../../values/scalars";
import { cpu, numa } from "./cpu";
import { boardDevices, peripherals } from "./devices";
import { cdrom, disk } from "./disk";
import { memoryBacking, memorySize } from "./memory";
import { nic } from "./nic";
import { overlay } from "./overlay";

/** Earlier releases wrote `none` for `installed`. */
const waitFor = z.preprocess(
  (value) => (value === "none" ? "installed" : value),
  z.enum(["nothing", "installed", "ssh"]),
);

/** The single fields; `machineInputs` also has the rules about several fields together. */
export const machineFields = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({
      description:
        "Name of the libvirt domain. Default: the resource's name. A machine is renamed while it is off. A rename of a running one is an error at preview, unless `allowRestart` is true.",
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
      .meta({ description: "Description of the machine. Default: none.", sets: "description" }),
    tags: z
      .array(z.string().trim().min(1))
      .default([])
      .meta({ description: "Your own labels, kept in libvirt's metadata.", sets: "metadata/kvm-deploy:tags" }),
    memory: memorySize.meta({ description: "Main memory.", sets: "currentMemory" }),
    maxMemory: memorySize.optional().meta({
      description: "Maximum of the memory while the machine runs, by its balloon driver. Default: that of `memory`.",
      sets: "memory",
    }),
    memoryBacking: memoryBacking.optional().meta({
      description: "The memory's pages on the host. Default: ordinary pages.",
      sets: "memoryBacking",
    }),
    vcpus: z
      .int()
      .min(1)
      .max(512)
      .default(1)
      .meta({ description: "Number of virtual CPUs.", sets: "vcpu/@current, vcpu" }),
    maxVcpus: z.int().min(1).max(512).optional().meta({
      description: "Maximum of the number of virtual CPUs while the machine runs. Default: that of `vcpus`.",
      sets: "vcpu",
    }),
    cpu: cpu.optional().meta({
      description:
        "Model, features and topology of the virtual CPUs. Default: like the host's with kvm, the hypervisor's choice with emulation.",
      sets: "cpu",
    }),
    numa: numa.optional().meta({ description: "NUMA nodes. Default: one.", sets: "cpu/numa, numatune" }),
    firmware: z.enum(["bios", "uefi"]).default("bios").meta({
      description:
        "Firmware of the machine. An installed system boots only with the firmware of its installation, so a change waits for the next installation (see `reinstall`). Without an `installer`, a change is in force at the next restart.",
      sets: "os/@firmware",
    }),
    secureBoot: z.boolean().default(false).meta({
      description:
        "Whether UEFI boots signed systems only. The keys are those of the distributions' signatures. A change waits as one of `firmware` does.",
      sets: "os/firmware/feature",
    }),
    ...boardDevices,
    disks: z
      .array(disk)
      .max(20, { error: "are too many: 20 at most" })
      .default([])
      .meta({ description: "Disks. The machine boots from the first one that can be booted.", sets: "devices/disk" }),
    cdroms: z.array(cdrom).max(6, { error: "are too many: 6 at most" }).default([]).meta({
      description: "CD-ROM drives, in addition to that of an installation.",
      sets: "devices/disk[@device='cdrom']",
    }),
    nics: z.array(nic).default([]).meta({ description: "Network interfaces.", sets: "devices/interface" }),
    ...peripherals,
    pciePorts: z.int().min(0).max(30).default(10).meta({
      description:
        "PCIe root ports. A disk, NIC or other virtio device takes one each. A running machine needs a free one for a new device.",
      sets: "devices/controller[@model='pcie-root-port']",
    }),
    xml: overlay.optional().meta({
      description:
        "Elements of libvirt's XML for settings without an own property. They are merged into the definition by their place.",
      sets: "domain",
    }),
    installer: scalar.absolutePath.optional().meta({
      description:
        "Id of an InstallerIso from which the new machine is installed. The disks to install on must be empty (see `overwrite`). A change waits for the next installation (see `reinstall`). Default: none; the machine boots from the first disk as it is.",
      sets: "devices/disk[@device='cdrom']",
    }),
    reinstall: z
      .string()
      .trim()
      .regex(/^\P{Cc}{1,200}$/u, { error: "must be one line of 1 to 200 characters, such as a date" })
      .optional()
      .meta({
        description:
          "Any text, such as a date. Another text installs the existing machine again: it is shut down, and its `installer` erases the disks that it installs on; the preview names them. All other disks stay, and so do its UUID, MAC addresses, addresses and host keys. The variables of its firmware and its TPM start empty. Without the text, or with the same one, the machine stays as it is. A new machine ignores it. Default: none.",
      }),
    overwrite: z.boolean().default(false).meta({
      description:
        "Whether an installation may erase disks with content, such as the disk of a replaced machine. Otherwise such a disk is an error at preview, and nothing is changed. `reinstall` may always erase disks that the machine had before.",
    }),
    wait: waitFor.default("installed").meta({
      description:
        "What `pulumi up` waits for: `ssh` for the SSH server after the start, with a check of its host key if that is known; `installed` for the end of an installation; `nothing` returns as soon as the installer runs. Then the guest is off after its installation, until the next `pulumi up` or `pulumi refresh` (also its preview) completes it: ejects the medium, deletes the ISO and starts the machine.",
    }),
    maxInstallations: z.int().min(1).optional().meta({
      description:
        "Maximum of the installations that run on the host at the same time, this one included, those of other programs, too. Further machines wait for their turn; one that waits for the same installers longer than its `installTimeout` is an error. Default: `kvm:maxInstallations` of the stack's configuration, else one for each of the host's processors and at most one for each 2 GiB of its memory.",
    }),
    installTimeout: scalar.duration
      .default("1h")
      .meta({ description: "Time limit of an installation. A longer one is an error." }),
    stallTimeout: scalar.duration.default("10m").meta({
      description:
        "Time limit for an installation without progress: no line in its log, no write to a disk, no traffic to the network. Then, and a minute after its console shows a question, an error says what the console shows.",
    }),
    sshTimeout: scalar.duration
      .default("10m")
      .meta({ description: "Time limit for the SSH server's answer. A longer wait is an error." }),
    running: z
      .union([z.boolean(), z.literal("leave")])
      .default(true)
      .meta({
        description:
          "Whether it runs: `true` starts it, `false` shuts it down, and a refresh shows a difference. `leave` starts a new machine, and later leaves it as it is.",
      }),
    allowRestart: z.boolean().default(false).meta({
      description:
        "Whether the machine may be restarted for changes that need a restart. Otherwise they are written to the definition, and wait for its next restart.",
    }),
    shutdownTimeout: scalar.duration.default("1m").meta({
      description:
        "Time limit for the guest to power off after the request. A machine to be deleted is then powered off.",
    }),
    forceOff: z.boolean().default(false).meta({
      description:
        "Whether a guest that doesn't power off in time is powered off at once, as by a power failure, also for a restart or when `running` becomes false. Otherwise that is an error, and it continues to run.",
    }),
    consoleLog: scalar.absolutePath.optional().meta({
      description:
        "File on the host for the output of the first serial port, the one of `virsh console`. Default: NAME.log in kvm-deploy's own directory.",
      sets: "devices/serial/log/@file",
    }),
    domainType: z.enum(["kvm", "qemu"]).optional().meta({
      description:
        "Hardware virtualisation (kvm) or emulation (qemu). Default: kvm if the host's CPU has it, else qemu.",
      sets: "domain/@type",
    }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
    adopt: scalar.adopt,
    deleteAdopted: scalar.deleteAdopted,
  })
  .meta({ description: "A virtual machine: a libvirt domain, installed from an InstallerIso when it is created." });

export type MachineInputs = z.infer<typeof machineFields>;
export type MachineDisk = z.infer<typeof disk>;
export type MachineCdrom = z.infer<typeof cdrom>;
export type MachineNic = z.infer<typeof nic>;

/** `internal` fields are used only by kvm-deploy itself. */
export const machineOutputs = z.object({
  uuid: z.string().meta({ description: "UUID of the libvirt domain." }),
  macAddresses: z.array(z.string()).meta({ description: "One for each NIC, in their order." }),
  addresses: z.array(z.string()).meta({
    description: "The known addresses, those of IPv4 first, in the order of the NICs.",
  }),
  sshCommand: z.string().optional().meta({
    description:
      "Command that logs in as the installed account and checks the host key. Undefined until an address is known, during an installation, and if no account can log in by SSH (a password of root is not enough).",
  }),
  ansibleInventory: z.string().optional().meta({
    description:
      "Ansible inventory of this machine, in YAML, with the installed account and the host key: write it to a file for `ansible-playbook -i`. Undefined when `sshCommand` is.",
  }),
  knownHosts: z.string().meta({
    description: "Lines for a known_hosts file; empty if the machine makes its own host keys.",
  }),
  volumePaths: z.record(z.string(), z.string()).meta({
    description: "Path of each disk's image on the host, by the volume's id.",
    internal: true,
  }),
  volumeFormats: z.record(z.string(), z.string()).meta({
    description: "Image format of each volume among the disks, by the volume's id.",
    internal: true,
  }),
  consoleLogPath: z.string().meta({ description: "File on the host with the output of the first serial port." }),
  release: z.string().optional().meta({
    description: "The release that was installed, as named by its installer. Undefined if nothing was installed.",
  }),
  installation: z.enum(["installing", "failed", "complete"]).optional().meta({
    description:
      "State of the machine's installation: `installing`, `failed` or `complete`. Undefined if it was not installed by kvm-deploy.",
  }),
  login: z.string().optional().meta({
    description: "The account that can log in by SSH since the installation.",
    internal: true,
  }),
  hostKeys: z.array(z.string()).meta({ description: "The installed public SSH host keys.", internal: true }),
  waitingForRestart: z.array(z.string()).meta({
    description: "Paths of the changed inputs that wait for the machine's next restart.",
  }),
});

export type MachineOutputs = OutputsOf<typeof machineOutputs>;
