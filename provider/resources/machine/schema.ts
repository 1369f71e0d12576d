import { z } from "zod";
import * as scalar from "../../scalars";
import { machineRules } from "./rules";

const disk = z.strictObject({
  volume: scalar.volumeId.meta({
    description: "Id of a Volume, or `POOL/VOLUME` of one that exists.",
    sets: "disk/source/@file",
  }),
  bus: z
    .enum(["virtio", "sata", "scsi"])
    .default("virtio")
    .meta({ description: "How the guest sees the disk.", sets: "disk/target/@bus" }),
  cache: z.enum(["none", "writethrough", "writeback", "directsync", "unsafe"]).optional().meta({
    description:
      "Caching by the host. Default: the hypervisor's own choice; `unsafe` is fast and loses data when the host fails.",
    sets: "disk/driver/@cache",
  }),
});

const nic = z.strictObject({
  network: scalar.name.meta({
    description: "Name of the libvirt network that it is plugged into.",
    sets: "interface/source/@network",
  }),
  address: scalar.ipv4.optional().meta({
    description:
      "Fixed IPv4 address: reserved by DHCP where the network has it, and where the machine is looked for. Default: whatever DHCP gives.",
    sets: "network ip/dhcp/host",
  }),
  mac: scalar.macAddress.optional().meta({
    description:
      "MAC address. Default: one derived from the machine and the network, the same after every replacement.",
    sets: "interface/mac/@address",
  }),
});

export const machineInputs = z
  .strictObject({
    connection: scalar.connection,
    name: scalar.name.meta({ description: "Name of the libvirt domain. Default: the resource's name.", sets: "name" }),
    memory: scalar.size.meta({ description: "Main memory.", sets: "memory" }),
    vcpus: z.int().min(1).max(512).default(1).meta({ description: "Number of virtual CPUs.", sets: "vcpu" }),
    firmware: z.enum(["bios", "uefi"]).default("bios").meta({
      description: "Firmware that it boots with; uefi is without Secure Boot.",
      sets: "os/@firmware",
    }),
    disks: z
      .array(disk)
      .max(20, { error: "are too many: 20 at most" })
      .default([])
      .meta({ description: "Disks, the first of which it boots from.", sets: "devices/disk" }),
    nics: z.array(nic).default([]).meta({ description: "Network interfaces.", sets: "devices/interface" }),
    installer: scalar.absolutePath.optional().meta({
      description:
        "Id of an InstallerIso that the machine is installed from when it is made, onto its first disk. Default: none; the first disk is booted as it is.",
      sets: "devices/disk[@device='cdrom']",
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
    shutdownTimeout: scalar.duration.default("1m").meta({
      description:
        "How long the guest may take to power off by itself when the machine is deleted; then it is powered off.",
    }),
    consoleLog: scalar.absolutePath.optional().meta({
      description:
        "File on the host that the first serial port is written to. Default: NAME.log in kvm-deploy's own folder.",
      sets: "devices/serial/source/@path",
    }),
    domainType: z.enum(["kvm", "qemu"]).optional().meta({
      description:
        "Hardware virtualisation (kvm) or emulation (qemu). Default: kvm where the host's CPU has it, else qemu.",
      sets: "domain/@type",
    }),
    autostart: z.boolean().default(true).meta({ description: "Whether it starts with the host.", sets: "autostart" }),
  })
  .superRefine(machineRules);

export type MachineInputs = z.infer<typeof machineInputs>;
export type MachineDisk = z.infer<typeof disk>;
export type MachineNic = z.infer<typeof nic>;

export interface MachineOutputs {
  readonly uuid: string;
  /** One for each NIC, in their order. */
  readonly macAddresses: readonly string[];
  /** The IPv4 addresses that are known, in the order of the NICs. */
  readonly addresses: readonly string[];
  /** Logs in as the account that was installed, checking the host key; undefined until an address is known. */
  readonly sshCommand?: string | undefined;
  /** Lines for a known_hosts file; empty when no host key was given. */
  readonly knownHosts: string;
  /** Path of each disk's image on the host, by the volume's id. */
  readonly volumePaths: Readonly<Record<string, string>>;
  /** File on the host that the first serial port is written to. */
  readonly consoleLogPath: string;
  /** The release that was installed, as the installer names itself. */
  readonly release?: string | undefined;
  /** The account that the installation gave a key or password to. */
  readonly login?: string | undefined;
  /** Public SSH host keys that were installed. */
  readonly hostKeys: readonly string[];
}
