// Made by tools/generate.ts from the schemas in provider/; change those and run `npm run generate`.
import type * as pulumi from "@pulumi/pulumi";
import type { Size } from "../provider/libvirt/units";

export interface MachineArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt domain. Default: the resource's name.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Main memory.
   * Sets: memory
   * @example "20GiB"
   */
  readonly memory: pulumi.Input<Size>;
  /**
   * Number of virtual CPUs.
   * Sets: vcpu
   * @default 1
   */
  readonly vcpus?: pulumi.Input<number | undefined>;
  /**
   * Firmware that it boots with; uefi is without Secure Boot.
   * Sets: os/@firmware
   * @default "bios"
   */
  readonly firmware?: pulumi.Input<"bios" | "uefi" | undefined>;
  /**
   * Disks, the first of which it boots from.
   * Sets: devices/disk
   * @default []
   */
  readonly disks?: pulumi.Input<readonly pulumi.Input<MachineDiskArgs>[] | undefined>;
  /**
   * Network interfaces.
   * Sets: devices/interface
   * @default []
   */
  readonly nics?: pulumi.Input<readonly pulumi.Input<MachineNicArgs>[] | undefined>;
  /**
   * Id of an InstallerIso that the machine is installed from when it is made, onto its first disk. Default: none; the
   * first disk is booted as it is.
   * Sets: devices/disk[@device='cdrom']
   */
  readonly installer?: pulumi.Input<string | undefined>;
  /**
   * What `pulumi up` waits for after the start: nothing, or the SSH server (whose host key is checked where it is
   * known). An installation is always waited for.
   * @default "none"
   */
  readonly wait?: pulumi.Input<"none" | "ssh" | undefined>;
  /**
   * How long an installation may take before it is an error.
   * @default "1h"
   */
  readonly installTimeout?: pulumi.Input<string | undefined>;
  /**
   * How long the SSH server may take to answer before it is an error.
   * @default "10m"
   */
  readonly sshTimeout?: pulumi.Input<string | undefined>;
  /**
   * How long the guest may take to power off by itself when the machine is deleted; then it is powered off.
   * @default "1m"
   */
  readonly shutdownTimeout?: pulumi.Input<string | undefined>;
  /**
   * File on the host that the first serial port is written to. Default: NAME.log in kvm-deploy's own folder.
   * Sets: devices/serial/source/@path
   */
  readonly consoleLog?: pulumi.Input<string | undefined>;
  /**
   * Hardware virtualisation (kvm) or emulation (qemu). Default: kvm where the host's CPU has it, else qemu.
   * Sets: domain/@type
   */
  readonly domainType?: pulumi.Input<"kvm" | "qemu" | undefined>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
}

export interface MachineDiskArgs {
  /**
   * Id of a Volume, or `POOL/VOLUME` of one that exists.
   * Sets: disk/source/@file
   */
  readonly volume: pulumi.Input<string>;
  /**
   * How the guest sees the disk.
   * Sets: disk/target/@bus
   * @default "virtio"
   */
  readonly bus?: pulumi.Input<"virtio" | "sata" | "scsi" | undefined>;
  /**
   * Caching by the host. Default: the hypervisor's own choice; `unsafe` is fast and loses data when the host fails.
   * Sets: disk/driver/@cache
   */
  readonly cache?: pulumi.Input<"none" | "writethrough" | "writeback" | "directsync" | "unsafe" | undefined>;
}

export interface MachineNicArgs {
  /**
   * Name of the libvirt network that it is plugged into.
   * Sets: interface/source/@network
   */
  readonly network: pulumi.Input<string>;
  /**
   * Fixed IPv4 address: reserved by DHCP where the network has it, and where the machine is looked for. Default:
   * whatever DHCP gives.
   * Sets: network ip/dhcp/host
   */
  readonly address?: pulumi.Input<string | undefined>;
  /**
   * MAC address. Default: one derived from the machine and the network, the same after every replacement.
   * Sets: interface/mac/@address
   */
  readonly mac?: pulumi.Input<string | undefined>;
}

export interface NetworkArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt network. Default: the resource's name.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * How guests reach other networks: through the host's address (nat), not at all (isolated), routed by the host
   * (route), or as peers on a bridge that the host has (bridge).
   * Sets: forward/@mode
   * @default "nat"
   */
  readonly mode?: pulumi.Input<"nat" | "isolated" | "route" | "bridge" | undefined>;
  /**
   * IPv4 subnet in CIDR notation; required by nat and route. Without one, an isolated network has no address on the
   * host.
   * Sets: ip/@address, ip/@prefix
   */
  readonly subnet?: pulumi.Input<string | undefined>;
  /**
   * The host's own address in the subnet, which is the guests' gateway. Default: the subnet's first address.
   * Sets: ip/@address
   */
  readonly hostAddress?: pulumi.Input<string | undefined>;
  /**
   * DNS domain of the guests, answered by the network itself.
   * Sets: domain/@name
   */
  readonly domain?: pulumi.Input<string | undefined>;
  /**
   * Addresses by DHCP. Default: none are given out.
   * Sets: ip/dhcp
   */
  readonly dhcp?: pulumi.Input<NetworkDhcpArgs | undefined>;
  /**
   * Name of the bridge: with mode bridge the host's own, which must exist; else of the one that libvirt makes
   * (default: its next free virbrN).
   * Sets: bridge/@name
   */
  readonly bridge?: pulumi.Input<string | undefined>;
  /**
   * Device of the host that traffic leaves by, for nat and route. Default: whatever the host's routes say.
   * Sets: forward/@dev
   */
  readonly device?: pulumi.Input<string | undefined>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
}

export interface NetworkDhcpArgs {
  /**
   * First address of the range for guests without a fixed one.
   * Sets: dhcp/range/@start
   */
  readonly start: pulumi.Input<string>;
  /**
   * Last address of that range.
   * Sets: dhcp/range/@end
   */
  readonly end: pulumi.Input<string>;
  /**
   * Guests with a fixed address.
   * Sets: dhcp/host
   * @default []
   */
  readonly hosts?: pulumi.Input<readonly pulumi.Input<NetworkDhcpHostArgs>[] | undefined>;
}

export interface NetworkDhcpHostArgs {
  /**
   * MAC address of the guest's network interface.
   * Sets: dhcp/host/@mac
   */
  readonly mac: pulumi.Input<string>;
  /**
   * The address that this guest always gets.
   * Sets: dhcp/host/@ip
   */
  readonly address: pulumi.Input<string>;
  /**
   * Host name that the guest is told and that DNS answers.
   * Sets: dhcp/host/@name
   */
  readonly name?: pulumi.Input<string | undefined>;
}

export interface StoragePoolArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the libvirt storage pool. Default: the resource's name.
   * Sets: name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Folder on the host that holds the volumes; made where it is missing.
   * Sets: target/path
   */
  readonly path: pulumi.Input<string>;
  /**
   * Whether it starts with the host.
   * Sets: autostart
   * @default true
   */
  readonly autostart?: pulumi.Input<boolean | undefined>;
}

export interface VolumeArgs {
  /**
   * libvirt connection URI of the KVM host. Default: kvm:connection of the stack's configuration, else the
   * environment's KVM_DEPLOY_CONNECTION, else qemu:///system.
   * Sets: virsh --connect
   */
  readonly connection?: pulumi.Input<string | undefined>;
  /**
   * Name of the volume in its pool. Default: the resource's name.
   * Sets: volume/name
   */
  readonly name?: pulumi.Input<string | undefined>;
  /**
   * Name of the storage pool that holds it.
   * Sets: vol-create --pool
   * @default "default"
   */
  readonly pool?: pulumi.Input<string | undefined>;
  /**
   * Image format; both take up only as much space as is written to them.
   * Sets: volume/target/format/@type
   * @default "qcow2"
   */
  readonly format?: pulumi.Input<"qcow2" | "raw" | undefined>;
  /**
   * What the guest sees as the disk's size. It can grow, never shrink.
   * Sets: volume/capacity
   * @example "20GiB"
   */
  readonly size: pulumi.Input<Size>;
}
