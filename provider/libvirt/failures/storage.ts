import type { Meaning } from "./meaning";

const letQemuIn =
  "Allow the user that QEMU runs as to search every directory of the path (chmod o+x), or move the file to a storage pool";

export const storageFailures: readonly Meaning[] = [
  {
    pattern: /No space left on device|cannot allocate \d+ bytes in file/,
    code: "no-space",
    remedy: "Free space in the pool's file system, or use another pool",
  },
  {
    pattern: /(?:cannot extend|Failed to truncate) file '([^']*)': File too large/,
    code: "no-space",
    what: "$1 is larger than a file may be in the pool's file system",
    remedy: "Choose a smaller size, or another pool",
  },
  {
    pattern: /Can't shrink capacity below current capacity/,
    code: "invalid-input",
    what: "the size is smaller than the volume's current size, and shrinking would truncate its content",
    remedy: "Keep the current size, or create a new volume and copy the content inside the guest",
  },
  {
    pattern: /unable to execute QEMU command 'block_resize': Device '[^']*' is in use/,
    code: "conflict",
    what: "the disk can't grow while a copy of it, or a merge of its snapshots, runs",
    remedy: "Wait until that is done (virsh blockjob MACHINE DISK --info), then run `pulumi up` again",
  },
  {
    pattern: /cannot create path '([^']*)': Not a directory/,
    code: "conflict",
    what: "$1 is a file, but a directory is to be created there or below it",
    remedy: "Choose another path, or move the file away",
  },
  {
    pattern: /pool '([^']*)' has asynchronous jobs running/,
    code: "conflict",
    what: 'storage pool "$1" is busy: a volume is being created or copied in it',
    remedy: "Wait until that is done, then run `pulumi up` again",
  },
  {
    pattern: /is still being allocated|volume .* is still in use/,
    code: "conflict",
    remedy: "Another program is filling the volume: wait until that is done, then run `pulumi up` again",
  },
  {
    pattern: /Storage source conflict with pool: '([^']*)'/,
    code: "conflict",
    what: 'the directory or device belongs to the storage pool "$1"',
    remedy: "Use that pool, or choose another directory or device",
  },
  {
    pattern: /missing backend for pool type \d+ \(([^)]*)\)/,
    code: "unsupported",
    what: "the host's libvirt has no driver for pools of type $1",
    remedy: "Install it (Debian: apt-get install libvirt-daemon-driver-storage-$1), and restart libvirtd",
  },
  {
    pattern: /cannot execute binary (\S+): No such file or directory/,
    code: "unsupported",
    what: "the host has no $1, which libvirt needs for this",
    remedy: "Install it (Debian: lvm2 for logical, nfs-common for netfs, open-iscsi for iscsi pools)",
  },
  {
    pattern: /\(\S*\/mount [^)]*\) unexpected exit status \d+: (.*)/,
    code: "unreachable",
    what: "the pool's source could not be mounted ($1)",
    remedy: "Check that the host reaches its server and path, and that the target directory exists",
  },
  {
    pattern: /inaccessible backing store volume (\S+): No such file or directory/,
    code: "not-found",
    what: "the backing file $1 does not exist",
    remedy: "Create it, or correct the path",
  },
  {
    pattern: /storage pool '([^']*)' is not active/,
    code: "not-found",
    what: 'storage pool "$1" is not active',
    remedy: "Start it: virsh pool-start $1",
  },
  {
    pattern: /storage pool '([^']*)' is still active/,
    code: "conflict",
    what: 'storage pool "$1" is still active',
    remedy: "Stop it first: virsh pool-destroy $1 (its volumes stay)",
  },
  {
    pattern: /Storage pool not found: .* '([^']*)'/,
    code: "not-found",
    what: 'the host has no storage pool "$1"',
    remedy: "Create it, or correct the name",
  },
  {
    pattern: /Storage volume not found: .* '([^']*)'/,
    code: "not-found",
    what: 'the storage pool has no volume "$1"',
    remedy: "Create it, or correct the name; if another program deleted it, run `pulumi refresh`",
  },
  {
    pattern: /volume name '([^']*)' cannot contain '\/'/,
    code: "invalid-input",
    what: 'the volume\'s name "$1" contains a slash',
    remedy: "Choose a name without a slash",
  },
  {
    pattern: /Cannot access (?:storage|backing) file '([^']*)'.*: No such file or directory/,
    code: "not-found",
    what: "the disk image $1 does not exist",
    remedy: "Create it, or correct the path",
  },
  { pattern: /Cannot access (?:storage|backing) file '[^']*' \(as uid/, code: "forbidden", remedy: letQemuIn },
  {
    pattern: /Could not open '([^']*)': Permission denied/,
    code: "forbidden",
    what: "QEMU may not open $1",
    remedy: letQemuIn,
  },
  {
    pattern: /Image is not in (\S+) format/,
    code: "invalid-input",
    what: "a disk image is not in the format $1 that is set for it",
    remedy: "Set the format that it has (qemu-img info FILE)",
  },
  {
    pattern: /Failed to get (?:shared )?"write" lock[^]*using the image \[([^\]]*)\]/,
    code: "conflict",
    what: "the disk image $1 is in use by another process",
    remedy: "Stop the machine that uses it",
  },
  {
    pattern: /Failed to get (?:shared )?"write" lock/,
    code: "conflict",
    what: "the disk image is in use by another process",
    remedy: "Stop the machine that uses it",
  },
];
