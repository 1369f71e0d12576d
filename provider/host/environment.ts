import { createHash, randomBytes, randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { canonicalConnection, isSystemConnection } from "../values/connection";

/** The directories of kvm-deploy on the host. */
export interface Directories {
  /** Installer ISOs with answers (mode 0700). */
  readonly isos: string;
  /** Logs of the machines' serial ports. */
  readonly consoles: string;
  /** Downloads, by SHA-256; they may be deleted at any time. */
  readonly downloads: string;
  /** Owners of volumes and pools: libvirt keeps no metadata of them. */
  readonly ledger: string;
  /** Locks, with their holders. */
  readonly locks: string;
}

const systemConnection = "qemu:///system";
const systemState = "/var/lib/kvm-deploy";
const systemCache = "/var/cache/kvm-deploy";

/** The connection of resources that name none. */
export function defaultConnection(): string {
  return process.env["KVM_DEPLOY_CONNECTION"] ?? systemConnection;
}

/** The identity of a new resource; no two are the same. */
export function newIdentity(): string {
  return randomUUID();
}

/** A random key. */
export function newSecret(): string {
  return randomBytes(32).toString("hex");
}

/** The same text for all spellings of a connection; it determines the directories and the locks of a host. */
export function canonical(connection: string): string {
  return canonicalConnection(connection, { isRoot: isRoot(), resolve: withoutLinks });
}

/**
 * Resolves links in the part of the path that exists. The rest may not exist: a daemon that doesn't run has no socket.
 */
function withoutLinks(file: string): string {
  const plain = path.resolve(file);
  try {
    return realpathSync(plain);
  } catch {
    return plain === "/" ? plain : path.join(withoutLinks(path.dirname(plain)), path.basename(plain));
  }
}

/** A directory in memory for secrets in temporary files, if the host has one for this user. */
export function temporaryDirectory(): string {
  if (isRoot()) return "/run/kvm-deploy/tmp";
  const { XDG_RUNTIME_DIR } = process.env;
  return XDG_RUNTIME_DIR === undefined ? tmpdir() : path.join(XDG_RUNTIME_DIR, "kvm-deploy");
}

/**
 * Data of a system's daemon is in one place for all users, by the file hierarchy standard: with two ledgers of one
 * host, each would refuse what the other one owns. Data of a user's own daemon follows the XDG base directories. Hosts
 * share only downloads.
 * @param connection in any spelling
 */
export function directoriesOf(connection: string): Directories {
  const known = canonical(connection);
  const root = isSystemConnection(known) ? systemState : userDirectories().state;
  const own = known === systemConnection ? root : path.join(root, "hosts", shortHash(known));
  return {
    isos: path.join(own, "isos"),
    consoles: path.join(own, "consoles"),
    ledger: path.join(own, "ledger"),
    locks: path.join(own, "locks"),
    downloads: ownDownloads(),
  };
}

/** Those of root on another machine, the same as root's there. */
export const remoteDirectories: Directories = {
  isos: `${systemState}/isos`,
  consoles: `${systemState}/consoles`,
  ledger: `${systemState}/ledger`,
  locks: `${systemState}/locks`,
  downloads: `${systemCache}/downloads`,
};
export const remoteTemporaryDirectory = "/run/kvm-deploy/tmp";

/** The downloads of this machine. */
export function ownDownloads(): string {
  return path.join(isRoot() ? systemCache : userDirectories().cache, "downloads");
}

/** Modules that Node has compiled; it may be deleted at any time. */
export function compiledDirectory(): string {
  return path.join(isRoot() ? systemCache : userDirectories().cache, "compiled");
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function userDirectories() {
  const { XDG_STATE_HOME, XDG_CACHE_HOME } = process.env;
  return {
    state: path.join(XDG_STATE_HOME ?? path.join(homedir(), ".local/state"), "kvm-deploy"),
    cache: path.join(XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "kvm-deploy"),
  };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
