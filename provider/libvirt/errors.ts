import { CommandFailed, type ErrorCode, KvmError } from "../errors";

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What happened, where libvirt's own words don't say it plainly. */
  readonly what?: string;
  readonly remedy: string;
}

/**
 * libvirt's failures that a user can do something about, by their untranslated text (virsh prints no error numbers).
 * The first that fits is taken.
 */
const meanings: readonly Meaning[] = [
  {
    pattern: /Failed to connect socket to '([^']*)': (No such file or directory|Connection refused)/,
    code: "unreachable",
    what: "libvirt does not answer at $1",
    remedy: "Start it (systemctl start libvirtd, or virtqemud and its companions), or correct the connection URI",
  },
  {
    pattern:
      /Failed to connect socket to '([^']*)': Permission denied|authentication unavailable|authentication failed/,
    code: "forbidden",
    what: "this user may not use libvirt",
    remedy: "Run as root, or join the group libvirt (usermod -aG libvirt USER) and log in again",
  },
  {
    pattern: /unexpected \S+ URI path|no connection driver available/,
    code: "unreachable",
    remedy: 'Correct the connection URI, for example to "qemu:///system"',
  },
  {
    pattern: /Cannot recv data|Failed to connect/,
    code: "unreachable",
    remedy: "Check that libvirtd runs, and the connection URI",
  },
  {
    pattern: /No space left on device|cannot allocate \d+ bytes in file/,
    code: "no-space",
    remedy: "Free space in the pool's file system, or use another pool",
  },
  {
    pattern: /cannot set up guest memory|Cannot allocate memory/,
    code: "no-space",
    remedy: "Give the machine less memory, or stop another one",
  },
  {
    pattern: /Cannot access (storage|backing) file '[^']*' \(as uid/,
    code: "forbidden",
    remedy:
      "Let the user that QEMU runs as search every folder of the path (chmod o+x), or move the file to a storage pool",
  },
  {
    pattern: /Network is already in use by interface (\S+)/,
    code: "conflict",
    what: "the subnet is in use by the interface $1",
    remedy: "Choose another subnet",
  },
  {
    pattern: /bridge name '([^']*)' already in use|error creating bridge interface (\S+): File exists/,
    code: "conflict",
    remedy: "Choose another bridge name",
  },
  {
    pattern: /already exists|exists already/,
    code: "conflict",
    remedy: "Choose another name, or remove the existing one",
  },
  {
    pattern: /network '([^']*)' is not active/,
    code: "not-found",
    remedy: "Start the network (virsh net-start NAME)",
  },
  {
    pattern: /invalid argument: could not get preferred machine|KVM is not available|could not access KVM/i,
    code: "unsupported",
    remedy: 'Set domainType to "qemu", or turn on hardware virtualisation in the host\'s firmware',
  },
  {
    pattern: /failed to find romfile|Unable to find .*firmware/,
    code: "unsupported",
    remedy: "Install UEFI firmware on the host (Debian: apt-get install ovmf)",
  },
  {
    pattern: /Failed to get "write" lock|Failed to get shared "write" lock/,
    code: "conflict",
    what: "the disk image is in use by another process",
    remedy: "Stop the machine that uses it",
  },
  {
    pattern: /failed to validate against schema|XML error|unsupported configuration/,
    code: "invalid-input",
    remedy: "Correct the property that libvirt names",
  },
];

/** A failed virsh call in the user's terms; what isn't in the table keeps virsh's own words. */
export function explainVirsh(failure: unknown): unknown {
  if (!(failure instanceof CommandFailed)) return failure;
  const { stderr } = failure.failure;
  for (const { pattern, code, what, remedy } of meanings) {
    const match = pattern.exec(stderr);
    if (match !== null) return new KvmError(code, fill(what, match) ?? virshWords(stderr), { remedy, cause: failure });
  }
  return failure;
}

function fill(what: string | undefined, match: RegExpExecArray): string | undefined {
  const groups: readonly (string | undefined)[] = match.slice(1);
  return what?.replace("$1", groups.find((group) => group !== undefined) ?? "");
}

/** The most telling line: the last `error:` line, which carries the cause. */
function virshWords(stderr: string): string {
  const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
  return `libvirt: ${(errors.at(-1) ?? stderr).replace("error: ", "").trim()}`;
}
