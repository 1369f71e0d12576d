import type { Meaning } from "./meaning";

/** Failures of machines that are defined, started or undefined. */
export const machineFailures: readonly Meaning[] = [
  {
    pattern: /cannot set up guest memory|Cannot allocate memory/,
    code: "no-space",
    what: "the host does not have that much free memory",
    remedy: "Give the machine less memory, or stop another one",
  },
  {
    pattern: /hugetlbfs filesystem is not mounted/,
    code: "unsupported",
    what: "the host offers no huge pages",
    remedy: "Mount hugetlbfs there and reserve pages (sysctl vm.nr_hugepages=COUNT), or leave huge pages out",
  },
  {
    pattern: /could not get preferred machine|KVM is not available|could not access KVM/i,
    code: "unsupported",
    remedy: 'Set domainType to "qemu", or enable hardware virtualisation in the host\'s firmware',
  },
  {
    pattern: /spice graphics are not supported with this QEMU/,
    code: "unsupported",
    what: "the host's QEMU can't serve a screen by spice",
    remedy: "Install its part for that (Debian: apt-get install qemu-system-modules-spice), or use vnc",
  },
  {
    pattern: /Unable to find any firmware to satisfy 'bios'/,
    code: "invalid-input",
    what: "libvirt looks for a firmware file named bios, and there is none",
    remedy: "Leave the attribute firmware='bios' out: a machine without it has a BIOS",
  },
  {
    pattern: /failed to find romfile|Unable to find .*firmware/,
    code: "unsupported",
    remedy: "Install UEFI firmware on the host (Debian: apt-get install ovmf)",
  },
  {
    pattern: /TPM version '[^']*' is not supported|Unable to find 'swtpm/,
    code: "unsupported",
    what: "the host can't emulate this TPM",
    remedy: "Install swtpm there (Debian: apt-get install swtpm swtpm-tools), and restart libvirtd",
  },
  {
    pattern: /No emulator found for arch '([^']*)'/,
    code: "unsupported",
    what: "the host has no QEMU for the architecture $1",
    remedy: "Install it (Debian: qemu-system-x86, qemu-system-arm, …)",
  },
  {
    pattern: /Unknown CPU model (\S+)/,
    code: "invalid-input",
    what: 'QEMU knows no CPU model "$1"',
    remedy: "Choose one of `virsh cpu-models x86_64`",
  },
  {
    pattern: /Maximum CPUs greater than specified machine type limit (\d+)/,
    code: "invalid-input",
    what: "the machine type does not support so many CPUs",
    remedy: "Use up to $1",
  },
  {
    pattern: /target '([^']*)' duplicated/,
    code: "invalid-input",
    what: "two disks have the target $1",
    remedy: "Give each its own",
  },
  {
    pattern: /host doesn't support passthrough of host PCI devices/,
    code: "unsupported",
    what: "the host can't pass PCI devices through",
    remedy: "Enable the IOMMU in its firmware and kernel (intel_iommu=on or amd_iommu=on), and load vfio-pci",
  },
  {
    pattern: /cannot open directory '\/sys\/bus\/usb/,
    code: "unsupported",
    what: "the host has no USB devices to pass through",
    remedy: "Leave the device out, or attach it to the host",
  },
  {
    pattern: /Failed to bind socket: .*|Failed to find an available port: .*/,
    code: "conflict",
    what: "the display can't listen at its address and port",
    remedy: "Choose an address of the host, and a port that is free",
  },
  {
    pattern: /unable to stat: (.+): No such file or directory/,
    code: "not-found",
    what: "the file $1, which the machine names, does not exist",
    remedy: "Create it, or correct the path",
  },
  {
    pattern: /(?:Failed to create file '|Unable to open file: )([^']*?)'?: No such file or directory/,
    code: "not-found",
    what: "the directory of $1 does not exist",
    remedy: "Create it, or correct the path",
  },
  {
    pattern: /cannot open directory '([^']*)': No such file or directory/,
    code: "not-found",
    what: "the directory $1 does not exist",
    remedy: "Create it, or correct the path",
  },
  {
    pattern: /Device or resource busy/,
    code: "conflict",
    remedy: "Give each machine its own file or device, or stop the machine that has it",
  },
  {
    pattern: /cannot undefine domain with nvram/,
    code: "conflict",
    what: "the machine has UEFI variables that would be lost",
    remedy: "Remove them with it: virsh undefine NAME --nvram",
  },
  {
    pattern: /cannot delete inactive domain with (\d+) snapshots/,
    code: "conflict",
    what: "the machine has snapshots",
    remedy: "Delete them first (virsh snapshot-list NAME, virsh snapshot-delete NAME SNAPSHOT)",
  },
  {
    pattern: /Refusing to undefine while domain managed save image exists/,
    code: "conflict",
    what: "the machine is suspended to a file that would be lost",
    remedy: "Start it, or discard its state: virsh managedsave-remove NAME",
  },
  {
    pattern: /failed to get domain '([^']*)'|Domain not found: .* '([^']*)'/,
    code: "not-found",
    what: 'the host has no machine "$1"',
    remedy: "If another program deleted it, run `pulumi refresh`, then `pulumi up`",
  },
  {
    pattern: /(?:unexpectedly closed the monitor|process exited while connecting to monitor):?\s*([^]*)/,
    code: "command-failed",
    what: "QEMU ended at once: $1",
    remedy: "See its log on the host, /var/log/libvirt/qemu/NAME.log",
  },
];
