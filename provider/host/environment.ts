import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { createHash, randomUUID } from "node:crypto";
import type { Folders } from "./index";

const systemConnection = "qemu:///system";

/** The connection of resources that name none. */
export function defaultConnection(): string {
  return process.env["KVM_DEPLOY_CONNECTION"] ?? systemConnection;
}

/** Of a new resource: nobody else ever has the same. */
export function newIdentity(): string {
  return randomUUID();
}

export function temporaryFolder(): string {
  return tmpdir();
}

/** Root's folders follow the file hierarchy standard, other users' the XDG base directories; hosts don't share any but downloads. */
export function foldersOf(connection: string): Folders {
  const { state, cache } = process.getuid?.() === 0 ? systemFolders : userFolders();
  const own = connection === systemConnection ? state : path.join(state, "hosts", shortHash(connection));
  return {
    isos: path.join(own, "isos"),
    consoles: path.join(own, "consoles"),
    ledger: path.join(own, "ledger"),
    downloads: path.join(cache, "downloads"),
  };
}

const systemFolders = { state: "/var/lib/kvm-deploy", cache: "/var/cache/kvm-deploy" };

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
