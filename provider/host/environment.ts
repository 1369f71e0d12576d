import { createHash, randomBytes, randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { canonicalConnection, isSystemConnection } from "../values/connection";

/** Where kvm-deploy keeps things on the host. */
export interface Folders {
  /** Installer ISOs that carry answers (mode 0700). */
  readonly isos: string;
  /** Logs of the machines' serial ports. */
  readonly consoles: string;
  /** Downloads, by SHA-256; may be deleted at any time. */
  readonly downloads: string;
  /** Who made the volumes and pools: libvirt keeps no metadata of them. */
  readonly ledger: string;
  /** Who works on what at this moment. */
  readonly locks: string;
}

const systemConnection = "qemu:///system";

/** The connection of resources that name none. */
export function defaultConnection(): string {
  return process.env["KVM_DEPLOY_CONNECTION"] ?? systemConnection;
}

/** Of a new resource: nobody else ever has the same. */
export function newIdentity(): string {
  return randomUUID();
}

/** What nobody can guess. */
export function newSecret(): string {
  return randomBytes(32).toString("hex");
}

/** The same for all spellings of a connection: by it, a host has its folders and its locks. */
export function canonical(connection: string): string {
  return canonicalConnection(connection, { isRoot: isRoot(), resolve: withoutLinks });
}

/** What is there of the path may have links, and the rest isn't there: a daemon that doesn't run has no socket. */
function withoutLinks(file: string): string {
  const plain = path.resolve(file);
  try {
    return realpathSync(plain);
  } catch {
    return plain === "/" ? plain : path.join(withoutLinks(path.dirname(plain)), path.basename(plain));
  }
}

/** Where what lies there vanishes with the power, if the host has such a place for this user: secrets lie in it for a while. */
export function temporaryFolder(): string {
  if (isRoot()) return "/run/kvm-deploy/tmp";
  const { XDG_RUNTIME_DIR } = process.env;
  return XDG_RUNTIME_DIR === undefined ? tmpdir() : path.join(XDG_RUNTIME_DIR, "kvm-deploy");
}

/**
 * What belongs to a system's daemon lies in one place for all users, by the file hierarchy standard: two ledgers of one
 * host would each call foreign what the other knows. What is a user's own follows the XDG base directories. Hosts don't
 * share any but downloads.
 * @param connection in any spelling
 */
export function foldersOf(connection: string): Folders {
  const known = canonical(connection);
  const root = isSystemConnection(known) ? systemState : userFolders().state;
  const own = known === systemConnection ? root : path.join(root, "hosts", shortHash(known));
  return {
    isos: path.join(own, "isos"),
    consoles: path.join(own, "consoles"),
    ledger: path.join(own, "ledger"),
    locks: path.join(own, "locks"),
    downloads: path.join(isRoot() ? systemCache : userFolders().cache, "downloads"),
  };
}

const systemState = "/var/lib/kvm-deploy";
const systemCache = "/var/cache/kvm-deploy";

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function userFolders() {
  const { XDG_STATE_HOME, XDG_CACHE_HOME } = process.env;
  return {
    state: path.join(XDG_STATE_HOME ?? path.join(homedir(), ".local/state"), "kvm-deploy"),
    cache: path.join(XDG_CACHE_HOME ?? path.join(homedir(), ".cache"), "kvm-deploy"),
  };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
